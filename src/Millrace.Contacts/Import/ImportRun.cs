using System.Diagnostics;
using System.Text.Json;
using Millrace.Accounts.Contracts;
using Millrace.Kernel.Data;
using Npgsql;

namespace Millrace.Contacts.Import;

/// <summary>One import while this process works on it: the open file and the next round of batches, read while the one before is written.</summary>
internal sealed class ImportRun : IAsyncDisposable
{
    private const int Tries = 4;

    private readonly NpgsqlDataSource _database;
    private readonly BatchWriter _writer;
    private readonly TimeProvider _clock;
    private readonly long _accountId;
    private readonly long _importId;
    private readonly ImportPlan _plan;
    private readonly ImportReader _reader;
    private readonly int[] _done;
    private readonly CancellationTokenSource _closing = new();
    private Task<List<ImportBatch>>? _ahead;

    private ImportRun(
        NpgsqlDataSource database, BatchWriter writer, TimeProvider clock, long accountId, long importId, ImportPlan plan, ImportReader reader, int[] done)
    {
        (_database, _writer, _clock) = (database, writer, clock);
        (_accountId, _importId, _plan, _reader, _done) = (accountId, importId, plan, reader, done);
    }

    /// <summary>When the last round began, on the monotonic clock; 0 before the first.</summary>
    public long LastRound { get; private set; }

    /// <summary>The file is through and the import closed.</summary>
    public bool IsDone { get; private set; }

    public static async Task<ImportRun> OpenAsync(
        NpgsqlDataSource database, BatchWriter writer, TimeProvider clock, long accountId, long importId, CancellationToken cancellationToken)
    {
        ImportPlan plan;
        List<int> done;
        await using (var work = await AccountTransaction.BeginAsync(database, accountId, cancellationToken))
        {
            plan = ImportPlan.FromJson(await Sql.Of($"select plan from contacts.import where account_id = {accountId} and id = {importId}")
                .FirstAsync<JsonElement>(work, cancellationToken));
            done = await Sql.Of($"select batches from contacts.import_lane where account_id = {accountId} and import_id = {importId} order by lane")
                .ListAsync<int>(work, cancellationToken);
        }

        var reader = await ImportReader.OpenAsync(database, accountId, importId, plan, cancellationToken);
        return new ImportRun(database, writer, clock, accountId, importId, plan, reader, [.. done]);
    }

    /// <summary>Writes the next batch of every lane, at the same time.</summary>
    /// <returns>Rows of the file in them.</returns>
    /// <exception cref="LaneMovedException">Another process has done some of it, or the import was stopped: open it anew.</exception>
    public async Task<int> RoundAsync(Func<ImportBatch, Task>? beforeCommit, CancellationToken cancellationToken)
    {
        LastRound = Stopwatch.GetTimestamp();
        var batches = await (_ahead ?? ReadRoundAsync(cancellationToken));
        _ahead = null;
        if (batches.Count == 0)
        {
            await FinishAsync(cancellationToken);
            IsDone = true;
            return 0;
        }

        _ahead = ReadRoundAsync(_closing.Token);
        await Task.WhenAll(batches.Select(b => WriteAsync(b, beforeCommit, cancellationToken)));
        return batches.Sum(b => b.Rows);
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        try
        {
            await (_ahead ?? Task.CompletedTask);
        }
        catch (OperationCanceledException)
        {
            // What was read ahead is not needed any more.
        }
        catch (NpgsqlException)
        {
            // Whoever opens the import next meets the same failure, and reports it.
        }

        _closing.Dispose();
        await _reader.DisposeAsync();
    }

    /// <summary>One batch per lane. Batches done before a restart are read too, because the addresses in them must not be imported twice.</summary>
    private async Task<List<ImportBatch>> ReadRoundAsync(CancellationToken cancellationToken)
    {
        await Task.Yield();
        var round = new List<ImportBatch>();
        while (round.Count < _plan.Lanes && await _reader.NextAsync(cancellationToken) is { } batch)
        {
            if (batch.Number / _plan.Lanes >= _done[batch.Number % _plan.Lanes])
            {
                round.Add(batch);
            }
        }

        return round;
    }

    private async Task WriteAsync(ImportBatch batch, Func<ImportBatch, Task>? beforeCommit, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await WriteOnceAsync(batch, beforeCommit, cancellationToken);
                return;
            }
            catch (Exception e) when (attempt < Tries && e is ContactGoneException
                or PostgresException { SqlState: PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure })
            {
                // 50, 200, 800 ms, so that whoever we collided with gets through.
                await Task.Delay(TimeSpan.FromMilliseconds(12.5 * Math.Pow(4, attempt) * (0.8 + (0.4 * Random.Shared.NextDouble()))), TimeProvider.System, cancellationToken);
            }
        }
    }

    private async Task WriteOnceAsync(ImportBatch batch, Func<ImportBatch, Task>? beforeCommit, CancellationToken cancellationToken)
    {
        var (lane, expected) = ((short)(batch.Number % _plan.Lanes), batch.Number / _plan.Lanes);
        await using var work = await AccountTransaction.BeginAsync(_database, _accountId, cancellationToken);
        // A frozen process must not hold the lane for longer than this.
        await Sql.Of($"set local idle_in_transaction_session_timeout = '15s'").ExecuteAsync(work, cancellationToken);
        var done = await Sql.Of($"""
            select l.batches from contacts.import_lane l
            join contacts.import i on i.account_id = l.account_id and i.id = l.import_id and i.state = 'running'
            where l.account_id = {_accountId} and l.import_id = {_importId} and l.lane = {lane}
            for no key update of l
            """).FirstAsync<int?>(work, cancellationToken);
        if (done != expected)
        {
            throw new LaneMovedException();
        }

        var result = await _writer.WriteAsync(work.Transaction, _accountId, _importId, _plan, batch, cancellationToken);
        await Sql.Of($"""
            update contacts.import_lane
            set batches = batches + 1, bytes = bytes + {batch.Bytes}, rows = rows + {batch.Rows}, created = created + {result.Created},
                updated = updated + {result.Updated}, unchanged = unchanged + {result.Unchanged}, rejected = rejected + {result.Rejected}
            where account_id = {_accountId} and import_id = {_importId} and lane = {lane}
            """).ExecuteAsync(work, cancellationToken);
        await LiveChanges.TellAsync(work, _accountId, cancellationToken, LiveTopics.Imports);
        if (beforeCommit is not null)
        {
            await beforeCommit(batch);
        }

        await work.CommitAsync(cancellationToken);
    }

    private async Task FinishAsync(CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(_database, _accountId, cancellationToken);
        await Sql.Of($"""
            update contacts.import set state = 'finished', finished_at = {_clock.GetUtcNow()}
            where account_id = {_accountId} and id = {_importId} and state = 'running'
            """).ExecuteAsync(work, cancellationToken);
        await LiveChanges.TellAsync(work, _accountId, cancellationToken, LiveTopics.Imports);
        await work.CommitAsync(cancellationToken);
    }
}

/// <summary>The lane is not where this process left it: another has taken over, or the import was cancelled. Nothing was written.</summary>
internal sealed class LaneMovedException() : Exception("Another process goes on with this import, or it was stopped.");
