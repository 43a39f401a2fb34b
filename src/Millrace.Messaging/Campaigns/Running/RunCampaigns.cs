using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Millrace.Accounts.Contracts;
using Millrace.Kernel.Data;
using Millrace.Kernel.Workers;
using Millrace.Messaging.Sending;
using Npgsql;

namespace Millrace.Messaging.Campaigns.Running;

/// <summary>
/// Does what campaigns need next, a batch each: starts those whose time has come, freezes audiences, sends the winner to the rest, wakes or cancels what a pause
/// or a stop has left, asks recurring ones who is due, and closes those that are done. Each batch is a transaction that holds its campaign's row: state, cursor and
/// rows move together, so whoever goes on after a crash finds exactly what was done.
/// </summary>
internal sealed partial class RunCampaigns(
    NpgsqlDataSource database, CampaignFeeds feeds, StartCampaign start, FreezeAudience freeze, SweepSends sweep, RecurCampaign recur, WorkSignal signal,
    TimeProvider clock, ILogger<RunCampaigns> logger) : IWorkerPass
{
    private const int AtOnce = 50;

    /// <summary>Batches of one campaign before another has its turn.</summary>
    private const int Turn = 5;
    private static readonly TimeSpan AfterFailure = TimeSpan.FromMinutes(1);

    /// <summary>So long a start waits for what its mails show; a database answers within, a slow feed is waited for beside.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<(long AccountId, long Id), Task<CampaignFeeds.Taken>> _reading = new();

    /// <summary>Called before a batch commits. Tests cut the work off here.</summary>
    internal Func<Campaign, Task>? BeforeCommit { get; set; }

    public async Task<int> RunOnceAsync(CancellationToken cancellationToken)
    {
        var worked = 0;
        var read = _reading.Where(r => r.Value.IsCompleted).Select(r => r.Key).ToList();
        var found = await FindAsync(cancellationToken);

        // Whoever was stopped meanwhile shows its feeds anew when it starts once more.
        read.Except(found.Where(f => f.Starts).Select(f => (f.AccountId, f.Id))).ToList().ForEach(r => _reading.TryRemove(r, out _));
        foreach (var (accountId, id, starts) in found)
        {
            try
            {
                for (var turn = 0; turn < Turn && await StepAsync(accountId, id, starts && turn == 0, cancellationToken); turn++)
                {
                    worked++;
                }
            }
            catch (Exception e) when (e is not OperationCanceledException and not NpgsqlException { IsTransient: true })
            {
                // One campaign's fault holds up no other.
                LogFailed(e, id, accountId);
                await PutOffAsync(accountId, id, cancellationToken);
            }
        }

        if (worked > 0)
        {
            signal.Pulse(nameof(SendDue));
        }

        return worked;
    }

    private async Task<List<Found>> FindAsync(CancellationToken cancellationToken)
    {
        var waiting = _reading.Where(r => !r.Value.IsCompleted).Select(r => r.Key.Id).ToArray();
        await using var work = await AccountTransaction.ForAllAccountsAsync(database, cancellationToken);
        return await Sql.Of($"""
            select account_id, id, bool_or(starts) from (
                (select account_id, id, work_at as at, work = 'start' as starts from messaging.campaign
                 where work_at is not null and work_at <= {clock.GetUtcNow()} and (status <> 'paused' or work = 'watch') and not (type = 'rss' and work = 'recur')
                   and (work <> 'start' or id <> all ({waiting}))
                 order by work_at limit {AtOnce})
                union all
                (select account_id, id, null, false from messaging.campaign where sweep_cursor is not null and status <> 'paused' and (sweep_at is null or sweep_at <= {clock.GetUtcNow()}) limit {AtOnce})) k
            group by account_id, id order by min(at) nulls first limit {AtOnce}
            """).ListAsync<Found>(work, cancellationToken);
    }

    /// <returns>Whether there was something to do.</returns>
    private async Task<bool> StepAsync(long accountId, long id, bool starts, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var shown = CampaignFeeds.Nothing;
        if (starts)
        {
            if (await TakeAsync(accountId, id, now, cancellationToken) is not { } taken)
            {
                return false;
            }

            shown = taken;
        }

        await using var work = await AccountTransaction.BeginAsync(database, accountId, cancellationToken);
        // A frozen process must not hold a campaign for longer than this.
        await Sql.Of($"set local idle_in_transaction_session_timeout = '15s'").ExecuteAsync(work, cancellationToken);
        if (await Campaign.TryLockAsync(work.Transaction, accountId, id, cancellationToken) is not { } campaign)
        {
            return false;
        }

        if (campaign.SweepCursor is not null && campaign.Status != CampaignStatus.Paused && !(campaign.SweepAt > now))
        {
            await sweep.RunAsync(work, campaign, now, cancellationToken);
        }
        else if (campaign.WorkAt is { } at && at <= now && (campaign.Status != CampaignStatus.Paused || campaign.Work is CampaignWork.Watch) && !IsFeed(campaign))
        {
            await (campaign.Work switch
            {
                CampaignWork.Start => start.RunAsync(work, campaign, shown, now, cancellationToken),
                CampaignWork.Freeze => freeze.RunAsync(work, campaign, now, cancellationToken),
                CampaignWork.Recur => recur.RunAsync(work, campaign, now, cancellationToken),
                _ => WatchCampaign.RunAsync(work, campaign, now, cancellationToken),
            });
        }
        else
        {
            return false;
        }

        await LiveChanges.TellAsync(work, accountId, cancellationToken, LiveTopics.Campaigns);
        if (BeforeCommit is not null)
        {
            await BeforeCommit(campaign);
        }

        await work.CommitAsync(cancellationToken);
        return true;
    }

    /// <summary>What the feeds in its mails show. Null: they are still being read, beside this pass; it is called when they are there.</summary>
    private async Task<CampaignFeeds.Taken?> TakeAsync(long accountId, long id, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var reading = _reading.GetOrAdd((accountId, id), _ => Task.Run(() => feeds.TakeAsync(accountId, id, now, cancellationToken), cancellationToken));
        if (await Task.WhenAny(reading, Task.Delay(Grace, TimeProvider.System, cancellationToken)) != reading)
        {
            _ = reading.ContinueWith(_ => signal.Pulse(nameof(RunCampaigns)), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            return null;
        }

        _reading.TryRemove((accountId, id), out _);
        return await reading;
    }

    /// <summary>Those wait for the network, and have a pass of their own (<see cref="ReadCampaignFeeds"/>).</summary>
    private static bool IsFeed(Campaign campaign) => campaign is { Type: CampaignType.Rss, Work: CampaignWork.Recur };

    private async Task PutOffAsync(long accountId, long id, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, accountId, cancellationToken);
        await Sql.Of($"""
            update messaging.campaign set work = coalesce(work, 'watch'), work_at = {clock.GetUtcNow() + AfterFailure}, sweep_at = {clock.GetUtcNow() + AfterFailure}
            where account_id = {accountId} and id = {id}
            """).ExecuteAsync(work, cancellationToken);
        await work.CommitAsync(cancellationToken);
    }

    private sealed record Found(long AccountId, long Id, bool Starts);

    [LoggerMessage(Level = LogLevel.Error, Message = "Campaign {CampaignId} of account {AccountId} could not go on; it is tried again in a minute")]
    private partial void LogFailed(Exception exception, long campaignId, long accountId);
}

/// <summary>What is to be done next with a campaign.</summary>
internal static class CampaignWork
{
    public const string Start = "start";
    public const string Freeze = "freeze";
    public const string Watch = "watch";
    public const string Recur = "recur";
}
