using Microsoft.Extensions.Logging;
using Millrace.Activities.Contracts;
using Millrace.Kernel.Data;
using Npgsql;

namespace Millrace.Activities.Reactor;

/// <summary>
/// Hands each activity once to everything that reacts. The queue entry is deleted in the transaction of the effects, so a crash at any
/// moment loses nothing and repeats nothing. A batch that fails is halved until the failing entry stands alone; only that one is charged.
/// </summary>
internal sealed partial class ActivityReactor(
    NpgsqlDataSource database, IEnumerable<IReaction> reactions, TimeProvider clock, ILogger<ActivityReactor> logger) : IBucketPass
{
    private const int FullBatch = 5_000;
    private const int MaxAttempts = 10;
    private readonly IReaction[] _reactions = [.. reactions];

    public async Task<int> RunOnceAsync(BucketSlice slice, CancellationToken cancellationToken)
    {
        var (done, limit) = (0, FullBatch);
        while (true)
        {
            try
            {
                var taken = limit;
                var handled = await HandleAsync(slice, taken, cancellationToken);
                done += handled;
                // After a failure, go on carefully until the queue position of the failure is passed.
                limit = Math.Min(FullBatch, limit * 2);
                if (handled < taken || done >= FullBatch)
                {
                    return done;
                }
            }
            catch (Exception e) when (e is not (OperationCanceledException or FenceLostException) && !IsDatabaseDown(e))
            {
                if (limit == 1)
                {
                    await ChargeFirstAsync(slice, e, cancellationToken);
                    done++;
                }

                limit = Math.Max(1, limit / 8);
            }
        }
    }

    private static bool IsDatabaseDown(Exception e) => e is NpgsqlException { IsTransient: true } and not PostgresException;

    private async Task<int> HandleAsync(BucketSlice slice, int limit, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var work = await AccountTransaction.ForAllAccountsAsync(database, cancellationToken);
        await slice.FenceAsync(work.Transaction, cancellationToken);
        var taken = await TakeAsync(work, slice, limit, now, cancellationToken);
        foreach (var account in taken.GroupBy(t => t.AccountId))
        {
            await ReactAsync(work.Transaction, account.Key, [.. account], now, cancellationToken);
        }

        await work.CommitAsync(cancellationToken);
        return taken.Count;
    }

    // Bucket by bucket down the index, which forgets entries that are gone; one scan over all would read them until the next vacuum.
    private static Task<List<Queued>> TakeAsync(
        AccountTransaction work, BucketSlice slice, int limit, DateTimeOffset now, CancellationToken cancellationToken) => Sql.Of($"""
        delete from activities.activity_queue q
        using (select next.account_id, next.id
               from unnest({slice.Buckets}) as mine (bucket)
               cross join lateral (
                   select account_id, id from activities.activity_queue
                   where bucket = mine.bucket and (retry_at is null or retry_at <= {now}) order by id limit {limit}) next
               order by next.id limit {limit}) first
        where q.account_id = first.account_id and q.id = first.id
        returning q.account_id, q.id, q.contact_id, q.occurred_at, q.kind
        """).ListAsync<Queued>(work, cancellationToken);

    private async Task ReactAsync(
        NpgsqlTransaction transaction, long accountId, List<Queued> taken, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var wanted = taken.Where(t => _reactions.Any(r => r.Kinds is null || r.Kinds.Contains(t.Kind))).ToList();
        if (wanted.Count == 0)
        {
            return;
        }

        // Lateral, so that it is a search by key whatever the planner believes: on a young partition it would read the whole account.
        var entries = await Sql.Of($"""
            select a.id, a.contact_id, a.kind, a.subject_id, a.automation_id, a.step_key, a.occurred_at, a.data
            from unnest({wanted.Select(w => w.ContactId).ToArray()}, {wanted.Select(w => w.OccurredAt).ToArray()}, {wanted.Select(w => w.Id).ToArray()})
                 as w (contact_id, occurred_at, id)
            cross join lateral (
                select * from activities.activity l
                where l.account_id = {accountId} and l.contact_id = w.contact_id and l.occurred_at = w.occurred_at and l.id = w.id limit 1) a
            order by a.id
            """).ListAsync<ActivityEntry>(transaction, cancellationToken);
        foreach (var reaction in _reactions)
        {
            var mine = reaction.Kinds is { } kinds ? entries.FindAll(e => kinds.Contains(e.Kind)) : entries;
            if (mine.Count > 0)
            {
                await reaction.ReactAsync(new ReactionBatch(transaction, accountId, now, mine), cancellationToken);
            }
        }
    }

    /// <summary>Counts the failure against the one entry that caused it: tried again later, parked after ten times.</summary>
    private async Task ChargeFirstAsync(BucketSlice slice, Exception failure, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var work = await AccountTransaction.ForAllAccountsAsync(database, cancellationToken);
        await slice.FenceAsync(work.Transaction, cancellationToken);
        var charged = await Sql.Of($"""
            update activities.activity_queue q
            set attempts = q.attempts + 1, retry_at = {now} + interval '10 seconds' * (q.attempts + 1) * (q.attempts + 1)
            from (select account_id, id from activities.activity_queue
                  where bucket = any ({slice.Buckets}) and (retry_at is null or retry_at <= {now}) order by id limit 1) first
            where q.account_id = first.account_id and q.id = first.id
            returning q.account_id, q.id, q.attempts
            """).FirstAsync<Charged>(work, cancellationToken);
        if (charged is not null)
        {
            LogFailed(failure, charged.Id, charged.Attempts);
            if (charged.Attempts >= MaxAttempts)
            {
                await Sql.Of($"""
                    with parked as (
                        delete from activities.activity_queue where account_id = {charged.AccountId} and id = {charged.Id}
                        returning account_id, id, contact_id, occurred_at, kind)
                    insert into activities.parked_activity (account_id, id, contact_id, occurred_at, kind, reason, parked_at)
                    select account_id, id, contact_id, occurred_at, kind, {failure.GetType().Name}, {now} from parked
                    """).ExecuteAsync(work, cancellationToken);
            }
        }

        await work.CommitAsync(cancellationToken);
    }

    private sealed record Queued(long AccountId, long Id, long ContactId, DateTimeOffset OccurredAt, string Kind);

    private sealed record Charged(long AccountId, long Id, short Attempts);

    [LoggerMessage(Level = LogLevel.Error, Message = "Reacting to activity {ActivityId} failed, attempt {Attempts}")]
    private partial void LogFailed(Exception exception, long activityId, short attempts);
}
