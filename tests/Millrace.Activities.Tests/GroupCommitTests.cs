using Microsoft.Extensions.DependencyInjection;
using Millrace.Kernel.Data;
using Millrace.TestKit;
using Npgsql;

namespace Millrace.Activities.Tests;

/// <summary>One transaction for many callers: all are answered by what is stored, and what the database refuses of one kind is not the other kinds' fault.</summary>
public sealed class GroupCommitTests(Product product) : IClassFixture<Product>
{
    [Fact]
    public async Task Those_who_come_while_one_commits_share_the_next_transaction()
    {
        var group = product.Services.GetRequiredService<GroupCommit>();
        var part = TransactionOf(group);
        var first = SlowOf(group).AddAsync(1);
        // The slow one takes half a second; by now it is under way, and whoever comes goes with the next.
        await Task.Delay(50, TestContext.Current.CancellationToken);

        var transactions = await Task.WhenAll(Enumerable.Range(0, 100).Select(part.AddAsync));

        await first;
        transactions.Distinct().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Each_gets_the_answer_to_its_own_entry()
    {
        var group = product.Services.GetRequiredService<GroupCommit>();
        var doubled = group.Part<int, long, long>(
            static _ => 1, static n => Sql.Of($"select (n * 2)::bigint from unnest({n.ToArray()}) with ordinality as x (n, no) order by no"), static (_, rows) => rows);
        var tripled = group.Part<int, long, long>(
            static _ => 1, static n => Sql.Of($"select (n * 3)::bigint from unnest({n.ToArray()}) with ordinality as x (n, no) order by no"), static (_, rows) => rows);

        var numbers = Enumerable.Range(0, 2_000).ToList();
        var (twos, threes) = (numbers.ConvertAll(doubled.AddAsync), numbers.ConvertAll(tripled.AddAsync));

        (await Task.WhenAll(twos)).ShouldBe(numbers.ConvertAll(n => 2L * n));
        (await Task.WhenAll(threes)).ShouldBe(numbers.ConvertAll(n => 3L * n));
    }

    [Fact]
    public async Task What_the_database_refuses_of_one_kind_fails_nobody_else()
    {
        var group = product.Services.GetRequiredService<GroupCommit>();
        var bad = group.Part<int, long, long>(static _ => 1, static n => Sql.Of($"select (1 / x)::bigint from unnest({n.ToArray()}) x"), static (_, rows) => rows);
        var first = SlowOf(group).AddAsync(1);
        // The slow one takes half a second; by now it is under way, and whoever comes goes with the next.
        await Task.Delay(50, TestContext.Current.CancellationToken);

        var (wrong, right) = (bad.AddAsync(0), TransactionOf(group).AddAsync(1));

        await first;
        (await right).ShouldBeGreaterThan(0);
        (await Should.ThrowAsync<PostgresException>(wrong)).SqlState.ShouldBe(PostgresErrorCodes.DivisionByZero);
    }

    private static GroupCommitPart<int, long> SlowOf(GroupCommit group) => group.Part<int, long, long>(
        static _ => 1, static n => Sql.Of($"select {n[0]}::bigint from pg_sleep(0.5)"), static (_, rows) => rows);

    private static GroupCommitPart<int, long> TransactionOf(GroupCommit group) => group.Part<int, long, long>(
        static _ => 1, static n => Sql.Of($"select pg_current_xact_id()::text::bigint from unnest({n.ToArray()})"), static (_, rows) => rows);
}
