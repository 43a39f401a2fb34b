using Microsoft.Extensions.DependencyInjection;
using Millrace.Activities.Log;
using Millrace.Kernel.Data;
using Millrace.TestKit;

namespace Millrace.Activities.Tests;

/// <summary>The planner knows the log as a whole, and is told no more often than needed.</summary>
public sealed class AnalyzeParentsTests(Product product) : IClassFixture<Product>
{
    private static readonly DateTimeOffset Then = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task The_log_is_analyzed_as_a_whole_when_a_tenth_of_it_is_new_and_not_before()
    {
        await using var database = await OldDatabase.BeforeAsync("9");
        await database.ExecuteAsync(Sql.Of($"insert into accounts.account (name, event_key, created_at) values ('Acme', 'k', {Then})"));
        (await AnalyzeAsync(database)).ShouldBe(0, "an empty log needs nothing");

        await AddAsync(database, 20_000);
        (await AnalyzeAsync(database)).ShouldBe(1);
        (await database.ListAsync<string>(Sql.Of($"""
            select c.reltuples::int || ' ' || (s.last_analyze is not null) from pg_class c join pg_stat_all_tables s on s.relid = c.oid where c.oid = 'activities.activity'::regclass
            """))).ShouldBe(["20000 true"]);
        (await AnalyzeAsync(database)).ShouldBe(0, "nothing is new");

        await AddAsync(database, 1_500);
        (await AnalyzeAsync(database)).ShouldBe(0, "less than a tenth is new");

        await AddAsync(database, 2_500);
        (await AnalyzeAsync(database)).ShouldBe(1);
        (await AnalyzeAsync(database)).ShouldBe(0);
    }

    [Fact]
    public async Task The_server_may_ask_although_it_owns_nothing() =>
        (await ActivatorUtilities.CreateInstance<AnalyzeParents>(product.Services).RunOnceAsync(CancellationToken.None)).ShouldBe(0);

    private static Task AddAsync(OldDatabase database, int rows) => database.ExecuteAsync(Sql.Of($"""
        insert into activities.activity (account_id, contact_id, occurred_at, kind) select 1, n, {Then}, 'contact.created' from generate_series(1, {rows}) n
        """));

    private static async Task<int> AnalyzeAsync(OldDatabase database)
    {
        // Counts of rows reach the others about a second late; here at once.
        await database.ListAsync<string>(Sql.Of($"select pg_stat_force_next_flush()::text"));
        await database.ListAsync<string>(Sql.Of($"select pg_stat_clear_snapshot()::text"));
        return (await database.ListAsync<int>(Sql.Of($"select kernel.analyze_parents()"))).ShouldHaveSingleItem();
    }
}
