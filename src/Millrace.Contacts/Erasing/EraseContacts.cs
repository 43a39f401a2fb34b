using Microsoft.Extensions.Logging;
using Millrace.Contacts.Contracts;
using Millrace.Kernel.Data;
using Millrace.Kernel.Workers;
using Npgsql;

namespace Millrace.Contacts.Erasing;

/// <summary>
/// Forgets people who were deleted, a batch of one account at a time: every module that knows something of them takes its part, all in one transaction, so that a
/// crash leaves either all of it or nothing to do again. An hour later once more, for what was on its way meanwhile; then nobody knows the address any longer.
/// </summary>
internal sealed partial class EraseContacts(
    NpgsqlDataSource database, IEnumerable<IErasesPeople> modules, TimeProvider clock, ILogger<EraseContacts> logger) : IWorkerPass
{
    private const int Batch = 200;
    private static readonly TimeSpan Again = TimeSpan.FromHours(1);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromMinutes(1);

    private readonly IErasesPeople[] _modules = [.. modules];

    public async Task<int> RunOnceAsync(CancellationToken cancellationToken)
    {
        if (await NextAsync(cancellationToken) is not { } next)
        {
            return 0;
        }

        // Who made it fail before comes alone, so that one does not hold up the others.
        var limit = next.Failures > 0 ? 1 : Batch;
        List<Person> people = [];
        try
        {
            await using var work = await AccountTransaction.BeginAsync(database, next.AccountId, cancellationToken);
            people = await Sql.Of($"""
                select contact_id, address, deleted_at from contacts.erasure
                where account_id = {next.AccountId} and due_at <= {clock.GetUtcNow()} and (failures > 0) = {next.Failures > 0}
                order by due_at, contact_id limit {limit} for update skip locked
                """).ListAsync<Person>(work, cancellationToken);
            if (people.Count > 0)
            {
                await EraseAsync(work, next.AccountId, people, cancellationToken);
                await work.CommitAsync(cancellationToken);
            }

            return people.Count;
        }
        catch (Exception e) when (e is not OperationCanceledException and not NpgsqlException { IsTransient: true })
        {
            LogFailed(e, people.Count, next.AccountId);
            await PutOffAsync(next.AccountId, people, cancellationToken);
            return people.Count;
        }
    }

    private async Task<Next?> NextAsync(CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.ForAllAccountsAsync(database, cancellationToken);
        return await Sql.Of($"""
            select account_id, failures from contacts.erasure where due_at <= {clock.GetUtcNow()} order by due_at limit 1 for key share skip locked
            """).FirstAsync<Next>(work, cancellationToken);
    }

    private async Task EraseAsync(AccountTransaction work, long accountId, List<Person> people, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var ids = people.Select(p => p.ContactId).Order().ToArray();
        var erasure = new Erasure(
            work.Transaction, accountId, now, ids, [.. people.Select(p => p.Address).Where(a => a.Length > 0).Distinct(StringComparer.Ordinal)], people.Max(p => p.DeletedAt));
        var done = true;
        foreach (var module in _modules)
        {
            done &= await module.EraseAsync(erasure, cancellationToken);
        }

        await Sql.Of($"""
            with over as (delete from contacts.erasure where account_id = {accountId} and contact_id = any ({ids}) and rounds > 0 and {done})
            update contacts.erasure set rounds = rounds + 1, failures = 0, due_at = {now + Again}
            where account_id = {accountId} and contact_id = any ({ids}) and not (rounds > 0 and {done})
            """).ExecuteAsync(work, cancellationToken);
    }

    private async Task PutOffAsync(long accountId, List<Person> people, CancellationToken cancellationToken)
    {
        // The first failure of many says nothing of any of them: they are tried one by one, at once.
        var ids = people.Select(p => p.ContactId).ToArray();
        var wait = people.Count > 1 ? TimeSpan.Zero : AfterFailure;
        await using var work = await AccountTransaction.BeginAsync(database, accountId, cancellationToken);
        await Sql.Of($"""
            update contacts.erasure set failures = failures + 1, due_at = {clock.GetUtcNow()} + {wait} * least(failures + 1, 60)
            where account_id = {accountId} and contact_id = any ({ids})
            """).ExecuteAsync(work, cancellationToken);
        await work.CommitAsync(cancellationToken);
    }

    private sealed record Next(long AccountId, int Failures);

    private sealed record Person(long ContactId, string Address, DateTimeOffset DeletedAt);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Count} deleted contacts of account {AccountId} could not be erased; it is tried again")]
    private partial void LogFailed(Exception exception, int count, long accountId);
}
