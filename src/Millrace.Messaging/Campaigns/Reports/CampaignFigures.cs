using Millrace.Kernel.Extensibility;

namespace Millrace.Messaging.Campaigns.Reports;

/// <summary>The numbers every campaign is told by, defined once.</summary>
internal static class CampaignFigures
{
    public static readonly string[] Needs =
        ["sent", "refused", "bounced", "opened", "opens", "clicked", "clicks", "unsubscribed", "complained", "replied", "forwarded", "shared"];

    public static readonly string[] Notes =
    [
        "Opened, clicked and the rest count mails; opens and clicks count times. Rates are of the delivered: what was sent without what bounced.",
        "Opens of mailboxes that fetch everything for privacy (Apple's) tell little of whether somebody read. Machines are marked by who asks, from where, how soon after delivery, and by a link that no person sees.",
    ];

    public static IReadOnlyList<ReportFigure> Of(CampaignTally tally)
    {
        var (delivered, opened, clicked) = (tally.Delivered(), tally.Counted("opened"), tally.Counted("clicked"));
        return
        [
            new("sends", "Sent", tally.Sends(), null),
            new("delivered", "Delivered", delivered, null),
            new("opened", "Opened", opened, null),
            new("open_rate", "Open rate", Rate(opened, delivered), null, ReportUnit.Share, true),
            new("opens", "Opens in all", tally.Counted("opens"), null),
            new("clicked", "Clicked", clicked, null),
            new("click_rate", "Click rate", Rate(clicked, delivered), null, ReportUnit.Share, true),
            new("clicks", "Clicks in all", tally.Counted("clicks"), null),
            new("click_to_open", "Clicks of those who opened", Rate(clicked, opened), null, ReportUnit.Share, true),
            new("bounced", "Bounced", tally.Sum("bounced"), null),
            new("bounce_rate", "Bounce rate", Rate(tally.Sum("bounced"), tally.Sends()), null, ReportUnit.Share, false),
            new("unsubscribed", "Unsubscribed", tally.Sum("unsubscribed"), null),
            new("unsubscribe_rate", "Unsubscribe rate", Rate(tally.Sum("unsubscribed"), delivered), null, ReportUnit.Share, false),
            new("complained", "Complaints", tally.Sum("complained"), null),
            new("replied", "Replied", tally.Sum("replied"), null),
            new("forwarded", "Forwarded", tally.Sum("forwarded"), null),
            new("shared", "Shared", tally.Sum("shared"), null),
        ];
    }

    /// <summary>The same with the rates of other campaigns beside its own; numbers of mails are not compared, for audiences differ.</summary>
    public static IReadOnlyList<ReportFigure> Of(CampaignTally tally, CampaignTally? before)
    {
        var rates = before is null ? [] : Of(before).Where(f => f.Unit == ReportUnit.Share).ToDictionary(f => f.Key, f => f.Value, StringComparer.Ordinal);
        return [.. Of(tally).Select(f => f with { Before = rates.GetValueOrDefault(f.Key) })];
    }

    /// <returns>Null of none.</returns>
    public static decimal? Rate(long part, long of) => of == 0 ? null : (decimal)part / of;
}
