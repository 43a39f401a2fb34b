using System.Text.Json;
using Microsoft.Extensions.Options;
using Millrace.Kernel.Data;
using Millrace.Kernel.Json;
using Millrace.Messaging.Campaigns.Audience;
using Millrace.Messaging.Campaigns.Timing;

namespace Millrace.Messaging.Campaigns.Running;

/// <summary>
/// Turns the next thousand of an audience into rows of the ledger: who, which variant, when. The cursor moves in the transaction of the rows; who may not be mailed
/// is counted by reason and gets none.
/// </summary>
internal sealed class FreezeAudience(CampaignAudience audience, IOptions<CampaignOptions> options)
{
    public async Task RunAsync(AccountTransaction work, Campaign campaign, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (last, chosen) = await audience.NextAsync(work.Transaction, campaign.AccountId, AudienceRule.Of(campaign), campaign.Cursor, cancellationToken);
        if (last is not { } cursor)
        {
            await EndAsync(work, campaign, now, cancellationToken);
            return;
        }

        var variants = await CampaignVariant.ListAsync(work.Transaction, campaign.AccountId, [campaign.Id], cancellationToken);
        var lots = new SplitLots(campaign, campaign.Type == CampaignType.Split ? variants : variants[..1]);
        var times = new SendTimes(campaign, campaign.StartedAt ?? now, options.Value.Exploration);
        var sends = chosen.Where(c => c.Reason is null).Select(c =>
        {
            var variant = lots.Of(c.ContactId);
            return new CampaignSend(c.ContactId, variant ?? variants[0], times.Of(c.ContactId, c.TimeZone, c.BestHour), Waits: variant is null);
        }).ToList();
        var queued = await CampaignSends.QueueAsync(work.Transaction, campaign, sends, now, cancellationToken);
        await Sql.Of($"""
            update messaging.campaign
            set cursor = {cursor}, chosen = chosen + {chosen.Count}, recipients = recipients + {queued}, left_out = {Added(campaign.LeftOut, chosen)},
                waits_for_winner = waits_for_winner or {sends.Exists(s => s.Waits)}
            where account_id = {campaign.AccountId} and id = {campaign.Id}
            """).ExecuteAsync(work, cancellationToken);
    }

    /// <summary>The counts by reason with those of a batch.</summary>
    public static JsonElement Added(JsonElement before, IEnumerable<ChosenContact> chosen)
    {
        var counts = before.Deserialize<SortedDictionary<string, long>>(AppJson.Options)!;
        foreach (var (reason, count) in chosen.Where(c => c.Reason is not null).CountBy(c => c.Reason!))
        {
            counts[reason] = counts.GetValueOrDefault(reason) + count;
        }

        return JsonSerializer.SerializeToElement(counts, AppJson.Options);
    }

    private static Task<int> EndAsync(AccountTransaction work, Campaign campaign, DateTimeOffset now, CancellationToken cancellationToken)
    {
        DateTimeOffset? decide = campaign.WaitsForWinner && campaign.Split is { Metric: not SplitMetric.Manual } split ? now.AddMinutes(split.WaitMinutes) : null;
        return Sql.Of($"""
            update messaging.campaign set frozen_at = {now}, work = 'watch', work_at = {now}, decide_at = {decide}
            where account_id = {campaign.AccountId} and id = {campaign.Id}
            """).ExecuteAsync(work, cancellationToken);
    }
}
