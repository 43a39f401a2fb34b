using Millrace.Kernel.Data;
using Npgsql;

namespace Millrace.Messaging.Deliverability;

/// <summary>Adds to the counters of what became of mails, by the recipients' domain.</summary>
internal static class DomainTally
{
    private const int Shards = 4;

    /// <param name="counts">Lower-case domain, and one of <c>sent</c>, <c>hard</c>, <c>soft</c>, <c>block</c>, <c>complained</c>, <c>deferred</c>.</param>
    public static Task<int> AddAsync(
        NpgsqlTransaction transaction, long accountId, IReadOnlyCollection<(DateOnly Day, string Domain, string What, long Total)> counts, CancellationToken cancellationToken)
    {
        var shard = (short)(Environment.CurrentManagedThreadId % Shards);
        return counts.Count == 0 ? Task.FromResult(0) : Sql.Of($"""
            insert into messaging.domain_tally as t (account_id, day, domain, what, shard, total)
            select {accountId}, day, domain, what, {shard}, sum(total)
            from unnest({counts.Select(c => c.Day).ToArray()}, {counts.Select(c => c.Domain).ToArray()}, {counts.Select(c => c.What).ToArray()}, {counts.Select(c => c.Total).ToArray()})
                 as c (day, domain, what, total)
            group by 2, 3, 4 order by 2, 3, 4
            on conflict (account_id, day, domain, what, shard) do update set total = t.total + excluded.total
            """).ExecuteAsync(transaction, cancellationToken);
    }

    public static string DomainOf(string address) => address[(address.LastIndexOf('@') + 1)..].ToLowerInvariant();
}
