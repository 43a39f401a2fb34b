using Microsoft.Extensions.Options;
using Millrace.Accounts.Contracts;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Messaging.Campaigns.Audience;
using Millrace.Messaging.Campaigns.Timing;
using Millrace.Messaging.Contracts;
using Millrace.Messaging.Feeds;
using Millrace.Messaging.Messages;
using Millrace.Messaging.Senders;

namespace Millrace.Messaging.Campaigns.Running;

/// <summary>A campaign's moment has come: its content becomes an immutable version, or it is held and says why. Nothing goes out unasked that is an hour late.</summary>
internal sealed class StartCampaign(
    MessageFreezer freezer, CampaignAudience audience, ISendLimit limit, SenderPolicy senders, IAccountSettings accounts, IOptions<CampaignOptions> options)
{
    private static readonly TimeSpan AskLimitAgain = TimeSpan.FromMinutes(15);

    /// <param name="feeds">What the feeds in its mails show.</param>
    public async Task RunAsync(AccountTransaction work, Campaign campaign, CampaignFeeds.Taken feeds, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (campaign.Status is not (CampaignStatus.Scheduled or CampaignStatus.Held))
        {
            await Sql.Of($"update messaging.campaign set work = null, work_at = null where account_id = {campaign.AccountId} and id = {campaign.Id}")
                .ExecuteAsync(work, cancellationToken);
            return;
        }

        if (!campaign.MayBeLate && now - campaign.WorkAt > TimeSpan.FromMinutes(options.Value.LateMinutes))
        {
            await HoldAsync(work, campaign, "late", null, now, cancellationToken);
            return;
        }

        var rule = AudienceRule.Of(campaign);
        if (await audience.FindGoneAsync(work, campaign.AccountId, rule, cancellationToken) is { } gone)
        {
            await HoldAsync(work, campaign, gone + "_gone", null, now, cancellationToken);
            return;
        }

        if (!campaign.Recurs && await limit.RefusalAsync(
            work, campaign.AccountId, async () => (await audience.CountAsync(work, campaign.AccountId, rule, cancellationToken)).Reachable, cancellationToken) is { } refusal)
        {
            await HoldAsync(work, campaign, "limit: " + refusal, now + AskLimitAgain, now, cancellationToken);
            return;
        }

        if (feeds.Problem is { } problem)
        {
            await HoldAsync(work, campaign, "feed: " + problem, null, now, cancellationToken);
            return;
        }

        try
        {
            var variants = await CampaignContent.FreezeAsync(work.Transaction, campaign, freezer, cancellationToken, feeds.ByMessage);
            foreach (var (messageId, shown) in feeds.ByMessage)
            {
                await FeedSnapshots.NoteAsync(work, campaign.AccountId, messageId, shown, now, cancellationToken);
            }

            foreach (var (_, content, _) in await CampaignContent.LoadAsync(work.Transaction, campaign, variants, cancellationToken))
            {
                await senders.RequireAsync(work.Transaction, campaign.AccountId, content.FromAddress, "/from/address", cancellationToken);
            }
        }
        catch (InvalidInputException e)
        {
            await HoldAsync(work, campaign, "content: " + e.Errors[0].Message, null, now, cancellationToken);
            return;
        }

        await BeginAsync(work, campaign, now, cancellationToken);
    }

    private async Task BeginAsync(AccountTransaction work, Campaign campaign, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var zone = campaign.Zone ?? (await accounts.GetAsync(campaign.AccountId, cancellationToken)).TimeZone;
        await BestHours.WantAsync(work.Transaction, campaign.AccountId, now, cancellationToken);
        var next = campaign.Recurs ? CampaignWork.Recur : CampaignWork.Freeze;
        await Sql.Of($"""
            update messaging.campaign
            set status = 'sending', hold_reason = null, started_at = coalesce(started_at, {now}), zone = {zone}, work = {next}, work_at = {now}, cursor = 0, updated_at = {now},
                may_be_late = false
            where account_id = {campaign.AccountId} and id = {campaign.Id}
            """).ExecuteAsync(work, cancellationToken);
    }

    /// <param name="again">When it is tried again without anybody's doing; null: a person decides.</param>
    private static Task<int> HoldAsync(AccountTransaction work, Campaign campaign, string reason, DateTimeOffset? again, DateTimeOffset now, CancellationToken cancellationToken) => Sql.Of($"""
        update messaging.campaign
        set status = 'held', hold_reason = {StorableText.Cut(reason, 1_000)}, work = case when {again} is null then null else 'start' end, work_at = {again}, updated_at = {now},
            may_be_late = may_be_late or {again} is not null
        where account_id = {campaign.AccountId} and id = {campaign.Id}
        """).ExecuteAsync(work, cancellationToken);
}
