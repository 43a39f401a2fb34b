using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Millrace.Accounts.Contracts;
using Millrace.Activities.Contracts;
using Millrace.Contacts.Contracts;
using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;
using Millrace.Kernel.Security;
using Millrace.Kernel.Workers;
using Npgsql;

namespace Millrace.Contacts.Bulk;

/// <summary>
/// Works on bulk jobs, the one served longest ago first. A batch, what came of each of its contacts and the mark that it is done are one transaction,
/// so whoever goes on after a crash finds exactly what was done.
/// </summary>
internal sealed partial class RunBulkJobs(
    NpgsqlDataSource database, Catalogue<BulkAction> actions, IAccountSettings accounts, IActivityLog activities, TimeProvider clock,
    ILogger<RunBulkJobs> logger) : IWorkerPass
{
    /// <summary>A job fails for good after so many failed batches in a row.</summary>
    private const int MaxFailures = 5;
    private const int Tries = 4;

    /// <summary>Batches of one job before another job has its turn.</summary>
    private const int Turn = 4;

    private readonly string _me = RandomToken.New(16);
    private long? _forgot;

    /// <summary>Called before a batch commits. Tests cut the work off here.</summary>
    internal Func<long, Task>? BeforeCommit { get; set; }

    /// <returns>Contacts worked through.</returns>
    public async Task<int> RunOnceAsync(CancellationToken cancellationToken)
    {
        if (await ClaimAsync(cancellationToken) is not { } job)
        {
            await ForgetItemsAsync(cancellationToken);
            return 0;
        }

        var contacts = 0;
        for (var turn = 0; turn < Turn; turn++)
        {
            var worked = await BatchAsync(job.AccountId, job.Id, _me, cancellationToken);
            contacts += worked;
            if (worked == 0)
            {
                break;
            }
        }

        // One, so that the loop looks for the next job at once.
        return Math.Max(1, contacts);
    }

    /// <summary>Does a small job to its end, at once and under the name it was started with. Leaves the rest to the workers when something fails.</summary>
    public async Task RunNowAsync(long accountId, long jobId, string worker, CancellationToken cancellationToken)
    {
        try
        {
            while (await BatchAsync(accountId, jobId, worker, cancellationToken) > 0)
            {
            }
        }
        catch (Exception e)
        {
            LogFailed(e, jobId);
        }
    }

    public async Task ReleaseAsync(CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.ForAllAccountsAsync(database, cancellationToken);
        await Sql.Of($"update contacts.bulk_job set worker = null, worker_until = null where state = 'running' and worker = {_me}").ExecuteAsync(work, cancellationToken);
        await work.CommitAsync(cancellationToken);
    }

    /// <summary>Keeps other processes from looking at the same job for half a minute. The database's own time, as for every lease.</summary>
    private async Task<Claimed?> ClaimAsync(CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.ForAllAccountsAsync(database, cancellationToken);
        var claimed = await Sql.Of($"""
            update contacts.bulk_job j set worker = {_me}, worker_until = now() + interval '30 seconds', served_at = now()
            from (select account_id, id from contacts.bulk_job
                  where state = 'running' and (worker is null or worker = {_me} or worker_until < now())
                  order by served_at nulls first, id limit 1
                  for no key update skip locked) mine
            where j.account_id = mine.account_id and j.id = mine.id
            returning j.account_id, j.id
            """).FirstAsync<Claimed>(work, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return claimed;
    }

    /// <returns>Contacts in it; 0 when there is no batch left, or the job is over.</returns>
    private async Task<int> BatchAsync(long accountId, long jobId, string worker, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await BatchOnceAsync(accountId, jobId, worker, cancellationToken);
            }
            catch (PostgresException e) when (attempt < Tries && e.SqlState is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure)
            {
                // 50, 200, 800 ms, so that whoever we collided with gets through.
                await Task.Delay(TimeSpan.FromMilliseconds(12.5 * Math.Pow(4, attempt) * (0.8 + (0.4 * Random.Shared.NextDouble()))), TimeProvider.System, cancellationToken);
            }
            catch (Exception e) when (e is not OperationCanceledException and not NpgsqlException { IsTransient: true })
            {
                LogFailed(e, jobId);
                await CountFailureAsync(accountId, jobId, CancellationToken.None);
                throw;
            }
        }
    }

    private async Task<int> BatchOnceAsync(long accountId, long jobId, string worker, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, accountId, cancellationToken);
        // A frozen process must not hold the batch for longer than this.
        await Sql.Of($"set local idle_in_transaction_session_timeout = '15s'").ExecuteAsync(work, cancellationToken);
        var job = await Sql.Of($"""
            select action, settings, user_id, undo_of from contacts.bulk_job where account_id = {accountId} and id = {jobId} and state = 'running'
            """).FirstAsync<Running>(work, cancellationToken);
        if (job is null)
        {
            return 0;
        }

        var taken = await Sql.Of($"""
            select no, contact_ids from contacts.bulk_batch where account_id = {accountId} and job_id = {jobId} and not done
            order by no limit 1 for no key update skip locked
            """).FirstAsync<Batch>(work, cancellationToken);
        if (taken is null)
        {
            await FinishAsync(work, accountId, jobId, cancellationToken);
            return 0;
        }

        var outcomes = await OutcomesAsync(work, accountId, jobId, job, taken.ContactIds, cancellationToken);
        if (!await RecordAsync(work, accountId, jobId, taken, outcomes, worker, cancellationToken))
        {
            return 0;
        }

        await LiveChanges.TellAsync(work, accountId, cancellationToken, LiveTopics.Bulk);
        if (BeforeCommit is not null)
        {
            await BeforeCommit(taken.No);
        }

        await work.CommitAsync(cancellationToken);
        activities.Wake();
        return taken.ContactIds.Length;
    }

    private async Task<IReadOnlyList<BulkOutcome>> OutcomesAsync(
        AccountTransaction work, long accountId, long jobId, Running job, long[] contactIds, CancellationToken cancellationToken)
    {
        var action = actions.Find(job.Action) ?? throw new InvalidOperationException($"There is no bulk action {job.Action}.");
        var settings = BulkSettings.FromStored(action, job.Settings);
        var account = await accounts.GetAsync(accountId, cancellationToken);
        // Locked in one order, so that two jobs on the same people wait for each other instead of colliding.
        var there = await Sql.Of($"""
            select id from contacts.contact where account_id = {accountId} and id = any({contactIds}) order by id for no key update
            """).ListAsync<long>(work, cancellationToken);
        var batch = new BulkBatch(work.Transaction, accountId, job.UserId, account.TimeZone, clock.GetUtcNow(), [.. there]);
        var told = there.Count == 0 ? [] : await new BulkHalving(batch, await WorkAsync(), logger).RunAsync(cancellationToken);
        var known = told.Select(o => o.ContactId).ToHashSet();
        return [.. told, .. contactIds.Where(id => !known.Contains(id)).Select(id => new BulkOutcome(id, BulkOutcome.Gone))];

        async Task<Func<BulkBatch, Task<IReadOnlyList<BulkOutcome>>>> WorkAsync()
        {
            if (job.UndoOf is not { } undone)
            {
                return some => action.ExecuteAsync(some, settings, cancellationToken);
            }

            var previous = await PreviousAsync(work, accountId, undone, batch.ContactIds, cancellationToken);
            return some => action.UndoAsync(some, settings, previous, cancellationToken);
        }
    }

    private static async Task<IReadOnlyDictionary<long, string?>> PreviousAsync(
        AccountTransaction work, long accountId, long jobId, long[] contactIds, CancellationToken cancellationToken) => (await Sql.Of($"""
        select contact_id, previous::text from contacts.bulk_item
        where account_id = {accountId} and job_id = {jobId} and contact_id = any({contactIds}) and changed
        """).ListAsync<Remembered>(work, cancellationToken)).ToDictionary(r => r.ContactId, r => r.Previous);

    /// <returns>False when the job was stopped meanwhile: nothing of this batch may be kept.</returns>
    private static async Task<bool> RecordAsync(
        AccountTransaction work, long accountId, long jobId, Batch batch, IReadOnlyList<BulkOutcome> outcomes, string worker,
        CancellationToken cancellationToken)
    {
        await Sql.Of($"""
            insert into contacts.bulk_item (account_id, job_id, contact_id, changed, reason, previous, detail)
            select {accountId}, {jobId}, o.contact_id, o.reason is null, o.reason, o.previous, o.detail
            from unnest({outcomes.Select(o => o.ContactId).ToArray()}, {outcomes.Select(o => o.Reason).ToArray()},
                        {JsonText.Array([.. outcomes.Select(o => o.Previous)])}, {outcomes.Select(o => o.Detail).ToArray()})
                 o (contact_id, reason, previous, detail)
            """).ExecuteAsync(work, cancellationToken);
        var reasons = outcomes.Where(o => !o.Changed).CountBy(o => o.Reason!).OrderBy(r => r.Key, StringComparer.Ordinal).ToArray();
        await Sql.Of($"""
            insert into contacts.bulk_reason as r (account_id, job_id, reason, total)
            select {accountId}, {jobId}, n.reason, n.total
            from unnest({reasons.Select(r => r.Key).ToArray()}, {reasons.Select(r => (long)r.Value).ToArray()}) n (reason, total)
            on conflict (account_id, job_id, reason) do update set total = r.total + excluded.total
            """).ExecuteAsync(work, cancellationToken);
        await Sql.Of($"update contacts.bulk_batch set done = true where account_id = {accountId} and job_id = {jobId} and no = {batch.No}")
            .ExecuteAsync(work, cancellationToken);
        var changed = outcomes.Count(o => o.Changed);
        // Last, because it serialises with other batches of the job and with a cancellation.
        return await Sql.Of($"""
            update contacts.bulk_job
            set done = done + {batch.ContactIds.Length}, changed = changed + {changed}, skipped = skipped + {outcomes.Count - changed}, failures = 0,
                worker_until = case when worker = {worker} then now() + interval '30 seconds' else worker_until end
            where account_id = {accountId} and id = {jobId} and state = 'running'
            """).ExecuteAsync(work, cancellationToken) > 0;
    }

    /// <summary>Closes the job when every batch is done; one that another process holds is not.</summary>
    private async Task FinishAsync(AccountTransaction work, long accountId, long jobId, CancellationToken cancellationToken)
    {
        await Sql.Of($"""
            update contacts.bulk_job j set state = 'finished', finished_at = {clock.GetUtcNow()}, worker = null, worker_until = null
            where j.account_id = {accountId} and j.id = {jobId} and j.state = 'running'
              and not exists (select 1 from contacts.bulk_batch b where b.account_id = {accountId} and b.job_id = {jobId} and not b.done)
            """).ExecuteAsync(work, cancellationToken);
        await LiveChanges.TellAsync(work, accountId, cancellationToken, LiveTopics.Bulk);
        await work.CommitAsync(cancellationToken);
    }

    private async Task CountFailureAsync(long accountId, long jobId, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, accountId, cancellationToken);
        await Sql.Of($"""
            update contacts.bulk_job
            set failures = failures + 1,
                state = case when failures + 1 >= {MaxFailures} then 'failed' else state end,
                finished_at = case when failures + 1 >= {MaxFailures} then {clock.GetUtcNow()} end,
                problem = case when failures + 1 >= {MaxFailures} then 'A batch failed again and again; what was done before is kept.' end
            where account_id = {accountId} and id = {jobId} and state = 'running'
            """).ExecuteAsync(work, cancellationToken);
        await work.CommitAsync(cancellationToken);
    }

    /// <summary>What became of single contacts is kept for a week, the job itself with its figures for good.</summary>
    private async Task ForgetItemsAsync(CancellationToken cancellationToken)
    {
        if (_forgot is { } last && Stopwatch.GetElapsedTime(last) < TimeSpan.FromMinutes(1))
        {
            return;
        }

        _forgot = Stopwatch.GetTimestamp();
        await using var work = await AccountTransaction.ForAllAccountsAsync(database, cancellationToken);
        var old = clock.GetUtcNow() - BulkJobs.Kept;
        foreach (var table in new[] { Sql.Of($"contacts.bulk_item"), Sql.Of($"contacts.bulk_batch") })
        {
            await Sql.Of($"""
                delete from {table} x using contacts.bulk_job j
                where j.finished_at < {old} and x.account_id = j.account_id and x.job_id = j.id
                """).ExecuteAsync(work, cancellationToken);
        }

        await work.CommitAsync(cancellationToken);
    }

    private sealed record Claimed(long AccountId, long Id);

    private sealed record Running(string Action, JsonElement Settings, long? UserId, long? UndoOf);

    private sealed record Batch(int No, long[] ContactIds);

    private sealed record Remembered(long ContactId, string? Previous);

    [LoggerMessage(Level = LogLevel.Error, Message = "A batch of bulk job {JobId} failed")]
    private partial void LogFailed(Exception exception, long jobId);
}
