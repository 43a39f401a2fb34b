using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;
using Millrace.Messaging.Campaigns.Reports;

namespace Millrace.Messaging.Reports;

/// <summary>What happened with mails in a stretch of days, whenever they were sent, and the rates of it.</summary>
internal sealed class EventTally(IEnumerable<(string What, long Total)> counts)
{
    public static readonly EventTally None = new([]);

    /// <summary>Kinds of mail, for the filter.</summary>
    public static readonly ReportFilter Sources = new("source", "E-mails",
        [new("campaign", "Campaigns"), new("automation", "Automations"), new("personal", "1:1 e-mails"), new("transactional", "Transactional")]);

    public static readonly string[] Notes =
    [
        "Everything counts on the day it happened, by the account's clock: a mail sent in May and opened in June is an open of June.",
        "Sent is what was handed to delivery, taken or refused; delivered is that without what bounced on those days. Opened, clicked, replies and forwards count each mail once, on the day it happened first; in all counts every time.",
        "Rates are of the mails delivered in these days, the click-to-open rate of those opened; late opens of mails sent before can lift them.",
        "1:1 e-mails have no unsubscribe link, and of them only what people did is counted.",
    ];

    private readonly Dictionary<string, long> _counts = counts.GroupBy(c => c.What, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Sum(c => c.Total), StringComparer.Ordinal);

    public long this[string what] => what switch
    {
        "sends" => this["sent"] + this["refused"],
        "delivered" => Math.Max(0, this["sends"] - this["bounced"]),
        _ => _counts.GetValueOrDefault(what),
    };

    /// <returns>Null of none.</returns>
    public decimal? Rate(string what) => what switch
    {
        "open_rate" => Part("opened", "delivered"),
        "click_rate" => Part("clicked", "delivered"),
        "click_to_open" => Part("clicked", "opened"),
        "bounce_rate" => Part("bounced", "sends"),
        _ => Part("unsubscribed", "delivered"),
    };

    public static EventTally Sum(IEnumerable<EventTally> parts) => new(parts.SelectMany(p => p._counts.Select(c => (c.Key, c.Value))));

    public static async Task<Dictionary<DateOnly, EventTally>> ByDayAsync(ReportQuestion question, ReportPeriod period, CancellationToken cancellationToken)
    {
        var of = question.Chosen.GetValueOrDefault(Sources.Key) is { } source ? Sql.Of($"and source = {source}") : Sql.Empty;
        return (await Sql.Of($"""
            select day, what, sum(total)::bigint from messaging.event_tally
            where account_id = {question.AccountId} and message_id = 0 and day >= {period.First} and day <= {period.Last}
              and (ways = 0 or ways & {CampaignTally.WaysOf(question.Counting)} <> 0) {of}
            group by 1, 2
            """).ListAsync<Counted>(question.Work, cancellationToken))
            .GroupBy(c => period.PointOf(c.Day)).ToDictionary(g => g.Key, g => new EventTally(g.Select(c => (c.What, c.Total))));
    }

    private decimal? Part(string what, string of) => this[of] == 0 ? null : (decimal)this[what] / this[of];

    private sealed record Counted(DateOnly Day, string What, long Total);
}
