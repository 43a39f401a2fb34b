using Microsoft.Extensions.Logging;
using Millrace.Activities.Contracts;
using Millrace.Kernel.Data;
using Millrace.Kernel.Security;
using Millrace.Kernel.Workers;
using Npgsql;

namespace Millrace.Contacts.Import;

/// <summary>
/// Works on the imports that were started: one round of batches at a time, the import served longest ago first. A batch, its rejected rows and the
/// cursor of its lane are one transaction, so whoever goes on after a crash finds exactly what was done.
/// </summary>
internal sealed partial class RunImports(
    NpgsqlDataSource database, BatchWriter writer, IActivityLog activities, TimeProvider clock, ILogger<RunImports> logger) : IWorkerPass, IAsyncDisposable
{
    /// <summary>An import fails for good after so many failed rounds in a row.</summary>
    private const int MaxFailures = 8;

    private readonly string _me = RandomToken.New(16);
    private readonly Dictionary<(long AccountId, long ImportId), ImportRun> _open = [];

    /// <summary>Called before a batch commits. Tests cut the work off here.</summary>
    internal Func<ImportBatch, Task>? BeforeCommit { get; set; }

    /// <returns>Rows of files worked through.</returns>
    public async Task<int> RunOnceAsync(CancellationToken cancellationToken)
    {
        var claimed = await ClaimAsync(cancellationToken);
        await CloseOthersAsync(claimed);
        var served = claimed.OrderBy(c => _open.TryGetValue((c.AccountId, c.Id), out var run) ? run.LastRound : 0).ThenBy(c => c.Id).FirstOrDefault();
        if (served is null)
        {
            await ImportStorage.RemoveFilesAsync(database, clock.GetUtcNow(), cancellationToken);
            return 0;
        }

        var key = (served.AccountId, served.Id);
        try
        {
            if (!_open.TryGetValue(key, out var run))
            {
                run = await ImportRun.OpenAsync(database, writer, clock, served.AccountId, served.Id, cancellationToken);
                _open.Add(key, run);
            }

            var rows = await run.RoundAsync(BeforeCommit, cancellationToken);
            if (run.IsDone)
            {
                await CloseAsync(key);
            }

            activities.Wake();
            return Math.Max(1, rows);
        }
        catch (LaneMovedException)
        {
            await CloseAsync(key);
            return 1;
        }
        catch (Exception e)
        {
            await CloseAsync(key);
            if (e is not OperationCanceledException and not NpgsqlException { IsTransient: true })
            {
                LogFailed(e, served.Id);
                await CountFailureAsync(served.AccountId, served.Id, CancellationToken.None);
            }

            throw;
        }
    }

    public async Task ReleaseAsync(CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.ForAllAccountsAsync(database, cancellationToken);
        await Sql.Of($"update contacts.import set worker = null, worker_until = null where state = 'running' and worker = {_me}").ExecuteAsync(work, cancellationToken);
        await work.CommitAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var run in _open.Values)
        {
            await run.DisposeAsync();
        }

        _open.Clear();
    }

    /// <summary>Keeps other processes from doing the same reading for half a minute. The database's own time, as for every lease.</summary>
    private async Task<List<Claimed>> ClaimAsync(CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.ForAllAccountsAsync(database, cancellationToken);
        var claimed = await Sql.Of($"""
            update contacts.import i set worker = {_me}, worker_until = now() + interval '30 seconds'
            from (select account_id, id from contacts.import
                  where state = 'running' and (worker is null or worker = {_me} or worker_until < now())
                  order by (worker = {_me}) desc nulls last, id limit 4
                  for no key update skip locked) mine
            where i.account_id = mine.account_id and i.id = mine.id
            returning i.account_id, i.id
            """).ListAsync<Claimed>(work, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return claimed;
    }

    private async Task CloseOthersAsync(List<Claimed> claimed)
    {
        foreach (var key in _open.Keys.Where(k => !claimed.Exists(c => c.AccountId == k.AccountId && c.Id == k.ImportId)).ToArray())
        {
            await CloseAsync(key);
        }
    }

    private async Task CloseAsync((long AccountId, long ImportId) key)
    {
        if (_open.Remove(key, out var run))
        {
            await run.DisposeAsync();
        }
    }

    private async Task CountFailureAsync(long accountId, long importId, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, accountId, cancellationToken);
        await Sql.Of($"""
            update contacts.import
            set failures = failures + 1,
                state = case when failures + 1 >= {MaxFailures} then 'failed' else state end,
                finished_at = case when failures + 1 >= {MaxFailures} then {clock.GetUtcNow()} end,
                problem = case when failures + 1 >= {MaxFailures} then 'The import failed again and again; rows imported before are kept.' end
            where account_id = {accountId} and id = {importId} and state = 'running'
            """).ExecuteAsync(work, cancellationToken);
        await work.CommitAsync(cancellationToken);
    }

    private sealed record Claimed(long AccountId, long Id);

    [LoggerMessage(Level = LogLevel.Error, Message = "A round of import {ImportId} failed")]
    private partial void LogFailed(Exception exception, long importId);
}
