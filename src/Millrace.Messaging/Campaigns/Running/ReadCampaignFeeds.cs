using Microsoft.Extensions.Logging;
using Millrace.Accounts.Contracts;
using Millrace.Kernel.Extensibility;
using Millrace.Kernel.Data;
using Millrace.Kernel.Time;
using Millrace.Kernel.Workers;
using Npgsql;

namespace Millrace.Messaging.Campaigns.Running;

/// <summary>
/// Reads the feeds of campaigns that are switched on, one after the other and outside of any transaction; something new makes an issue. Apart from
/// <see cref="RunCampaigns"/>, so that a slow feed holds up no campaign.
/// </summary>
internal sealed partial class ReadCampaignFeeds(
    NpgsqlDataSource database, IFeeds feeds, IAccountSettings accounts, WorkSignal signal, TimeProvider clock, ILogger<ReadCampaignFeeds> logger) : IWorkerPass
{
    private static readonly TimeSpan AfterFailure = TimeSpan.FromMinutes(10);

    public async Task<int> RunOnceAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        Due? due;
        await using (var look = await AccountTransaction.ForAllAccountsAsync(database, cancellationToken))
        {
            due = await Sql.Of($"""
                select account_id, id, coalesce(recurrence ->> 'url', '') from messaging.campaign
                where work_at is not null and work_at <= {now} and work = 'recur' and type = 'rss' and status = 'sending' order by work_at limit 1
                """).FirstAsync<Due>(look, cancellationToken);
        }

        if (due is null)
        {
            return 0;
        }

        try
        {
            var feed = await feeds.ReadAsync(due.Url, cancellationToken);
            await MakeAsync(due, feed, now, cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException and not NpgsqlException { IsTransient: true })
        {
            LogFailed(e, due.Id, due.AccountId);
            await using var work = await AccountTransaction.BeginAsync(database, due.AccountId, cancellationToken);
            await Sql.Of($"update messaging.campaign set work_at = {now + AfterFailure} where account_id = {due.AccountId} and id = {due.Id} and work = 'recur'")
                .ExecuteAsync(work, cancellationToken);
            await work.CommitAsync(cancellationToken);
        }

        return 1;
    }

    private async Task MakeAsync(Due due, FeedReading feed, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, due.AccountId, cancellationToken);
        // Another process may have been faster, or a person.
        if (await Campaign.TryLockAsync(work.Transaction, due.AccountId, due.Id, cancellationToken)
            is not { Status: CampaignStatus.Sending, Work: CampaignWork.Recur, WorkAt: { } at } campaign || at > now)
        {
            return;
        }

        var zone = WallClock.Zone(campaign.Zone ?? (await accounts.GetAsync(campaign.AccountId, cancellationToken)).TimeZone);
        await FeedIssues.MakeAsync(work, campaign, feed, zone, now, cancellationToken);
        await Sql.Of($"""
            update messaging.campaign set work_at = {FeedTimes.Next(campaign.Recurrence!, zone, now)} where account_id = {campaign.AccountId} and id = {campaign.Id}
            """).ExecuteAsync(work, cancellationToken);
        await LiveChanges.TellAsync(work, campaign.AccountId, cancellationToken, LiveTopics.Campaigns);
        await work.CommitAsync(cancellationToken);
        signal.Pulse(nameof(RunCampaigns));
    }

    private sealed record Due(long AccountId, long Id, string Url);

    [LoggerMessage(Level = LogLevel.Error, Message = "The feed of campaign {CampaignId} of account {AccountId} could not be made into an issue")]
    private partial void LogFailed(Exception exception, long campaignId, long accountId);
}
