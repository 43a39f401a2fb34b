using Millrace.Kernel.Data;
using Millrace.TestKit;
using Npgsql;

namespace Millrace.Automations.Tests;

/// <summary>Waits are looked at again when something happens that they read, and then only those of the contact it happened to.</summary>
public sealed class Waiting_costs_nothing(Product product) : IClassFixture<Product>
{
    private const int People = 5_000;
    private const int Happenings = 10;

    [Fact]
    public async Task An_activity_wakes_the_runs_of_its_contact_and_reads_no_others()
    {
        var scenario = await Scenario.NewAsync(product);
        var account = scenario.Account;
        var automation = await scenario.ImportAsync("""
            { "name": "Patient", "create": true, "steps": [
              { "id": "w", "type": "wait.until", "conditions": { "any": [ { "field": "tag", "op": "has", "value": "go" }, { "activity": "tag.added", "tag": "other" } ] } } ] }
            """);
        var contacts = await scenario.ContactsAsync(People);
        await scenario.AddAsync(automation, contacts);
        await Product.EventuallyAsync(async () => await InsideAsync(scenario) == People, "all are in", 60);
        await account.SettledAsync();
        await AnalyzeAsync();
        // Rows are told to the statistics a little late; here everything has been.
        var before = await SteadyAsync();

        var go = await scenario.QueryAsync<long>(Sql.Of($"select id from contacts.tag where account_id = {account.Id} and name = 'go'"));
        foreach (var contact in contacts.Take(Happenings))
        {
            await account.V3PostAsync("contactTags", new { contactTag = new { contact, tag = go } });
        }

        await Product.EventuallyAsync(async () => await InsideAsync(scenario) == People - Happenings, "those ten have gone on");
        await account.SettledAsync();
        var read = await SteadyAsync() - before;
        read.ShouldBeInRange(Happenings, People / 5, "Rows of runs read for ten activities.");
    }

    /// <summary>From the tallies, so that looking at it reads no runs.</summary>
    private static Task<long> InsideAsync(Scenario scenario) => scenario.QueryAsync<long>(Sql.Of($"""
        select coalesce(sum(case when what = 'entered' then total else -total end), 0)::bigint from automations.tally
        where account_id = {scenario.Account.Id} and step_key = '' and what in ('entered', 'completed')
        """));

    /// <summary>As autovacuum does within the first minute. Before that the engine's update reads the whole account, for the planner knows of no rows.</summary>
    private async Task AnalyzeAsync()
    {
        await using var connection = new NpgsqlConnection(product.OwnerConnectionString);
        await connection.OpenAsync();
        await Sql.Of($"analyze automations.run").ExecuteAsync(connection, CancellationToken.None);
    }

    private async Task<long> SteadyAsync()
    {
        await using var connection = new NpgsqlConnection(product.OwnerConnectionString);
        await connection.OpenAsync();
        var (last, same) = (-1L, 0);
        await Product.EventuallyAsync(
            async () =>
            {
                await Task.Delay(400);
                var now = await Sql.Of($"""
                    select (coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0))::bigint from pg_stat_user_tables where schemaname = 'automations' and relname = 'run'
                    """).FirstAsync<long>(connection, CancellationToken.None);
                same = now == last ? same + 1 : 0;
                last = now;
                return same >= 6;
            },
            "the statistics stand still");
        return last;
    }
}
