using System.Diagnostics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Millrace.Activities.Contracts;
using Millrace.Kernel.Data;
using Millrace.Kernel.Security;
using Millrace.Kernel.Workers;
using Npgsql;

namespace Millrace.Activities.Leases;

/// <summary>
/// Holds this worker's buckets. Renewal goes by the (bucket, epoch) pairs held in memory, never by "owner = me": a take whose reply was
/// lost is known to nobody and only its expiry frees it. Lease time is the database's own <c>now()</c>.
/// </summary>
internal sealed partial class BucketLeases(
    NpgsqlDataSource database, ProcessRoles roles, IOptions<LeaseOptions> options, WorkSignal signal, ILogger<BucketLeases> logger) : BackgroundService
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<short, Held> _held = [];
    private readonly string _owner = RandomToken.New(16);
    private long _connectedAt = Stopwatch.GetTimestamp();
    private int _busy;

    /// <summary>How many buckets this worker holds.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _held.Count;
            }
        }
    }

    /// <summary>The part of the held buckets that falls to one of several parallel loops.</summary>
    public BucketSlice Slice(int index, int of)
    {
        lock (_gate)
        {
            var mine = _held.Where(h => h.Key % of == index).ToList();
            return new BucketSlice([.. mine.Select(h => h.Key)], [.. mine.Select(h => h.Value.Epoch)], mine.Any(h => h.Value.FromCrash));
        }
    }

    /// <summary>Marks a batch as running, so that a clean stop gives the leases back only after it.</summary>
    public IDisposable Enter()
    {
        Interlocked.Increment(ref _busy);
        return new Busy(this);
    }

    /// <summary>Forgets buckets that turned out to be another's. Which of them is found out at the next renewal.</summary>
    public void Drop(BucketSlice slice)
    {
        LogFenceLost(slice.Buckets.Length);
        lock (_gate)
        {
            foreach (var bucket in slice.Buckets)
            {
                _held.Remove(bucket);
            }
        }
    }

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        if (roles.Worker)
        {
            await TurnAsync(cancellationToken);
        }

        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!roles.Worker)
        {
            return;
        }

        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(options.Value.RenewSeconds), TimeProvider.System);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await TurnAsync(stoppingToken);
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException)
            {
                _connectedAt = Stopwatch.GetTimestamp();
                LogUnreachable(e);
            }
        }
    }

    /// <summary>Renews what is held, gives back what is too much, takes what is free.</summary>
    public async Task TurnAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await RenewAsync(connection, cancellationToken);
        var share = await FairShareAsync(connection, cancellationToken);
        int held;
        lock (_gate)
        {
            held = _held.Count;
        }

        if (held > share)
        {
            await GiveBackAsync(connection, held - share, cancellationToken);
        }
        else if (held < share)
        {
            await TakeAsync(connection, share - held, cancellationToken);
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        while (Volatile.Read(ref _busy) > 0 && !cancellationToken.IsCancellationRequested)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, CancellationToken.None);
        }

        try
        {
            await using var connection = await database.OpenConnectionAsync(CancellationToken.None);
            await GiveBackAsync(connection, Bucket.Count, CancellationToken.None);
        }
        catch (NpgsqlException e)
        {
            // Then they run out by themselves.
            LogUnreachable(e);
        }
    }

    private async Task RenewAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        short[] buckets;
        long[] epochs;
        lock (_gate)
        {
            buckets = [.. _held.Keys];
            epochs = [.. _held.Values.Select(h => h.Epoch)];
        }

        if (buckets.Length == 0)
        {
            return;
        }

        var renewed = await Sql.Of($"""
            update activities.bucket_lease l set until = now() + {TimeSpan.FromSeconds(options.Value.LeaseSeconds)}
            from unnest({buckets}, {epochs}) as mine (bucket, epoch)
            where l.bucket = mine.bucket and l.epoch = mine.epoch and l.owner = {_owner}
            returning l.bucket
            """).ListAsync<short>(connection, cancellationToken);
        lock (_gate)
        {
            foreach (var lost in buckets.Except(renewed))
            {
                _held.Remove(lost);
            }
        }
    }

    private async Task<int> FairShareAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var others = await Sql.Of($"""
            select count(distinct owner) from activities.bucket_lease where not released and until > now() and owner <> {_owner}
            """).FirstAsync<long>(connection, cancellationToken);
        return (int)Math.Ceiling(Bucket.Count / (double)(others + 1));
    }

    private async Task TakeAsync(NpgsqlConnection connection, int limit, CancellationToken cancellationToken)
    {
        var patient = Stopwatch.GetElapsedTime(_connectedAt) < TimeSpan.FromSeconds(options.Value.PatienceSeconds);
        var taken = await Sql.Of($"""
            with free as (
                select bucket, released from activities.bucket_lease
                where released or (until < now() and not {patient})
                order by bucket limit {limit} for update skip locked)
            update activities.bucket_lease l
            set owner = {_owner}, epoch = l.epoch + 1, until = now() + {TimeSpan.FromSeconds(options.Value.LeaseSeconds)}, released = false
            from free where l.bucket = free.bucket
            returning l.bucket, l.epoch, not free.released
            """).ListAsync<Taken>(connection, cancellationToken);
        if (taken.Count == 0)
        {
            return;
        }

        lock (_gate)
        {
            foreach (var (bucket, epoch, fromCrash) in taken)
            {
                _held[bucket] = new Held(epoch, fromCrash);
            }
        }

        LogTaken(taken.Count, taken.Count(t => t.FromCrash));
        signal.PulseAll();
    }

    private async Task GiveBackAsync(NpgsqlConnection connection, int count, CancellationToken cancellationToken)
    {
        short[] buckets;
        long[] epochs;
        lock (_gate)
        {
            var surplus = _held.Reverse().Take(count).ToList();
            buckets = [.. surplus.Select(h => h.Key)];
            epochs = [.. surplus.Select(h => h.Value.Epoch)];
            foreach (var bucket in buckets)
            {
                _held.Remove(bucket);
            }
        }

        // Waits, by the row lock of the fence, for batches that still run under these leases.
        await Sql.Of($"""
            update activities.bucket_lease l set released = true, until = '-infinity', epoch = l.epoch + 1
            from (select l.bucket from activities.bucket_lease l
                  join unnest({buckets}, {epochs}) as mine (bucket, epoch) on l.bucket = mine.bucket and l.epoch = mine.epoch
                  where l.owner = {_owner} for update of l) surplus
            where l.bucket = surplus.bucket
            """).ExecuteAsync(connection, cancellationToken);
    }

    private sealed record Held(long Epoch, bool FromCrash);

    private sealed record Taken(short Bucket, long Epoch, bool FromCrash);

    private sealed class Busy(BucketLeases leases) : IDisposable
    {
        public void Dispose() => Interlocked.Decrement(ref leases._busy);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Took {Count} buckets, {Crashed} of them from a worker that died")]
    private partial void LogTaken(int count, int crashed);

    [LoggerMessage(Level = LogLevel.Warning, Message = "fence_lost: {Count} buckets belong to another worker now")]
    private partial void LogFenceLost(int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Leases could not be renewed")]
    private partial void LogUnreachable(Exception exception);
}
