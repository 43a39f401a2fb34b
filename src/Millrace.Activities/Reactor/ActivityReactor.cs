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
    [LoopsPool] NpgsqlDataSource database, IEnumerable<IReaction> reactions, IEnumerable<ITakesAsides> takers, TimeProvider clock, ILogger<ActivityReactor> logger) : IBucketPass
{
    private const int FullBatch = 5_000;
    private const int MaxAttempts = 10;
    private readonly IReaction[] _reactions = [.. reactions];
    private readonly ITakesAsides[] _takers = [.. takers];

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
        using (select next.account_id, next.bucket, next.id
               from unnest({slice.Buckets}) as mine (bucket)
               cross join lateral (
                   select account_id, bucket, id from activities.activity_queue
                   where bucket = mine.bucket and (retry_at is null or retry_at <= {now}) order by id limit {limit}) next
               order by next.id limit {limit}) first
        where q.account_id = first.account_id and q.bucket = first.bucket and q.id = first.id
        returning q.account_id, q.id, q.contact_id, q.occurred_at, q.kind, q.aside
        """).ListAsync<Queued>(work, cancellationToken);

    private async Task ReactAsync(
        NpgsqlTransaction transaction, long accountId, List<Queued> taken, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await HandAsidesAsync(transaction, accountId, taken, cancellationToken);
        var wants = new List<(IReaction Reaction, IReadOnlySet<string>? Kinds)>(_reactions.Length);
        var kinds = taken.Select(t => t.Kind).ToHashSet(StringComparer.Ordinal);
        foreach (var reaction in _reactions.Where(r => r.Kinds is null || r.Kinds.Overlaps(kinds)))
        {
            wants.Add((reaction, await reaction.WantedAsync(transaction, accountId, cancellationToken)));
        }

        kinds.RemoveWhere(kind => !wants.Any(w => w.Kinds is null || w.Kinds.Contains(kind)));
        var wanted = taken.FindAll(t => kinds.Contains(t.Kind));
        if (wanted.Count == 0)
        {
            return;
        }

        var entries = await ActivityEntry.ListAsync(transaction, accountId, wanted.ConvertAll(w => (w.ContactId, w.OccurredAt, w.Id)), cancellationToken);
        foreach (var (reaction, only) in wants)
        {
            var mine = only is null ? entries : entries.FindAll(e => only.Contains(e.Kind));
            if (mine.Count > 0)
            {
                await reaction.ReactAsync(new ReactionBatch(transaction, accountId, now, mine), cancellationToken);
            }
        }
    }

    private async Task HandAsidesAsync(NpgsqlTransaction transaction, long accountId, List<Queued> taken, CancellationToken cancellationToken)
    {
        foreach (var taker in _takers)
        {
            var asides = taken.Where(t => t.Aside is not null && taker.Kinds.Contains(t.Kind)).OrderBy(t => t.Id)
                .Select(t => new Aside(t.ContactId, t.OccurredAt, t.Aside!)).ToList();
            if (asides.Count > 0)
            {
                await taker.TakeAsync(transaction, accountId, asides, cancellationToken);
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
            from (select account_id, bucket, id from activities.activity_queue
                  where bucket = any ({slice.Buckets}) and (retry_at is null or retry_at <= {now}) order by id limit 1) first
            where q.account_id = first.account_id and q.bucket = first.bucket and q.id = first.id
            returning q.account_id, q.bucket, q.id, q.attempts
            """).FirstAsync<Charged>(work, cancellationToken);
        if (charged is not null)
        {
            LogFailed(failure, charged.Id, charged.Attempts);
            if (charged.Attempts >= MaxAttempts)
            {
                await ParkAsync(work, charged, failure, now, cancellationToken);
            }
        }

        await work.CommitAsync(cancellationToken);
    }

    private async Task ParkAsync(AccountTransaction work, Charged charged, Exception failure, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var parked = await Sql.Of($"""
            with parked as (
                delete from activities.activity_queue where account_id = {charged.AccountId} and bucket = {charged.Bucket} and id = {charged.Id}
                returning account_id, id, contact_id, occurred_at, kind, aside),
            kept as (
                insert into activities.parked_activity (account_id, id, contact_id, occurred_at, kind, reason, parked_at)
                select account_id, id, contact_id, occurred_at, kind, {failure.GetType().Name}, {now} from parked)
            select account_id, id, contact_id, occurred_at, kind, aside from parked
            """).ListAsync<Queued>(work, cancellationToken);

        // What came along is not kept with it: it is taken now, unless taking it is what failed.
        await work.Transaction.SaveAsync("parked", cancellationToken);
        try
        {
            await HandAsidesAsync(work.Transaction, charged.AccountId, parked, cancellationToken);
        }
        catch (Exception e) when (e is PostgresException or System.Text.Json.JsonException)
        {
            await work.Transaction.RollbackAsync("parked", cancellationToken);
            LogAsideLost(e, charged.Id);
        }
    }

    private sealed record Queued(long AccountId, long Id, long ContactId, DateTimeOffset OccurredAt, string Kind, string? Aside);

    private sealed record Charged(long AccountId, short Bucket, long Id, short Attempts);

    [LoggerMessage(Level = LogLevel.Error, Message = "Reacting to activity {ActivityId} failed, attempt {Attempts}")]
    private partial void LogFailed(Exception exception, long activityId, short attempts);

    [LoggerMessage(Level = LogLevel.Error, Message = "What came along with the parked activity {ActivityId} could not be taken")]
    private partial void LogAsideLost(Exception exception, long activityId);
}
