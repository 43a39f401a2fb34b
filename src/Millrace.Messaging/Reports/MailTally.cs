using Millrace.Kernel.Extensibility;

namespace Millrace.Messaging.Reports;

/// <summary>What became of some mails, and its shares.</summary>
/// <param name="privacy">Opened means also by a mailbox alone that fetches everything for privacy.</param>
internal sealed class MailTally(bool privacy, IEnumerable<(string What, long Total)> counts)
{
    public const string Note = "Opens of mailboxes that fetch everything for privacy (Apple's) are counted unless you leave them out; opens and clicks of other machines as your settings for tracking say. Each mail counts once, however often it was opened. "
        + "Sent are those that were taken; bounced is the part of all that were tried.";

    private const string Privately = "opened_privately";

    public static readonly MailTally None = new(false, []);

    /// <summary>What has a share, and whether more of it is better.</summary>
    public static readonly (string What, string Title, bool MoreIsBetter)[] Rates =
        [("opened", "Opened", true), ("clicked", "Clicked", true), ("bounced", "Bounced", false), ("unsubscribed", "Unsubscribed", false)];

    private readonly Dictionary<string, long> _counts = counts.Where(c => privacy || c.What != Privately)
        .GroupBy(c => c.What == Privately ? "opened" : c.What, StringComparer.Ordinal)
        .ToDictionary(g => g.Key, g => g.Sum(c => c.Total), StringComparer.Ordinal);

    public long this[string what] => _counts.GetValueOrDefault(what);

    public static MailTally Sum(IEnumerable<MailTally> parts) => new(true, parts.SelectMany(p => p._counts.Select(c => (c.Key, c.Value))));

    /// <returns>Null of no mails.</returns>
    public decimal? Rate(string what)
    {
        var of = this["sent"] + (what == "bounced" ? this["bounced"] : 0);
        return of == 0 ? null : (decimal)this[what] / of;
    }

    public static IEnumerable<ReportFigure> Figures(MailTally now, MailTally? before) =>
    [
        new("sent", "Sent", now["sent"], before?["sent"]),
        .. Rates.Select(r => new ReportFigure(r.What, r.Title, now.Rate(r.What), before?.Rate(r.What), ReportUnit.Share, r.MoreIsBetter)),
    ];
}
