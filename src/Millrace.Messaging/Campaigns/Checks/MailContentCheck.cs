using System.Globalization;
using Millrace.Messaging.Checks;
using Millrace.Messaging.Checks.Spam;

namespace Millrace.Messaging.Campaigns.Checks;

/// <summary>
/// All that the editor looks at in a mail (<see cref="Messaging.Checks.ContentCheck"/>), links, pictures and spam rules included, for each variant. Advisory there and
/// here: what the editor calls an error is a warning, and nothing is held back for it.
/// </summary>
[CampaignCheck("content.mail", Title = "Mail", Order = 70, IsSlow = true)]
internal sealed class MailContentCheck(ContentChecks checks, SpamChecker spam) : CampaignCheck
{
    /// <summary>Of one kind it is enough to name a few.</summary>
    private const int MostOfAKind = 5;

    public override async Task<IReadOnlyList<CampaignFinding>> RunAsync(CampaignUnderCheck campaign, CancellationToken cancellationToken)
    {
        var findings = new List<CampaignFinding>();
        foreach (var variant in campaign.Variants.Where(v => v.Frozen is not null))
        {
            using var content = await checks.LoadAsync(
                campaign.AccountId, variant.Content with { FromAddress = variant.SenderAddress }, cancellationToken, variant.Feeds);
            var (quick, slow, verdict) = (
                checks.RunAsync(content, slow: false, cancellationToken), checks.RunAsync(content, slow: true, cancellationToken), spam.CheckAsync(content, cancellationToken));
            var found = (await quick).Concat(await slow).SelectMany(r => r.Findings).ToList();
            findings.AddRange(found.GroupBy(f => f.Code, StringComparer.Ordinal).SelectMany(g => g.Take(MostOfAKind)).Select(f => Of(f, variant.No)));
            findings.AddRange(Of(await verdict, variant.No));
        }

        return findings;
    }

    private static CampaignFinding Of(ContentFinding found, short no) => new(
        found.Code, found.Severity == ContentSeverity.Note ? FindingSeverity.Note : FindingSeverity.Warning,
        found.Path is "/subject" or "/preheader" or "/from/name" ? CampaignCard.Subject : CampaignCard.Content, found.Message, no, found.Detail);

    private static IEnumerable<CampaignFinding> Of(SpamVerdict verdict, short no)
    {
        if (verdict.State == "failed")
        {
            yield return new(
                "spam_score", FindingSeverity.Warning, CampaignCard.Content,
                string.Create(CultureInfo.InvariantCulture, $"SpamAssassin gives the mail {verdict.Score} points; from {verdict.Threshold} on mailboxes take it for spam. The checks in the editor say what costs points."),
                no, string.Join(", ", verdict.Rules.Where(r => r.Points > 0).Take(MostOfAKind).Select(r => r.Rule)));
        }
        else if (verdict.State == "unavailable")
        {
            yield return new("spam_unknown", FindingSeverity.Note, CampaignCard.Content, $"The spam check gave no answer: {verdict.Message}", no);
        }
    }
}
