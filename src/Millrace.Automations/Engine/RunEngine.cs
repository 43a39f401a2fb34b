using Microsoft.Extensions.Logging;
using Millrace.Activities.Contracts;
using Millrace.Kernel.Data;
using Npgsql;

namespace Millrace.Automations.Engine;

/// <summary>
/// Moves everybody whose time has come through their automations. One transaction per batch; if it fails it is halved until the failing run
/// stands alone, and only that one is charged. After a crash runs are taken one by one until that is behind us.
/// </summary>
internal sealed partial class RunEngine([LoopsPool] NpgsqlDataSource database, RunBatch batch, IActivityLog log, TimeProvider clock, ILogger<RunEngine> logger) : IBucketPass
{
    private const int RetriesPerPass = 50;
    private readonly CarefulStart _careful = new();

    public async Task<int> RunOnceAsync(BucketSlice slice, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (_careful.AppliesTo(slice))
        {
            return await CarefullyAsync(slice, now, cancellationToken);
        }

        HashSet<RunKey> runs;
        List<Nudge> nudges;
        var retries = new List<RunKey>();
        try
        {
            await using var work = await AccountTransaction.ForAllAccountsAsync(database, cancellationToken);
            await slice.FenceAsync(work.Transaction, cancellationToken);
            (runs, nudges) = await RunStore.FindAsync(work.Transaction, slice, now, cancellationToken);
            if (runs.Count == 0)
            {
                return 0;
            }

            retries = await RunStore.FailedBeforeAsync(work.Transaction, runs, cancellationToken);
            runs.ExceptWith(retries);
            if (runs.Count > 0)
            {
                var mine = nudges.FindAll(n => runs.Contains(new RunKey(n.AccountId, n.RunId)));
                var appended = await batch.ExecuteAsync(work.Transaction, runs, mine, Shard(slice), now, cancellationToken);
                await work.CommitAsync(cancellationToken);
                Wake(appended);
            }
        }
        catch (Exception e) when (IsOfTheRuns(e))
        {
            (runs, nudges) = await FindAgainAsync(slice, now, cancellationToken);
            runs.ExceptWith(retries);
            await HalveAsync(slice, [.. runs], nudges, now, cancellationToken);
        }

        // What failed before could take a whole batch down again, so it goes alone.
        foreach (var retry in retries.Take(RetriesPerPass))
        {
            await AttemptAsync(slice, [retry], nudges, now, cancellationToken);
        }

        return runs.Count + retries.Count;
    }

    private async Task<(HashSet<RunKey> Runs, List<Nudge> Nudges)> FindAgainAsync(BucketSlice slice, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.ForAllAccountsAsync(database, cancellationToken);
        await slice.FenceAsync(work.Transaction, cancellationToken);
        return await RunStore.FindAsync(work.Transaction, slice, now, cancellationToken);
    }

    /// <summary>Both halves are tried; one that fails is halved again.</summary>
    private async Task HalveAsync(BucketSlice slice, RunKey[] runs, List<Nudge> nudges, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (runs.Length == 1)
        {
            await AttemptAsync(slice, runs, nudges, now, cancellationToken);
            return;
        }

        foreach (var half in new[] { runs[..(runs.Length / 2)], runs[(runs.Length / 2)..] })
        {
            if (half.Length > 0 && !await AttemptAsync(slice, half, nudges, now, cancellationToken) && half.Length > 1)
            {
                await HalveAsync(slice, half, nudges, now, cancellationToken);
            }
        }
    }

    /// <returns>False when the batch failed; a single run is charged then.</returns>
    private async Task<bool> AttemptAsync(BucketSlice slice, RunKey[] runs, List<Nudge> nudges, DateTimeOffset now, CancellationToken cancellationToken)
    {
        try
        {
            await using var work = await AccountTransaction.ForAllAccountsAsync(database, cancellationToken);
            await slice.FenceAsync(work.Transaction, cancellationToken);
            var mine = nudges.FindAll(n => runs.Contains(new RunKey(n.AccountId, n.RunId)));
            var appended = await batch.ExecuteAsync(work.Transaction, runs, mine, Shard(slice), now, cancellationToken);
            await work.CommitAsync(cancellationToken);
            Wake(appended);
            return true;
        }
        catch (Exception e) when (IsOfTheRuns(e))
        {
            if (runs is [var only])
            {
                await ChargeAsync(slice, only, e, now, cancellationToken);
            }

            return false;
        }
    }

    private async Task ChargeAsync(BucketSlice slice, RunKey run, Exception failure, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.ForAllAccountsAsync(database, cancellationToken);
        await slice.FenceAsync(work.Transaction, cancellationToken);
        var attempts = await RunStore.ChargeAsync(work.Transaction, run, failure, now, cancellationToken);
        await work.CommitAsync(cancellationToken);
        LogFailed(failure, run.Id, attempts);
    }

    /// <summary>One run per transaction, and its attempt is on disk before it begins, so that a run that kills the process is found out.</summary>
    private async Task<int> CarefullyAsync(BucketSlice slice, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (runs, nudges) = await FindAgainAsync(slice, now, cancellationToken);
        var passed = 0;
        foreach (var run in runs.Take(CarefulStart.Items))
        {
            bool parked;
            await using (var work = await AccountTransaction.ForAllAccountsAsync(database, cancellationToken))
            {
                await slice.FenceAsync(work.Transaction, cancellationToken);
                parked = await RunStore.BeginCarefullyAsync(work.Transaction, run, cancellationToken);
                await work.CommitAsync(cancellationToken);
            }

            if (!parked)
            {
                await AttemptAsync(slice, [run], nudges, now, cancellationToken);
            }

            passed++;
        }

        _careful.Passed(slice, passed, wereAll: runs.Count < CarefulStart.Items);
        return passed;
    }

    private static short Shard(BucketSlice slice) => (short)(slice.Buckets[0] % Tally.Shards);

    private void Wake(bool appended)
    {
        if (appended)
        {
            log.Wake();
        }
    }

    /// <summary>Whether a failure may be the fault of a run. A lost lease, a lost connection, a deadlock or a stop is nobody's.</summary>
    private static bool IsOfTheRuns(Exception exception) => exception switch
    {
        FenceLostException or OperationCanceledException or RunsChangedException => false,
        PostgresException { SqlState: PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected } => false,
        PostgresException postgres => !postgres.IsTransient,
        NpgsqlException => false,
        _ => true,
    };

    [LoggerMessage(Level = LogLevel.Error, Message = "Run {RunId} failed, attempt {Attempts}")]
    private partial void LogFailed(Exception exception, long runId, int attempts);
}
