using Millrace.Kernel.Data;
using Npgsql;

namespace Millrace.Contacts.Counting;

/// <summary>What is counted.</summary>
internal enum CounterKind
{
    /// <summary>Active subscribers of a list.</summary>
    List,

    /// <summary>Contacts with a tag.</summary>
    Tag,
}

/// <summary>Kept counts. Changed by the reaction to the log, and by bulk work that leaves the reactor out.</summary>
internal static class Counters
{
    /// <summary>Adds to counters, always in one order, so that two batches never deadlock. Subjects that no longer exist are left out.</summary>
    public static async Task AddAsync(
        NpgsqlTransaction transaction, long accountId, IReadOnlyDictionary<(CounterKind Kind, long SubjectId), long> changes, CancellationToken cancellationToken)
    {
        var real = changes.Where(c => c.Value != 0).ToArray();
        if (real.Length == 0)
        {
            return;
        }

        string[] kinds = [.. real.Select(c => EnumNames<CounterKind>.NameOf(c.Key.Kind))];
        await Sql.Of($"""
            insert into contacts.counter as c (account_id, kind, subject_id, total)
            select {accountId}, n.kind, n.subject_id, n.change
            from unnest({kinds}, {real.Select(c => c.Key.SubjectId).ToArray()}, {real.Select(c => c.Value).ToArray()}) as n (kind, subject_id, change)
            where (n.kind = 'list' and exists (select 1 from contacts.list l where l.account_id = {accountId} and l.id = n.subject_id))
               or (n.kind = 'tag' and exists (select 1 from contacts.tag t where t.account_id = {accountId} and t.id = n.subject_id))
            order by n.kind, n.subject_id
            on conflict (account_id, kind, subject_id) do update set total = c.total + excluded.total
            """).ExecuteAsync(transaction, cancellationToken);
    }

    /// <summary>The thing is gone, so is its count.</summary>
    public static Task ForgetAsync(
        NpgsqlTransaction transaction, long accountId, CounterKind kind, long subjectId, CancellationToken cancellationToken) =>
        Sql.Of($"delete from contacts.counter where account_id = {accountId} and kind = {kind} and subject_id = {subjectId}")
            .ExecuteAsync(transaction, cancellationToken);
}
