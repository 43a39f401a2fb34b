using Millrace.Kernel.Extensibility;
using Millrace.Kernel.Security;

namespace Millrace.Messaging.Campaigns.Reports;

/// <summary>Why mails of a campaign could not be delivered.</summary>
[Report("campaign.bounces", Title = "Bounces", Subject = "campaign", Permission = Permission.ViewMessages, Order = 40, IsWhole = true,
    Description = "Why mails could not be delivered.")]
internal sealed class CampaignBouncesReport : Report
{
    public override async Task<ReportAnswer> ReadAsync(ReportQuestion question, CancellationToken cancellationToken)
    {
        var tally = await CampaignTally.ReadAsync(question.Work, question.AccountId, question.SubjectId, question.Counting, ["sent", "refused", "bounced"], cancellationToken);
        var parts = tally.Parts("bounced").GroupBy(p => p.Part, StringComparer.Ordinal).Select(g => (Part: g.Key.Split('/', 2), Total: g.Sum(p => p.Total))).ToList();
        var rows = parts.OrderByDescending(p => p.Total).ThenBy(p => p.Part[^1], StringComparer.Ordinal)
            .Select(p => new ReportRow(string.Join('/', p.Part), $"{Words(p.Part[^1])} ({p.Part[0]})", null, [p.Total, CampaignFigures.Rate(p.Total, tally.Sends())])).ToList();
        long Of(string type) => parts.Where(p => p.Part[0] == type).Sum(p => p.Total);
        return new ReportAnswer(
            [
                new("bounced", "Bounced", tally.Sum("bounced"), null),
                new("bounce_rate", "Bounce rate", CampaignFigures.Rate(tally.Sum("bounced"), tally.Sends()), null, ReportUnit.Share, false),
                new("hard", "Hard: the address is bad", Of("hard"), null), new("soft", "Soft: may pass", Of("soft"), null), new("block", "Blocked", Of("block"), null),
            ],
            "Reason", [new("bounced", "Bounced"), new("rate", "Of sent", ReportUnit.Share)], rows,
            rows.Count == 0 ? null : new ReportChart(ReportChartKind.Bars, ["bounced"]), []);
    }

    private static string Words(string code) => code.Length == 0 ? "Unknown" : char.ToUpperInvariant(code[0]) + code[1..].Replace('_', ' ');
}
