using Millrace.Kernel.Data;
using Millrace.Kernel.Workers;
using Npgsql;

namespace Millrace.Messaging.Reports;

/// <summary>
/// Puts the shards of quarters and days that are over together, so that reports read one row where workers have written eight. A mail that is opened late is added to the
/// quarter it was sent in, and folded in another time; the sum is the same at every moment.
/// </summary>
internal sealed class FoldMailTallies(NpgsqlDataSource database, TimeProvider clock) : IWorkerPass
{
    private const int Batch = 5_000;
    private static readonly TimeSpan Rest = TimeSpan.FromMinutes(20);

    public async Task<int> RunOnceAsync(CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.ForAllAccountsAsync(database, cancellationToken);
        var folded = await Sql.Of($"""
            with old as materialized (
                select account_id, automation_id, message_id, quarter, what, shard from messaging.mail_tally
                where shard > 0 and quarter < {clock.GetUtcNow() - Rest} order by quarter limit {Batch} for update skip locked),
            gone as (
                delete from messaging.mail_tally t using old
                where t.account_id = old.account_id and t.automation_id = old.automation_id and t.message_id = old.message_id and t.quarter = old.quarter
                  and t.what = old.what and t.shard = old.shard
                returning t.account_id, t.automation_id, t.message_id, t.quarter, t.what, t.total),
            folded as (
                insert into messaging.mail_tally as t (account_id, automation_id, message_id, quarter, what, shard, total)
                select account_id, automation_id, message_id, quarter, what, 0, sum(total) from gone group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5
                on conflict (account_id, automation_id, message_id, quarter, what, shard) do update set total = t.total + excluded.total)
            select count(*)::int from gone
            """).FirstAsync<int>(work, cancellationToken);
        folded += await FoldDaysAsync(work, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return folded;
    }

    /// <summary>A day is over everywhere two days later.</summary>
    private async Task<int> FoldDaysAsync(AccountTransaction work, CancellationToken cancellationToken) => await Sql.Of($"""
        with old as materialized (
            select account_id, message_id, day, source, what, ways, shard from messaging.event_tally
            where shard > 0 and day < {DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime).AddDays(-1)} order by day limit {Batch} for update skip locked),
        gone as (
            delete from messaging.event_tally t using old
            where t.account_id = old.account_id and t.message_id = old.message_id and t.day = old.day and t.source = old.source and t.what = old.what and t.ways = old.ways
              and t.shard = old.shard
            returning t.account_id, t.message_id, t.day, t.source, t.what, t.ways, t.total),
        folded as (
            insert into messaging.event_tally as t (account_id, message_id, day, source, what, ways, shard, total)
            select account_id, message_id, day, source, what, ways, 0, sum(total) from gone group by 1, 2, 3, 4, 5, 6 order by 1, 2, 3, 4, 5, 6
            on conflict (account_id, message_id, day, source, what, ways, shard) do update set total = t.total + excluded.total)
        select count(*)::int from gone
        """).FirstAsync<int>(work, cancellationToken);
}
