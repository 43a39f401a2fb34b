using Millrace.TestKit;

namespace Millrace.Automations.Tests;

public sealed class Map_of_automations(Product product)
{
    [Fact]
    public async Task It_shows_who_starts_and_ends_whom_and_by_what()
    {
        var scenario = await Scenario.NewAsync(product);
        await scenario.ImportAsync("""{ "name": "Sales", "create": true, "triggers": [ { "type": "tag.added", "tag": "hot" } ], "steps": [ { "id": "g", "type": "goal", "name": "Bought", "conditions": { "all": [] } } ] }""");
        await scenario.ImportAsync("""{ "name": "Thanks", "triggers": [ { "type": "goal.reached", "automation": "Sales", "goal": "bought" } ], "steps": [ { "type": "flow.end_automation", "automation": "Sales" } ] }""");
        await scenario.ImportAsync("""
            { "name": "Welcome", "create": true, "triggers": [ { "type": "list.subscribed", "list": "News" } ],
              "steps": [ { "id": "f", "type": "flow.if", "conditions": { "all": [] }, "yes": [ { "type": "tag.add", "tag": "hot" } ], "no": [ { "type": "flow.start_automation", "automation": "Thanks" } ] },
                         { "type": "tag.add", "tag": "cold" } ] }
            """);
        await scenario.ImportAsync("""{ "name": "Alone", "steps": [ { "type": "flow.end" } ] }""", activate: false);

        var map = await scenario.Account.GetAsync("automations/map");
        ((int)map["total"]!).ShouldBe(4);
        var names = map["items"]!.AsArray().ToDictionary(i => (long)i!["id"]!, i => (string)i!["name"]!);
        names.Values.ShouldBe(["Alone", "Sales", "Thanks", "Welcome"]);
        map["links"]!.AsArray().Select(l => $"{names[(long)l!["from"]!]} {l["kind"]} {names[(long)l["to"]!]} {l["thing"]}".Trim()).Order(StringComparer.Ordinal).ShouldBe(
        [
            "Sales goal.reached Thanks Bought", "Thanks flow.end_automation Sales", "Welcome flow.start_automation Thanks", "Welcome tag.added Sales hot",
        ]);
    }

    [Fact]
    public async Task Of_more_than_a_hundred_only_the_linked_ones_are_shown()
    {
        var scenario = await Scenario.NewAsync(product);
        await scenario.ExecuteAsync(Kernel.Data.Sql.Of($$"""
            insert into automations.automation (account_id, name, draft, created_at, updated_at)
            select {{scenario.Account.Id}}, 'Many ' || n, '{"triggers":[],"steps":[]}'::jsonb, {{product.Now}}, {{product.Now}} from generate_series(1, 101) n
            """));
        await scenario.ImportAsync("""{ "name": "Starter", "steps": [ { "type": "flow.start_automation", "automation": "Many 7" } ] }""", activate: false);
        var map = await scenario.Account.GetAsync("automations/map");
        ((int)map["total"]!).ShouldBe(102);
        map["items"]!.AsArray().Select(i => (string)i!["name"]!).ShouldBe(["Many 7", "Starter"]);
    }
}
