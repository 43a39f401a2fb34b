using Millrace.Kernel.Data;
using Millrace.Messaging.Campaigns.Audience;
using Millrace.Messaging.Design;
using Millrace.Messaging.Senders;
using Npgsql;

namespace Millrace.Messaging.Campaigns.Checks;

/// <summary>Somebody has to be meant, and those meant have to be there.</summary>
[CampaignCheck("audience.chosen", Title = "Audience", Order = 10)]
internal sealed class AudienceCheck(NpgsqlDataSource database, CampaignAudience audience) : CampaignCheck
{
    public override async Task<IReadOnlyList<CampaignFinding>> RunAsync(CampaignUnderCheck campaign, CancellationToken cancellationToken)
    {
        if (campaign.Campaign.ListIds.Length == 0)
        {
            return [new("no_list", FindingSeverity.Error, CampaignCard.Audience, "Choose at least one list to send to.")];
        }

        await using var work = await AccountTransaction.BeginAsync(database, campaign.AccountId, cancellationToken);
        return await audience.FindGoneAsync(work, campaign.AccountId, AudienceRule.Of(campaign.Campaign), cancellationToken) switch
        {
            "segment" => [new("segment_gone", FindingSeverity.Error, CampaignCard.Audience, "The segment of this campaign has been deleted. Choose another.")],
            "list" => [new("list_gone", FindingSeverity.Error, CampaignCard.Audience, "A list of this campaign has been deleted. Take it out.")],
            _ when campaign.Audience is { Reachable: 0 } && !campaign.Campaign.Recurs =>
                [new("nobody", FindingSeverity.Warning, CampaignCard.Audience, "Nobody would get this: no contact of the audience can be mailed at present.")],
            _ => Fine,
        };
    }
}

/// <summary>Mail comes from somebody, of a domain that may send it.</summary>
[CampaignCheck("from.sender", Title = "Sender", Order = 20)]
internal sealed class SenderCheck(NpgsqlDataSource database, SenderPolicy senders) : CampaignCheck
{
    public override async Task<IReadOnlyList<CampaignFinding>> RunAsync(CampaignUnderCheck campaign, CancellationToken cancellationToken)
    {
        var findings = new List<CampaignFinding>();
        await using var work = await AccountTransaction.BeginAsync(database, campaign.AccountId, cancellationToken);
        foreach (var variant in campaign.Variants)
        {
            if (!variant.SenderAddress.Contains('@', StringComparison.Ordinal))
            {
                findings.Add(new("no_from", FindingSeverity.Error, CampaignCard.From, "Say who the mail is from.", variant.No));
            }
            else if (await senders.FindProblemAsync(work.Transaction, campaign.AccountId, variant.Content.FromAddress, "/from", cancellationToken) is { } problem)
            {
                findings.Add(new(
                    SenderPolicy.Code, problem.IsWarning ? FindingSeverity.Warning : FindingSeverity.Error, CampaignCard.From, problem.Message, variant.No, variant.SenderAddress));
            }
        }

        return findings;
    }
}

/// <summary>A mail without a subject is no mail.</summary>
[CampaignCheck("subject.given", Title = "Subject", Order = 30)]
internal sealed class SubjectCheck : CampaignCheck
{
    public override Task<IReadOnlyList<CampaignFinding>> RunAsync(CampaignUnderCheck campaign, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<CampaignFinding>>(
    [
        .. campaign.Variants.Where(v => v.Content.Subject.Trim().Length == 0)
            .Select(v => new CampaignFinding("no_subject", FindingSeverity.Error, CampaignCard.Subject, "Write a subject.", v.No)),
        .. campaign.Variants.Where(v => v.Content.Preheader.Trim().Length == 0)
            .Select(v => new CampaignFinding("no_preheader", FindingSeverity.Note, CampaignCard.Subject, "Without a preheader, mailboxes show the first words of the mail beside the subject.", v.No)),
    ]);
}

/// <summary>There is something in the mail, and it can be made.</summary>
[CampaignCheck("content.sendable", Title = "Content", Order = 40)]
internal sealed class ContentCheck : CampaignCheck
{
    private static readonly string[] Elsewhere = ["/subject", "/from"];

    public override Task<IReadOnlyList<CampaignFinding>> RunAsync(CampaignUnderCheck campaign, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<CampaignFinding>>([.. campaign.Variants.SelectMany(Of)]);

    private static IEnumerable<CampaignFinding> Of(VariantUnderCheck variant)
    {
        if (variant.Content is { Design: null, Html.Length: 0, Text.Length: 0 })
        {
            yield return new("no_content", FindingSeverity.Error, CampaignCard.Content, "Design the mail.", variant.No);
            yield break;
        }

        foreach (var problem in variant.Problems.Where(p => p.Code != "required"))
        {
            var card = Elsewhere.Any(e => problem.Path.StartsWith(e, StringComparison.Ordinal)) || problem.Path is "/preheader" ? CampaignCard.Subject : CampaignCard.Content;
            yield return new(problem.Code, FindingSeverity.Error, card, problem.Message, variant.No, problem.Path);
        }
    }
}

/// <summary>The law asks for a way out and an address; where the mail has none, the footer brings them.</summary>
[CampaignCheck("content.footer", Title = "Unsubscribe link and address", Order = 50)]
internal sealed class FooterCheck : CampaignCheck
{
    public override Task<IReadOnlyList<CampaignFinding>> RunAsync(CampaignUnderCheck campaign, CancellationToken cancellationToken)
    {
        IEnumerable<CampaignFinding> findings = campaign.Variants.Where(v => v.Frozen is not null && !HasOwn(v)).Select(v => new CampaignFinding(
            "footer_added", FindingSeverity.Note, CampaignCard.Content, "The mail has no unsubscribe link or no postal address of its own, so a footer with both is added.", v.No));
        return Task.FromResult<IReadOnlyList<CampaignFinding>>([.. findings]);
    }

    private static bool HasOwn(VariantUnderCheck variant)
    {
        var body = variant.Content.Design is { } design ? DesignRenderer.Render(DesignJson.Read(design.GetRawText())).Html
            : variant.Content.Html.Length > 0 ? variant.Content.Html : variant.Content.Text;
        return body.Contains("%UNSUBSCRIBELINK", StringComparison.Ordinal) && body.Contains("%SENDER-INFO", StringComparison.Ordinal);
    }
}

/// <summary>A test needs something to compare; what recurs needs its occasion.</summary>
[CampaignCheck("when.settings", Title = "Settings of its type", Order = 60)]
internal sealed class TypeCheck : CampaignCheck
{
    public override Task<IReadOnlyList<CampaignFinding>> RunAsync(CampaignUnderCheck campaign, CancellationToken cancellationToken)
    {
        IReadOnlyList<CampaignFinding> findings = campaign.Campaign switch
        {
            { Type: CampaignType.Split } when campaign.Variants.Count < 2 =>
                [new("one_variant", FindingSeverity.Error, CampaignCard.Subject, "A split test needs at least two variants.")],
            { Type: CampaignType.Split } when campaign.Variants.DistinctBy(v => (v.Content.Subject, v.Content.Preheader, v.Content.FromName, v.Content.FromAddress, v.Content.Html, v.Content.Design?.GetRawText())).Count() < campaign.Variants.Count =>
                [new("equal_variants", FindingSeverity.Warning, CampaignCard.Subject, "Two variants are the same, so their comparison tells nothing.")],
            { Type: CampaignType.Date, Recurrence.FieldId: null } => [new("no_field", FindingSeverity.Error, CampaignCard.When, "Choose the date field that sets this campaign off.")],
            { Type: CampaignType.Rss, Recurrence.Url: null or "" } => [new("no_feed", FindingSeverity.Error, CampaignCard.When, "Give the address of the feed.")],
            _ => Fine,
        };
        return Task.FromResult(findings);
    }
}
