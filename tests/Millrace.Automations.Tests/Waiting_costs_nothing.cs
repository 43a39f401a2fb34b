using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Millrace.Activities.Contracts;
using Millrace.Automations.Engine;
using Millrace.Automations.Entry;
using Millrace.Kernel.Data;
using Millrace.TestKit;

namespace Millrace.Automations.Tests;

/// <summary>
/// Waits and goals are looked at again when something happens that they read, and then only those of the contact it happened to; nobody goes round and asks everybody.
/// The reaction and the engine's batch are called in a transaction of the test, and the server says how many rows that transaction has read.
/// </summary>
public sealed class Waiting_costs_nothing(Product product) : IClassFixture<Product>
{
    /// <summary>Rows of runs that one activity may read: to find its run, to load it, to look at earlier failures, to write it back, each seldom twice.</summary>
    private const long RowsEach = 12;

    /// <summary>So many that reading them all would not be the quickest way for once.</summary>
    private const int People = 2_000;

    [Fact]
    public async Task An_activity_reads_the_runs_of_its_contact_however_many_others_wait()
    {
        var scenario = await Scenario.NewAsync(product);
        var (go, other) = (await scenario.TagAsync("go"), await scenario.TagAsync("other"));
        var automation = await scenario.ImportAsync("""
            { "name": "Patient", "create": true, "steps": [
              { "id": "w", "type": "wait.until", "conditions": { "any": [ { "field": "tag", "op": "has", "value": "go" }, { "activity": "tag.added", "tag": "other" } ] } },
              { "id": "h", "type": "wait.for", "duration": "P1D" },
              { "id": "g", "type": "goal", "name": "Bought", "conditions": { "all": [ { "field": "tag", "op": "has", "value": "go" } ] } } ] }
            """);
        var contacts = await scenario.ContactsAsync(People);
        await scenario.AddAsync(automation, contacts);
        await Product.EventuallyAsync(
            async () => await scenario.QueryAsync<long>(Sql.Of($"""
                select count(*) from automations.run where account_id = {scenario.Account.Id} and status = 'waiting' and step_key = 'w' and due_at is null
                """)) == People,
            "all wait",
            60);
        await scenario.Account.SettledAsync();
        var contact = contacts[People / 2];
        await using var work = await scenario.Account.BeginAsync();

        (await ReadAsync(work, () => LookAsync(work))).ShouldBe(0, "The engine's look for those whose time has come reads nobody who has no time.");
        (await ReadAsync(work, () => HappenAsync(scenario, work, contact, "list.subscribed", 1))).ShouldBe(0, "What no condition names reads nobody.");
        (await ReadAsync(work, () => HappenAsync(scenario, work, contact, "tag.added", other + 1_000))).ShouldBeInRange(1, RowsEach, "What leaves the answer as it is.");
        (await StepAsync(scenario, work, contact)).ShouldBe("w");

        await Sql.Of($"insert into contacts.contact_tag (account_id, contact_id, tag_id, tagged_at) values ({scenario.Account.Id}, {contact}, {go}, {product.Now})")
            .ExecuteAsync(work, default);
        (await ReadAsync(work, () => HappenAsync(scenario, work, contact, "tag.added", go))).ShouldBeInRange(1, RowsEach, "What ends the wait.");
        (await StepAsync(scenario, work, contact)).ShouldNotBe("w");
        (await StepAsync(scenario, work, contacts[0])).ShouldBe("w");
    }

    /// <summary>What the reactor does with an activity, and the engine with what comes of it.</summary>
    private async Task HappenAsync(Scenario scenario, AccountTransaction work, long contact, string kind, long subject)
    {
        var account = scenario.Account.Id;
        var entry = new ActivityEntry(0, contact, kind, subject, null, null, product.Now, JsonElement.Parse("{}"));
        await product.Services.GetServices<IReaction>().OfType<NudgeWaiting>().Single()
            .ReactAsync(new ReactionBatch(work.Transaction, account, product.Now, [entry]), default);
        var nudges = await Sql.Of($"select account_id, id, run_id, skip from automations.nudge where account_id = {account}").ListAsync<Nudge>(work, default);
        await product.Services.GetRequiredService<RunBatch>().ExecuteAsync(
            work.Transaction, [.. nudges.Select(n => new RunKey(n.AccountId, n.RunId)).Distinct()], nudges, shard: 0, product.Now, default);
    }

    /// <summary>What each pass of the engine begins with, over all buckets.</summary>
    private async Task LookAsync(AccountTransaction work) => await RunStore.FindAsync(
        work.Transaction, new BucketSlice([.. Enumerable.Range(0, 256).Select(b => (short)b)], new long[256], Careful: false), product.Now, default);

    private static Task<string?> StepAsync(Scenario scenario, AccountTransaction work, long contact) => Sql.Of($"""
        select step_key from automations.run where account_id = {scenario.Account.Id} and contact_id = {contact}
        """).FirstAsync<string>(work, default);

    /// <summary>Rows of runs that the transaction reads meanwhile.</summary>
    private static async Task<long> ReadAsync(AccountTransaction work, Func<Task> act)
    {
        var before = await RowsAsync();
        await act();
        return await RowsAsync() - before;

        Task<long> RowsAsync() => Sql.Of($"""
            select (coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0))::bigint from pg_stat_xact_user_tables where schemaname = 'automations' and relname = 'run'
            """).FirstAsync<long>(work, default);
    }
}
