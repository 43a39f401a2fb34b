using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Millrace.Automations.Entry;
using Millrace.Kernel.Data;
using Millrace.TestKit;

namespace Millrace.Automations.Tests;

/// <summary>Contacts that matched before the automation began come in when one asks for it: counted first, each once, whatever happens in between.</summary>
public sealed class Admitting(Product product)
{
    private const string Tagged = """
        { "name": "Tagged", "create": true, "triggers": [ { "id": "t", "type": "tag.added", "tag": "vip", "runs": "RUNS" } ],
          "steps": [ { "id": "w", "type": "wait.for", "duration": "P9D" } ] }
        """;

    [Theory]
    [InlineData("once")]
    [InlineData("multiple")]
    public async Task They_are_counted_and_let_in_once_and_a_second_time_finds_nobody(string runs)
    {
        var scenario = await Scenario.NewAsync(product);
        var (inside, other) = (await scenario.ContactsAsync(5), await scenario.ContactAsync());
        await scenario.TagThemAsync("vip", inside);
        var automation = await scenario.ImportAsync(Tagged.Replace("RUNS", runs, StringComparison.Ordinal));

        var count = await scenario.Account.GetAsync($"automations/{automation}/standing");
        ((long)count["entering"]!, (bool)count["triggers"]![0]!["countable"]!, (long)count["triggers"]![0]!["matching"]!).ShouldBe((5, true, 5));
        await AdmitAsync(scenario, automation);

        (await RunsAsync(scenario, automation)).ShouldBe(5);
        (await scenario.RunsAsync(automation, other)).ShouldBe(0);
        var job = await JobAsync(scenario, automation);
        ((string)job["state"]!, (long)job["expected"]!, (long)job["entered"]!).ShouldBe(("finished", 5, 5));
        ((long)(await scenario.Account.GetAsync($"automations/{automation}/standing"))["entering"]!).ShouldBe(0);
        await AdmitAsync(scenario, automation);
        (await RunsAsync(scenario, automation)).ShouldBe(5);
    }

    [Fact]
    public async Task A_crash_between_two_batches_loses_nobody_and_lets_nobody_in_twice()
    {
        const int people = (2 * AdmitStanding.Batch) + 300;
        var scenario = await Scenario.NewAsync(product);
        await scenario.TagThemAsync("vip", await scenario.ContactsAsync(people));
        var automation = await scenario.ImportAsync(Tagged.Replace("RUNS", "multiple", StringComparison.Ordinal));

        // Not for the server's own worker yet.
        var later = product.Now.AddHours(1);
        await scenario.Account.PostAsync($"automations/{automation}/standing", new { });
        await scenario.ExecuteAsync(Sql.Of($"update automations.admission set next_at = {later} where account_id = {scenario.Account.Id} and state = 'running'"));
        var id = await scenario.QueryAsync<long>(Sql.Of($"select max(id) from automations.admission where account_id = {scenario.Account.Id}"));
        var dying = ActivatorUtilities.CreateInstance<AdmitStanding>(product.Services);
        var batches = 0;
        dying.BeforeCommit = () => ++batches == 2 ? throw new IOException("killed") : Task.CompletedTask;
        await dying.BatchAsync(scenario.Account.Id, id, CancellationToken.None);
        try
        {
            await dying.BatchAsync(scenario.Account.Id, id, CancellationToken.None);
        }
        catch (IOException)
        {
            // The process is dead.
        }

        await scenario.ExecuteAsync(Sql.Of($"update automations.admission set next_at = {product.Now} where account_id = {scenario.Account.Id} and state = 'running'"));
        await FinishedAsync(scenario, automation);
        (await RunsAsync(scenario, automation)).ShouldBe(people);
        (await scenario.QueryAsync<long>(Sql.Of($"""
            select count(distinct contact_id) from automations.run where account_id = {scenario.Account.Id} and automation_id = {automation}
            """))).ShouldBe(people);
        ((long)(await JobAsync(scenario, automation))["entered"]!).ShouldBe(people);
        (await scenario.QueryAsync<long>(Sql.Of($"""
            select sum(total)::bigint from automations.tally where account_id = {scenario.Account.Id} and automation_id = {automation} and what = 'entered'
            """))).ShouldBe(people);
    }

    [Fact]
    public async Task The_real_trigger_at_the_same_moment_lets_nobody_in_a_second_time()
    {
        for (var round = 0; round < 2; round++)
        {
            var scenario = await Scenario.NewAsync(product);
            var automation = await scenario.ImportAsync(Tagged.Replace("RUNS", "multiple", StringComparison.Ordinal));
            var people = await scenario.ContactsAsync(400);

            // Some match already by what the log will only now hand to the trigger, while the others are being let in.
            await scenario.ExecuteAsync(Sql.Of($"update automations.automation set active_since = {product.Now.AddDays(-1)} where account_id = {scenario.Account.Id} and id = {automation}"));
            var happening = people.Chunk(50).Select(some => scenario.TagThemAsync("vip", some)).Append(
                scenario.Account.PostAsync($"automations/{automation}/standing", new { }));
            await Task.WhenAll(happening);
            await scenario.Account.SettledAsync();
            await FinishedAsync(scenario, automation);
            await AdmitAsync(scenario, automation);
            await scenario.Account.SettledAsync();

            (await RunsAsync(scenario, automation)).ShouldBe(400);
        }
    }

    [Fact]
    public async Task Conditions_of_the_trigger_the_entry_rule_and_several_triggers_count()
    {
        var scenario = await Scenario.NewAsync(product);
        var people = await scenario.ContactsAsync(6);
        await scenario.TagThemAsync("vip", people[..4]);
        await scenario.TagThemAsync("gold", people[2..]);
        var automation = await scenario.ImportAsync("""
            { "name": "Both", "create": true, "entry": "once",
              "triggers": [ { "id": "a", "type": "tag.added", "tag": "vip", "runs": "multiple", "where": { "all": [ { "field": "first_name", "op": "is", "value": "Ann" } ] } },
                            { "id": "b", "type": "tag.added", "tag": "gold", "runs": "once" },
                            { "id": "c", "type": "tag.added", "runs": "once" }, { "id": "d", "type": "goal.reached" } ],
              "steps": [ { "id": "w", "type": "wait.for", "duration": "P9D" } ] }
            """);
        await scenario.ExecuteAsync(Sql.Of($"update contacts.contact set first_name = 'Ann' where account_id = {scenario.Account.Id} and id = any ({people[..3]})"));
        await scenario.AddAsync(automation, people[5]);

        var count = await scenario.Account.GetAsync($"automations/{automation}/standing");
        count["triggers"]!.AsArray().Select(t => ((string)t!["id"]!, (bool)t["countable"]!, (long)t["matching"]!, (long)t["entering"]!)).ShouldBe(
            [("a", true, 3, 3), ("b", true, 4, 3), ("c", false, 0, 0), ("d", false, 0, 0)]);
        ((long)count["entering"]!).ShouldBe(5);
        await AdmitAsync(scenario, automation);

        foreach (var contact in people)
        {
            (await scenario.RunsAsync(automation, contact)).ShouldBe(1);
        }

        (await scenario.QueryAsync<string>(Sql.Of($"""
            select string_agg(coalesce(trigger_key, '-'), '' order by contact_id) from automations.run where account_id = {scenario.Account.Id} and automation_id = {automation}
            """))).ShouldBe("aaabb-");
    }

    [Fact]
    public async Task Lists_and_fields_know_their_contacts_too()
    {
        var scenario = await Scenario.NewAsync(product);
        var people = await scenario.ContactsAsync(4);
        var automation = await scenario.ImportAsync("""
            { "name": "States", "create": true,
              "triggers": [ { "id": "l", "type": "list.subscribed", "list": "News" }, { "id": "any", "type": "list.subscribed" },
                            { "id": "u", "type": "list.unsubscribed", "list": "News" }, { "id": "f", "type": "field.changed", "field": "First name", "to": "Ann" },
                            { "id": "from", "type": "field.changed", "field": "First name", "from": "Ann" } ],
              "steps": [ { "id": "w", "type": "wait.for", "duration": "P9D" } ] }
            """);
        var list = await scenario.QueryAsync<long>(Sql.Of($"select id from contacts.list where account_id = {scenario.Account.Id} and name = 'News'"));
        await using (var work = await scenario.Account.BeginAsync())
        {
            await Sql.Of($"""
                insert into contacts.subscription (account_id, contact_id, list_id, status, subscribed_at, created_at, updated_at)
                select {scenario.Account.Id}, c, {list}, case c when {people[0]} then 'unsubscribed' else 'active' end, {product.Now}, {product.Now}, {product.Now} from unnest({people[..3]}) c
                """).ExecuteAsync(work, CancellationToken.None);
            await Sql.Of($"update contacts.contact set first_name = 'ann' where account_id = {scenario.Account.Id} and id = {people[3]}").ExecuteAsync(work, CancellationToken.None);
            await work.CommitAsync(CancellationToken.None);
        }

        var count = await scenario.Account.GetAsync($"automations/{automation}/standing");
        count["triggers"]!.AsArray().Select(t => ((string)t!["id"]!, (bool)t["countable"]!, (long)t["matching"]!)).ShouldBe(
            [("l", true, 2), ("any", true, 2), ("u", true, 1), ("f", true, 1), ("from", false, 0)]);
        ((long)count["entering"]!).ShouldBe(4);
    }

    [Fact]
    public async Task It_can_be_called_off_and_stops_when_the_automation_is_switched_off()
    {
        var scenario = await Scenario.NewAsync(product);
        await scenario.TagThemAsync("vip", await scenario.ContactsAsync(3));
        var automation = await scenario.ImportAsync(Tagged.Replace("RUNS", "once", StringComparison.Ordinal), activate: false);
        (await StatusAsync(scenario, automation, new { })).ShouldBe(HttpStatusCode.Conflict);

        await scenario.Account.PostAsync($"automations/{automation}/publish", new { });
        await scenario.Account.App.PostAsync(new Uri($"automations/{automation}/activate", UriKind.Relative), null);
        await HoldAsync(scenario, automation);
        (await StatusAsync(scenario, automation, new { })).ShouldBe(HttpStatusCode.Conflict);
        var job = (await scenario.Account.PostAsync($"automations/{automation}/standing/cancel", new { }))["job"]!;
        ((string)job["state"]!, (long)job["entered"]!).ShouldBe(("cancelled", 0));
        (await RunsAsync(scenario, automation)).ShouldBe(0);

        await HoldAsync(scenario, automation);
        await scenario.Account.App.PostAsync(new Uri($"automations/{automation}/deactivate", UriKind.Relative), null);
        await scenario.ExecuteAsync(Sql.Of($"update automations.admission set next_at = {product.Now} where account_id = {scenario.Account.Id} and state = 'running'"));
        await FinishedAsync(scenario, automation);
        ((string)(await JobAsync(scenario, automation))["state"]!).ShouldBe("stopped");
        (await RunsAsync(scenario, automation)).ShouldBe(0);

        async Task HoldAsync(Scenario its, long of)
        {
            // A day ahead, so that the server's worker leaves it alone.
            await using var work = await its.Account.BeginAsync();
            await Sql.Of($"""
                insert into automations.admission (account_id, automation_id, state, triggers, expected, asked_at, next_at)
                values ({its.Account.Id}, {of}, 'running', {new[] { "t" }}, 3, {product.Now}, {product.Now.AddDays(1)})
                """).ExecuteAsync(work, CancellationToken.None);
            await work.CommitAsync(CancellationToken.None);
        }
    }

    [Fact]
    public async Task Bad_input_is_refused_and_starts_nothing()
    {
        var scenario = await Scenario.NewAsync(product);
        var automation = await scenario.ImportAsync(Tagged.Replace("RUNS", "once", StringComparison.Ordinal));
        foreach (var body in new[] { """{ "triggers": ["nope"] }""", """{ "triggers": [null] }""", """{ "triggers": "t" }""", """{ "triggers": ["t' or 1=1 --"] }""", "[]", "{", "7" })
        {
            using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
            using var answer = await scenario.Account.App.PostAsync(new Uri($"automations/{automation}/standing", UriKind.Relative), content);
            ((int)answer.StatusCode).ShouldBeInRange(400, 422, body);
            (await JobOrNullAsync(scenario, automation)).ShouldBeNull();
        }
    }

    private static async Task<HttpStatusCode> StatusAsync(Scenario scenario, long automation, object body)
    {
        using var answer = await scenario.Account.App.PostAsync(new Uri($"automations/{automation}/standing", UriKind.Relative), JsonContentOf(body));
        return answer.StatusCode;
    }

    private static StringContent JsonContentOf(object body) => new(System.Text.Json.JsonSerializer.Serialize(body), System.Text.Encoding.UTF8, "application/json");

    private static async Task AdmitAsync(Scenario scenario, long automation)
    {
        await scenario.Account.PostAsync($"automations/{automation}/standing", new { });
        await FinishedAsync(scenario, automation);
    }

    private static Task FinishedAsync(Scenario scenario, long automation) => Product.EventuallyAsync(
        async () => (string)(await JobAsync(scenario, automation))["state"]! != "running", "they are in", 60);

    private static async Task<JsonNode> JobAsync(Scenario scenario, long automation) => (await JobOrNullAsync(scenario, automation))!;

    private static async Task<JsonNode?> JobOrNullAsync(Scenario scenario, long automation) =>
        (await scenario.Account.GetAsync($"automations/{automation}/standing/job"))["job"];

    private static Task<long> RunsAsync(Scenario scenario, long automation) => scenario.QueryAsync<long>(
        Sql.Of($"select count(*) from automations.run where account_id = {scenario.Account.Id} and automation_id = {automation}"));
}
