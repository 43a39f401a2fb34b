using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Extensibility;
using Millrace.Messaging.Campaigns.Audience;
using Millrace.Messaging.Messages;
using Millrace.Messaging.Sending;

namespace Millrace.Messaging.Campaigns.Checks;

/// <summary>Runs the catalogue of checks over a campaign.</summary>
internal sealed class CampaignChecks(Catalogue<CampaignCheck> checks, CampaignAudience audience, TagCatalogues catalogues, TimedLooks looks, TimeProvider clock)
{
    /// <summary>All that checks look at, read in one go.</summary>
    /// <param name="count">Count the audience too.</param>
    public async Task<CampaignUnderCheck> LoadAsync(AccountTransaction work, Campaign campaign, bool count, CancellationToken cancellationToken)
    {
        var variants = await CampaignVariant.ListAsync(work.Transaction, campaign.AccountId, [campaign.Id], cancellationToken);
        if (campaign.Type != CampaignType.Split)
        {
            variants = variants[..1];
        }

        var tags = await catalogues.LoadAsync(work.Transaction, campaign.AccountId, cancellationToken);
        var sender = await CompiledMessages.SenderAsync(work.Transaction, campaign.AccountId, cancellationToken);
        var loaded = new List<VariantUnderCheck>();
        foreach (var (variant, content, feeds) in await CampaignContent.LoadAsync(work.Transaction, campaign, variants, cancellationToken))
        {
            var (frozen, problems) = CampaignContent.TryCompile(content, tags, feeds);
            loaded.Add(new(variant.No, variant.MessageId, content, frozen, problems, content.FromAddress.Length > 0 ? content.FromAddress : sender.Email, feeds));
        }

        AudienceCount? counted = null;
        if (count && campaign.ListIds.Length > 0)
        {
            counted = await CountAsync(work, campaign, cancellationToken);
        }

        return new(campaign.AccountId, campaign, loaded, tags, counted, clock.GetUtcNow());
    }

    /// <param name="slow">Those too that ask the world.</param>
    public async Task<IReadOnlyList<(CampaignCheck Check, IReadOnlyList<CampaignFinding> Findings)>> RunAsync(
        CampaignUnderCheck campaign, bool slow, CancellationToken cancellationToken)
    {
        var results = new List<(CampaignCheck, IReadOnlyList<CampaignFinding>)>();
        foreach (var check in checks.All.Where(c => slow || !c.IsSlow).OrderBy(c => c.Order).ThenBy(c => c.Key, StringComparer.Ordinal))
        {
            results.Add((check, await check.RunAsync(campaign, cancellationToken)));
        }

        return results;
    }

    /// <exception cref="InvalidInputException">422 with every error that the checks find; warnings are the sender's own affair.</exception>
    public async Task RequireAsync(AccountTransaction work, Campaign campaign, CancellationToken cancellationToken)
    {
        var results = await RunAsync(await LoadAsync(work, campaign, count: false, cancellationToken), slow: false, cancellationToken);
        var errors = results.SelectMany(r => r.Findings).Where(f => f.Severity == FindingSeverity.Error)
            .Select(f => new FieldError("/" + EnumNames<CampaignCard>.NameOf(f.Card), f.Code, f.Message)).ToList();
        if (errors.Count > 0)
        {
            throw new InvalidInputException(errors);
        }
    }

    private async Task<AudienceCount?> CountAsync(AccountTransaction work, Campaign campaign, CancellationToken cancellationToken)
    {
        await Sql.Of($"savepoint counting").ExecuteAsync(work, cancellationToken);
        try
        {
            return await looks.QuestionAsync(
                work, "/segment_id", () => audience.CountAsync(work, campaign.AccountId, AudienceRule.Of(campaign), cancellationToken), cancellationToken);
        }
        catch (InvalidInputException)
        {
            // Too slow to be counted, or a segment that is gone; the audience's own check says so.
            await Sql.Of($"rollback to savepoint counting").ExecuteAsync(work, cancellationToken);
            return null;
        }
    }
}
