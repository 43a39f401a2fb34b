using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Millrace.Activities.Contracts;
using Millrace.Kernel.Data;
using Npgsql;

namespace Millrace.Messaging.Sending;

/// <summary>
/// Group commit for the connections: what came of the last message and the hand-over of the next go to the database together, those of all
/// connections in one transaction. While one commits, the others gather; so a busy server pays one commit for dozens of mails.
/// A result holds its own fence: the row must still be in the very hand-over (epoch, attempt) the result speaks of.
/// </summary>
internal sealed partial class SendLedger(
    [LoopsPool] NpgsqlDataSource database, SendResults results, IActivityLog activities, TimeProvider clock, ILogger<SendLedger> logger) : IAsyncDisposable
{
    private const int MaxTogether = 256;

    private readonly Channel<Entry> _entries = Channel.CreateUnbounded<Entry>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stopping = new();
    private Task? _pump;

    /// <summary>
    /// Stores a result and hands the next parcel over. When it returns, both are committed.
    /// </summary>
    /// <returns>False when <paramref name="next"/> may not go: suppressed, paused, cancelled or another worker's by now.</returns>
    public Task<bool> ExchangeAsync(SendResult? result, Parcel? next)
    {
        lock (_gate)
        {
            _pump ??= Task.Run(PumpAsync);
        }

        var entry = new Entry(result, next);
        _entries.Writer.TryWrite(entry);
        return entry.Done.Task;
    }

    public async ValueTask DisposeAsync()
    {
        _entries.Writer.TryComplete();
        await _stopping.CancelAsync();
        if (_pump is { } pump)
        {
            await pump;
        }

        _stopping.Dispose();
    }

    private async Task PumpAsync()
    {
        var batch = new List<Entry>(MaxTogether);
        while (await _entries.Reader.WaitToReadAsync(CancellationToken.None))
        {
            batch.Clear();
            while (batch.Count < MaxTogether && _entries.Reader.TryRead(out var entry))
            {
                batch.Add(entry);
            }

            await CommitAsync(batch);
        }
    }

    /// <summary>Tries until the database answers: a worker that holds a 2xx never sends again because of the database.</summary>
    private async Task CommitAsync(List<Entry> batch)
    {
        for (var failures = 0; ; failures++)
        {
            try
            {
                var granted = await WriteAsync(batch, CancellationToken.None); // results must not be lost with a cancelled request
                foreach (var entry in batch)
                {
                    entry.Done.TrySetResult(entry.Next is null || granted.Contains(entry.Next.Key));
                }

                return;
            }
            catch (PostgresException e) when (IsRefusal(e) && batch.Count > 1)
            {
                // One of them it does not take: the others must not wait for it.
                LogRefused(e, batch.Count);
                foreach (var half in batch.Chunk((batch.Count + 1) / 2))
                {
                    await CommitAsync([.. half]);
                }

                return;
            }
            catch (PostgresException e) when (IsRefusal(e) && failures >= 3)
            {
                // It stays in hand-over: the next claim finds it as after a crash.
                LogRefused(e, batch.Count);
                batch[0].Done.TrySetResult(false);
                return;
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException or InvalidOperationException)
            {
                LogFailed(e, batch.Count);
                if (_stopping.IsCancellationRequested && failures > 3)
                {
                    // The process ends. What was in hand-over is ambiguous for its next owner, as after a crash.
                    batch.ForEach(b => b.Done.TrySetResult(false));
                    return;
                }

                await Task.Delay(TimeSpan.FromMilliseconds(Math.Min(5_000, 100 << Math.Min(failures, 6))), TimeProvider.System, CancellationToken.None);
            }
        }
    }

    /// <summary>What it says of data (classes 22 and 23) it says again.</summary>
    private static bool IsRefusal(PostgresException e) => e.SqlState.StartsWith("22", StringComparison.Ordinal) || e.SqlState.StartsWith("23", StringComparison.Ordinal);

    private async Task<HashSet<SendKey>> WriteAsync(List<Entry> batch, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var finished = batch.Where(b => b.Result is not null).Select(b => b.Result!).ToList();
        var parcels = batch.Where(b => b.Next is not null).Select(b => b.Next!).ToList();
        var accounts = finished.Select(r => r.Parcel.Send.AccountId).Concat(parcels.Select(p => p.Send.AccountId)).Distinct().ToArray();
        await using var work = await AccountTransaction.BeginAsync(database, accounts, cancellationToken);
        if (finished.Count > 0)
        {
            await results.WriteAsync(work, finished, now, cancellationToken);
        }

        HashSet<SendKey> granted = [];
        if (parcels.Count > 0)
        {
            await SendGate.HandOverAsync(work.Transaction, accounts, cancellationToken);
            granted = await HandOverAsync(work, await StillOursAsync(work, parcels, cancellationToken), now, cancellationToken);
        }

        await work.CommitAsync(cancellationToken);
        if (finished.Count > 0)
        {
            activities.Wake();
        }

        return granted;
    }

    private async Task<List<Parcel>> StillOursAsync(AccountTransaction work, List<Parcel> parcels, CancellationToken cancellationToken)
    {
        var leases = parcels.Select(p => (p.Send.Bucket, p.Epoch)).Distinct().OrderBy(l => l.Bucket).ToList();
        if (await HoldsAsync(work, leases, cancellationToken))
        {
            return parcels;
        }

        var lost = new HashSet<(short, long)>();
        foreach (var lease in leases)
        {
            if (!await HoldsAsync(work, [lease], cancellationToken))
            {
                lost.Add(lease);
            }
        }

        LogFenceLost(lost.Count);
        return [.. parcels.Where(p => !lost.Contains((p.Send.Bucket, p.Epoch)))];
    }

    private static async Task<bool> HoldsAsync(AccountTransaction work, List<(short Bucket, long Epoch)> leases, CancellationToken cancellationToken)
    {
        try
        {
            await new BucketSlice([.. leases.Select(l => l.Bucket)], [.. leases.Select(l => l.Epoch)], Careful: false)
                .FenceAsync(work.Transaction, cancellationToken);
            return true;
        }
        catch (FenceLostException)
        {
            return false;
        }
    }

    /// <summary>
    /// Everything that could forbid it is asked once more, in the statement that decides. Run twice for the same attempt it grants the same:
    /// the outcome of a broken commit may be unknown, and nothing has left yet.
    /// </summary>
    private static async Task<HashSet<SendKey>> HandOverAsync(AccountTransaction work, List<Parcel> parcels, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var granted = await Sql.Of($"""
            update messaging.send t
            set state = 'handoff', epoch = g.new_epoch, attempts = g.attempt, handoff_at = {now}, sent_to = g.address
            from (
                select s.account_id, s.id, s.new_epoch, s.attempt, s.address, s.contact_id, s.to_address, c.email, {SendGate.ReasonOfSend} as refusal,
                       s.sender_domain, s.to_domain, s.server_id
                from (select d.*, p.epoch as new_epoch, p.attempt, p.address, p.sender_domain, p.to_domain, p.server_id
                      from unnest({parcels.Select(p => p.Key.AccountId).ToArray()}, {parcels.Select(p => p.Key.SendId).ToArray()},
                                  {parcels.Select(p => p.Epoch).ToArray()}, {parcels.Select(p => p.Attempt).ToArray()},
                                  {parcels.Select(p => p.Send.Address).ToArray()}, {parcels.Select(p => p.SenderDomain).ToArray()}, {parcels.Select(p => p.Domain).ToArray()},
                                  {parcels.Select(p => p.ServerId).ToArray()}) as p (account_id, id, epoch, attempt, address, sender_domain, to_domain, server_id)
                      join messaging.send d on d.account_id = p.account_id and d.id = p.id) s
                {SendGate.Joins(now)}
                where (s.state in ('queued', 'deferred', 'ambiguous') and s.attempts = s.attempt - 1)
                   or (s.state = 'handoff' and s.epoch = s.new_epoch and s.attempts = s.attempt)) g
            where t.account_id = g.account_id and t.id = g.id and g.refusal is null and coalesce(g.to_address, g.email) = g.address
              and not exists (select 1 from messaging.pause z where z.account_id = g.account_id and (z.until is null or z.until > {now}))
              and not {SendingHolds.Forbids}
              and case when t.source_kind = 'campaign' then not exists (
                  select 1 from messaging.campaign k where k.account_id = t.account_id and k.id = t.source_id and k.status in ('paused', 'stopped')) else true end
            returning t.account_id, t.id
            """).ListAsync<SendKey>(work, cancellationToken);
        return [.. granted];
    }

    private sealed record Entry(SendResult? Result, Parcel? Next)
    {
        public TaskCompletionSource<bool> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The ledger could not be written; {Count} entries wait")]
    private partial void LogFailed(Exception exception, int count);

    [LoggerMessage(Level = LogLevel.Error, Message = "The ledger refuses one of {Count} entries")]
    private partial void LogRefused(Exception exception, int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "fence_lost: {Count} buckets of waiting mails belong to another worker now")]
    private partial void LogFenceLost(int count);
}
