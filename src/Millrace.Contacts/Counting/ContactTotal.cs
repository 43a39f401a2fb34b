using Millrace.Kernel.Data;
using Npgsql;

namespace Millrace.Contacts.Counting;

/// <summary>
/// How many contacts an account has: exact in every transaction, and the same few rows to read at any size and whatever the reactor still has to do.
/// Whoever makes or deletes contacts says so in the same transaction, so no crash can part the two. A row for each write instead of one counter
/// that all would wait for; <see cref="FoldContactChanges"/> adds them up.
/// </summary>
internal static class ContactTotal
{
    /// <param name="change">Made, or deleted with a minus. Nothing happens for 0.</param>
    public static Task ChangedAsync(NpgsqlTransaction transaction, long accountId, int change, CancellationToken cancellationToken) => change == 0
        ? Task.CompletedTask
        : Sql.Of($"insert into contacts.contact_change (account_id, change) values ({accountId}, {change})").ExecuteAsync(transaction, cancellationToken);

    /// <summary>For a statement that makes contacts: a part of its <c>with</c>.</summary>
    /// <param name="made">Name of the part that returns a row for each.</param>
    public static Sql Made(long accountId, Sql made) => Sql.Of($"""
        counted as (insert into contacts.contact_change (account_id, change) select {accountId}, count(*)::int from {made} having count(*) > 0)
        """);

    /// <summary>One statement sees one moment: each change stands on exactly one side.</summary>
    public static Task<long> ReadAsync(AccountTransaction work, long accountId, CancellationToken cancellationToken) => Sql.Of($"""
        select (select coalesce(sum(total), 0) from contacts.counter where account_id = {accountId} and kind = 'contacts' and subject_id = 0)::bigint
            + (select coalesce(sum(change), 0) from contacts.contact_change where account_id = {accountId})
        """).FirstAsync<long>(work, cancellationToken);
}
