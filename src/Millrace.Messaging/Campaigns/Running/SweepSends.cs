using Microsoft.Extensions.Options;
using Millrace.Kernel.Data;
using Millrace.Messaging.Campaigns.Timing;

namespace Millrace.Messaging.Campaigns.Running;

/// <summary>
/// Goes once through the rows of a campaign whose state has changed, some thousands at a time, and brings them in line with it. What matters has happened before:
/// a claim and the hand-over ask for the state themselves.
/// </summary>
internal sealed class SweepSends(IOptions<CampaignOptions> options)
{
    public async Task RunAsync(AccountTransaction work, Campaign campaign, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var after = campaign.SweepCursor!.Value;
        var last = campaign.Status switch
        {
            CampaignStatus.Stopped => await CampaignSends.CancelAsync(work.Transaction, campaign, after, now, cancellationToken),
            _ when campaign is { WaitsForWinner: true, WinnerNo: not null } => await ReleaseAsync(work, campaign, after, now, cancellationToken),
            _ => await CampaignSends.WakeAsync(work.Transaction, campaign, after, now, cancellationToken),
        };
        if (last is not null)
        {
            await SetAsync(work, campaign, Sql.Of($"sweep_cursor = {last}"), cancellationToken);
        }
        else if (campaign is { Status: not CampaignStatus.Stopped, WaitsForWinner: true, WinnerNo: not null })
        {
            // Once more from the top: what was held by a pause meanwhile.
            await SetAsync(work, campaign, Sql.Of($"sweep_cursor = 0, waits_for_winner = false"), cancellationToken);
        }
        else
        {
            await SetAsync(work, campaign, Sql.Of($"sweep_cursor = null"), cancellationToken);
        }
    }

    private async Task<long?> ReleaseAsync(AccountTransaction work, Campaign campaign, long after, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var rows = await CampaignSends.WaitingAsync(work.Transaction, campaign, after, cancellationToken);
        if (rows.Count == 0)
        {
            return null;
        }

        var variants = await CampaignVariant.ListAsync(work.Transaction, campaign.AccountId, [campaign.Id], cancellationToken);
        var winner = variants.Find(v => v.No == campaign.WinnerNo) ?? variants[0];
        var times = new SendTimes(campaign, campaign.DecidedAt ?? now, options.Value.Exploration);
        await CampaignSends.ReleaseAsync(
            work.Transaction, campaign, winner, [.. rows.Where(r => r.Waits).Select(r => (r.SendId, times.Of(r.ContactId, r.TimeZone, r.BestHour)))], cancellationToken);
        return rows[^1].ContactId;
    }

    private static Task<int> SetAsync(AccountTransaction work, Campaign campaign, Sql changes, CancellationToken cancellationToken) =>
        Sql.Of($"update messaging.campaign set {changes} where account_id = {campaign.AccountId} and id = {campaign.Id}").ExecuteAsync(work, cancellationToken);
}
