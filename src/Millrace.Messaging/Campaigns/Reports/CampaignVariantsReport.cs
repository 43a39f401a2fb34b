using System.Globalization;
using Millrace.Kernel.Extensibility;
using Millrace.Kernel.Security;

namespace Millrace.Messaging.Campaigns.Reports;

/// <summary>The variants of a campaign beside each other, and whether their difference is more than chance.</summary>
[Report("campaign.variants", Title = "Variants", Subject = "campaign", Permission = Permission.ViewMessages, Order = 30, IsWhole = true,
    Description = "How the variants did, and whether the difference is more than chance.")]
internal sealed class CampaignVariantsReport : Report
{
    private static readonly (string What, string Verb, string Noun)[] Measures = [("opened", "opened", "opens"), ("clicked", "clicked", "clicks")];

    public override async Task<ReportAnswer> ReadAsync(ReportQuestion question, CancellationToken cancellationToken)
    {
        var tally = await CampaignTally.ReadAsync(question.Work, question.AccountId, question.SubjectId, question.Counting, CampaignFigures.Needs, cancellationToken);
        var rows = tally.Variants.Select(v =>
        {
            var (delivered, opened, clicked) = (tally.Delivered(v.MessageId), tally.Counted("opened", v.MessageId), tally.Counted("clicked", v.MessageId));
            return new ReportRow(
                v.MessageId.ToString(CultureInfo.InvariantCulture), $"{Letter(v.No)}: {(v.Subject.Length > 0 ? v.Subject : "No subject")}", null,
                [
                    tally.Sends(v.MessageId), delivered, opened, CampaignFigures.Rate(opened, delivered), clicked, CampaignFigures.Rate(clicked, delivered),
                    CampaignFigures.Rate(clicked, opened), tally.Sum("bounced", v.MessageId), tally.Sum("unsubscribed", v.MessageId),
                ]);
        }).ToList();
        return new ReportAnswer(
            [], "Variant",
            [
                new("sends", "Sent"), new("delivered", "Delivered"), new("opened", "Opened"), new("open_rate", "Open rate", ReportUnit.Share),
                new("clicked", "Clicked"), new("click_rate", "Click rate", ReportUnit.Share), new("click_to_open", "Clicks of those who opened", ReportUnit.Share),
                new("bounced", "Bounced"), new("unsubscribed", "Unsubscribed"),
            ],
            rows, rows.Count < 2 ? null : new ReportChart(ReportChartKind.Bars, ["open_rate", "click_rate"]),
            rows.Count < 2 ? ["This campaign has one variant, so there is nothing to compare."] : [.. Measures.Select(m => Verdict(tally, m))]);
    }

    /// <summary>As variants are called wherever people see them.</summary>
    private static char Letter(int no) => (char)('A' + no - 1);

    /// <summary>The best against the next best, in words.</summary>
    private static string Verdict(CampaignTally tally, (string What, string Verb, string Noun) measure)
    {
        var ranked = tally.Variants.Select(v => (v.No, Hits: tally.Counted(measure.What, v.MessageId), Of: tally.Delivered(v.MessageId)))
            .Where(v => v.Of > 0).OrderByDescending(v => (double)v.Hits / v.Of).ThenBy(v => v.No).ToList();
        if (ranked.Count < 2)
        {
            return $"By {measure.Noun}: fewer than two variants have been delivered yet.";
        }

        var (best, next) = (ranked[0], ranked[1]);
        if (best.Hits == 0)
        {
            return $"By {measure.Noun}: nobody {measure.Verb} yet.";
        }

        if (Proportions.Chance(best.Hits, best.Of, next.Hits, next.Of) is not { } chance)
        {
            return $"By {measure.Noun}: too few mails to tell the variants apart; each needs at least {Proportions.Fewest} delivered.";
        }

        var lead = string.Create(
            CultureInfo.InvariantCulture,
            $"By {measure.Noun}: variant {Letter(best.No)} leads with {100.0 * best.Hits / best.Of:0.0}% against {100.0 * next.Hits / next.Of:0.0}% of variant {Letter(next.No)}");

        // Compared is the best of several with the next: with more variants a lead by chance is likelier, so each pair must show more (Bonferroni).
        var pairs = ranked.Count * (ranked.Count - 1) / 2;
        return (chance * pairs) switch
        {
            < 0.01 => $"{lead}. That this is chance is less likely than 1 in 100.",
            < 0.05 => $"{lead}. That this is chance is less likely than 1 in 20.",
            < 0.2 => $"{lead}. This may still be chance; a larger group would tell.",
            _ => $"{lead}. The difference may well be chance.",
        };
    }
}
