using System.Globalization;
using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;
using Millrace.Kernel.Security;
using Millrace.Messaging.Campaigns.Reports;

namespace Millrace.Messaging.Reports;

/// <summary>What happened with each mail of the account in a stretch of days, whenever it was sent.</summary>
[Report("mails.by_name", Title = "Mail by mail", Permission = Permission.ViewMessages, Order = 30,
    Description = "What happened on these days with each campaign and each mail of an automation.")]
internal sealed class MailsByNameReport : Report
{
    private const int Most = 200;

    private static readonly (string Key, string Title)[] Counts =
    [
        ("sends", "Sent"), ("delivered", "Delivered"), ("opened", "Opened"), ("opens", "Opens in all"), ("clicked", "Clicked"), ("clicks", "Clicks in all"), ("bounced", "Bounced"),
        ("unsubscribed", "Unsubscribed"), ("complained", "Complaints"), ("replied", "Replied"), ("forwarded", "Forwarded"),
    ];

    private static readonly (string Key, string Title)[] Rates =
        [("open_rate", "Open rate"), ("click_rate", "Click rate"), ("click_to_open", "Click-to-open rate"), ("bounce_rate", "Bounce rate"), ("unsubscribe_rate", "Unsubscribe rate")];

    public override IReadOnlyList<ReportFilter> Filters => [EventTally.Sources];

    public override async Task<ReportAnswer> ReadAsync(ReportQuestion question, CancellationToken cancellationToken)
    {
        var of = question.Chosen.GetValueOrDefault(EventTally.Sources.Key) is { } source ? Sql.Of($"and source = {source}") : Sql.Empty;
        var tallies = (await Sql.Of($"""
            select message_id, what, sum(total)::bigint from messaging.event_tally
            where account_id = {question.AccountId} and message_id > 0 and day >= {question.Period.First} and day <= {question.Period.Last}
              and (ways = 0 or ways & {CampaignTally.WaysOf(question.Counting)} <> 0) {of}
            group by 1, 2
            """).ListAsync<Counted>(question.Work, cancellationToken))
            .GroupBy(c => c.MessageId).Select(g => (Id: g.Key, Tally: new EventTally(g.Select(c => (c.What, c.Total)))))
            .OrderByDescending(m => m.Tally["sends"]).ThenByDescending(m => m.Tally["opens"]).ThenByDescending(m => m.Id).ToList();
        var shown = tallies.Take(Most).ToList();
        var names = (await Sql.Of($"""
            select m.id, coalesce(nullif(k.name, ''), nullif(m.name, ''), m.subject), m.subject from messaging.message m
            left join lateral (
                select c.name from messaging.campaign_variant v join messaging.campaign c on c.account_id = v.account_id and c.id = v.campaign_id
                where v.account_id = m.account_id and v.message_id = m.id limit 1) k on true
            where m.account_id = {question.AccountId} and m.id = any ({shown.Select(s => s.Id).ToArray()})
            """).ListAsync<Named>(question.Work, cancellationToken)).ToDictionary(n => n.Id);
        var rows = shown.Select(m => new ReportRow(
            m.Id.ToString(CultureInfo.InvariantCulture), names.GetValueOrDefault(m.Id)?.Title ?? "Deleted e-mail", null,
            [.. Counts.Select(c => (decimal?)m.Tally[c.Key]), .. Rates.Select(r => m.Tally.Rate(r.Key))])).ToList();
        return new ReportAnswer(
            [], "E-mail", [.. Counts.Select(c => new ReportColumn(c.Key, c.Title)), .. Rates.Select(r => new ReportColumn(r.Key, r.Title, ReportUnit.Share))], rows, null,
            tallies.Count > Most ? [$"The {Most} of which most was sent; there are {tallies.Count}."] : []);
    }

    private sealed record Counted(long MessageId, string What, long Total);

    private sealed record Named(long Id, string Name, string Subject)
    {
        public string Title => Subject.Trim().Length == 0 || Subject == Name ? Name : $"{Name}: {Subject}";
    }
}
