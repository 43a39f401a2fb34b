using System.Globalization;
using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;
using Millrace.Kernel.Security;

namespace Millrace.Messaging.Campaigns.Reports;

/// <summary>Which links of a campaign were followed.</summary>
[Report("campaign.links", Title = "Links", Subject = "campaign", Permission = Permission.ViewMessages, Order = 20, IsWhole = true,
    Description = "Which links were followed, by how many and how often.")]
internal sealed class CampaignLinksReport : Report
{
    public override async Task<ReportAnswer> ReadAsync(ReportQuestion question, CancellationToken cancellationToken)
    {
        var tally = await CampaignTally.ReadAsync(
            question.Work, question.AccountId, question.SubjectId, question.Counting, [.. CampaignFigures.Needs, "link", "link_clicks"], cancellationToken);
        var links = await ReportedLink.ListAsync(question.Work, question.AccountId, tally, cancellationToken);
        var opened = tally.Counted("opened");

        // The same address in two variants, or in two versions of one mail, is one link.
        var rows = links.GroupBy(l => l.Url, StringComparer.Ordinal)
            .Select(g => (Url: g.Key, Label: g.First().Label, Clicked: g.Sum(l => l.Clicked), Clicks: g.Sum(l => l.Clicks)))
            .OrderByDescending(l => l.Clicked).ThenBy(l => l.Url, StringComparer.Ordinal)
            .Select(l => new ReportRow(
                l.Url, l.Label.Length > 0 && l.Label != l.Url ? $"{l.Label} — {l.Url}" : l.Url, null,
                [l.Clicked, CampaignFigures.Rate(l.Clicked, opened), l.Clicks]))
            .ToList();
        var (clicked, clicks) = (tally.Counted("clicked"), tally.Counted("clicks"));
        return new ReportAnswer(
            [
                new("clicked", "Clicked", clicked, null), new("clicks", "Clicks in all", clicks, null),
                new("clicks_each", "Clicks for each who clicked", clicked == 0 ? null : Math.Round((decimal)clicks / clicked, 1), null),
                new("not_clicked", "Did not click", Math.Max(0, tally.Delivered() - clicked), null),
            ],
            "Link", [new("clicked", "Clicked"), new("rate", "Of those who opened", ReportUnit.Share), new("clicks", "Clicks")], rows,
            rows.Count == 0 ? null : new ReportChart(ReportChartKind.Bars, ["clicked"]), []);
    }
}

/// <summary>A link of one version of a message, with its sums.</summary>
internal sealed record ReportedLink(long MessageId, long VersionId, short No, string Url, string Label)
{
    public long Clicked { get; private set; }

    public long Clicks { get; private set; }

    /// <summary>All links of what was sent, followed or not.</summary>
    public static async Task<List<ReportedLink>> ListAsync(AccountTransaction work, long accountId, CampaignTally tally, CancellationToken cancellationToken)
    {
        var links = await Sql.Of($"""
            select v.message_id, l.message_version_id, l.no, l.url, l.label
            from messaging.message_version v join messaging.link l on l.account_id = v.account_id and l.message_version_id = v.id
            where v.account_id = {accountId} and v.message_id = any ({tally.Variants.Select(v => v.MessageId).ToArray()})
            order by v.message_id, l.message_version_id, l.no
            """).ListAsync<ReportedLink>(work, cancellationToken);
        var (people, times) = (ByLink(tally, "link"), ByLink(tally, "link_clicks"));
        foreach (var link in links)
        {
            var key = string.Create(CultureInfo.InvariantCulture, $"{link.VersionId}/{link.No}");
            (link.Clicked, link.Clicks) = (people.GetValueOrDefault(key), times.GetValueOrDefault(key));
        }

        return links;
    }

    private static Dictionary<string, long> ByLink(CampaignTally tally, string what) =>
        tally.PartsCounted(what).ToDictionary(p => p.Part, p => p.Total, StringComparer.Ordinal);
}
