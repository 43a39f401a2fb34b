using System.Text.Json;
using Microsoft.Extensions.Logging;
using Millrace.Activities.Contracts;
using Millrace.Api.Dialect;
using Millrace.Kernel.Data;
using Millrace.Kernel.Security.Http;
using Millrace.Kernel.Workers;
using Npgsql;

namespace Millrace.Contacts.BulkImport;

/// <summary>
/// Imports what was accepted: one import, one transaction, with its callback in the outbox. A crash undoes all of it and the next round does the same
/// again. Of an account only the oldest is worked on, so imports take effect in the order in which they were taken.
/// </summary>
internal sealed partial class RunBulkImports(
    NpgsqlDataSource database, BulkImportWriter writer, IHttpOutbox outbox, IActivityLog activities, TimeProvider clock, ILogger<RunBulkImports> logger) : IWorkerPass
{
    private const int MaxFailures = 8;
    private const int MaxAccounts = 50;
    private static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    /// <summary>Called before an import commits. Tests cut the work off here.</summary>
    internal Func<Task>? BeforeCommit { get; set; }

    /// <returns>Contacts worked through.</returns>
    public async Task<int> RunOnceAsync(CancellationToken cancellationToken)
    {
        var done = 0;
        foreach (var waiting in await WaitingAsync(cancellationToken))
        {
            try
            {
                done += await RunAsync(waiting, cancellationToken);
            }
            catch (Exception e) when (e is not OperationCanceledException and not NpgsqlException { IsTransient: true })
            {
                LogFailed(e, waiting.Id);
                await CountFailureAsync(waiting, CancellationToken.None);
                throw;
            }
        }

        return done;
    }

    private async Task<List<Waiting>> WaitingAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var work = await AccountTransaction.ForAllAccountsAsync(database, cancellationToken);
        await Sql.Of($"delete from contacts.bulk_import where state <> 'waiting' and created_at < {now - Kept}").ExecuteAsync(work, cancellationToken);
        var waiting = await Sql.Of($"""
            select account_id, id from (
                select distinct on (account_id) account_id, id, try_at from contacts.bulk_import where state = 'waiting' order by account_id, id) oldest
            where try_at <= {now} order by try_at limit {MaxAccounts}
            """).ListAsync<Waiting>(work, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return waiting;
    }

    private async Task<int> RunAsync(Waiting waiting, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, waiting.AccountId, cancellationToken);
        var found = await Sql.Of($"""
            select batch_id, request, contacts from contacts.bulk_import
            where account_id = {waiting.AccountId} and id = {waiting.Id} and state = 'waiting' for no key update skip locked
            """).FirstAsync<Stored>(work, cancellationToken);
        if (found is null)
        {
            return 0;
        }

        var request = found.Request.Deserialize<BulkImportRequest>(V3Json.Options)!;
        var outcome = await writer.WriteAsync(work, waiting.AccountId, request.Contacts!, cancellationToken);
        await Sql.Of($"""
            update contacts.bulk_import
            set state = 'completed', request = null, succeeded = {outcome.Succeeded}, refused = {outcome.Refused.Select(r => r.Email).ToArray()},
                reasons = {outcome.Refused.Select(r => r.Reason).ToArray()}, finished_at = {clock.GetUtcNow()}
            where account_id = {waiting.AccountId} and id = {waiting.Id}
            """).ExecuteAsync(work, cancellationToken);
        if (request.Callback is { } callback)
        {
            await outbox.AddAsync(work.Transaction, waiting.AccountId, BulkImportCallback.Of(callback, found.BatchId, outcome), cancellationToken);
        }

        if (BeforeCommit is { } hook)
        {
            await hook();
        }

        await work.CommitAsync(cancellationToken);
        activities.Wake();
        return found.Contacts;
    }

    private async Task CountFailureAsync(Waiting waiting, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var work = await AccountTransaction.BeginAsync(database, waiting.AccountId, cancellationToken);
        await Sql.Of($"""
            update contacts.bulk_import
            set failures = failures + 1, try_at = {now} + interval '1 second' * power(2, failures),
                state = case when failures + 1 >= {MaxFailures} then 'failed' else state end,
                request = case when failures + 1 >= {MaxFailures} then null else request end,
                refused = case when failures + 1 >= {MaxFailures} then array(select c ->> 'email' from jsonb_array_elements(request -> 'contacts') c) end,
                finished_at = case when failures + 1 >= {MaxFailures} then {now} end
            where account_id = {waiting.AccountId} and id = {waiting.Id} and state = 'waiting'
            """).ExecuteAsync(work, cancellationToken);
        await work.CommitAsync(cancellationToken);
    }

    private sealed record Waiting(long AccountId, long Id);

    private sealed record Stored(Guid BatchId, JsonElement Request, int Contacts);

    [LoggerMessage(Level = LogLevel.Error, Message = "Bulk import {ImportId} failed")]
    private partial void LogFailed(Exception exception, long importId);
}
