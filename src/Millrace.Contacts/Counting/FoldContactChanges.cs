using Millrace.Kernel.Data;
using Millrace.Kernel.Workers;
using Npgsql;

namespace Millrace.Contacts.Counting;

/// <summary>
/// Adds what was told of made and deleted contacts to the counter. A change goes from one to the other in one statement; two workers at once wait for each
/// other at the first row and the second then finds nothing.
/// </summary>
internal sealed class FoldContactChanges(NpgsqlDataSource database) : IWorkerPass
{
    private const int BatchSize = 10_000;

    /// <returns>0 unless there is more: what was told meanwhile has time until the next look, or a steady trickle would keep it at work.</returns>
    public async Task<int> RunOnceAsync(CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.ForAllAccountsAsync(database, cancellationToken);
        var told = await Sql.Of($"""
            with told as (
                delete from contacts.contact_change c
                using (select account_id, id from contacts.contact_change order by account_id, id limit {BatchSize}) first
                where c.account_id = first.account_id and c.id = first.id
                returning c.account_id, c.change),
            added as (
                insert into contacts.counter as c (account_id, kind, subject_id, total)
                select account_id, 'contacts', 0, sum(change) from told group by account_id order by account_id
                on conflict (account_id, kind, subject_id) do update set total = c.total + excluded.total)
            select count(*)::int from told
            """).FirstAsync<int>(work, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return told == BatchSize ? told : 0;
    }
}
