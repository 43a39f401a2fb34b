using Millrace.Kernel.Data;
using Millrace.Kernel.Workers;
using Npgsql;

namespace Millrace.Automations.Reports;

/// <summary>
/// Puts the shards of quarters that are over together, so that a year of a busy automation stays quick to sum. What is added late to a quarter is folded
/// in another time; the sum is the same at every moment.
/// </summary>
internal sealed class FoldPeriodTallies(NpgsqlDataSource database, TimeProvider clock) : IWorkerPass
{
    private const int Batch = 5_000;
    private static readonly TimeSpan Rest = TimeSpan.FromMinutes(20);

    public async Task<int> RunOnceAsync(CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.ForAllAccountsAsync(database, cancellationToken);
        var folded = await Sql.Of($"""
            with old as materialized (
                select account_id, automation_id, quarter, step_key, what, shard from automations.period_tally
                where shard > 0 and quarter < {clock.GetUtcNow() - Rest} order by quarter limit {Batch} for update skip locked),
            gone as (
                delete from automations.period_tally t using old
                where t.account_id = old.account_id and t.automation_id = old.automation_id and t.quarter = old.quarter and t.step_key = old.step_key
                  and t.what = old.what and t.shard = old.shard
                returning t.account_id, t.automation_id, t.quarter, t.step_key, t.what, t.total),
            folded as (
                insert into automations.period_tally as t (account_id, automation_id, quarter, step_key, what, shard, total)
                select account_id, automation_id, quarter, step_key, what, 0, sum(total) from gone group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5
                on conflict (account_id, automation_id, quarter, step_key, what, shard) do update set total = t.total + excluded.total)
            select count(*)::int from gone
            """).FirstAsync<int>(work, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return folded;
    }
}
