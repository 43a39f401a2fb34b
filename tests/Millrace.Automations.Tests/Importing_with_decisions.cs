using System.Text;
using System.Text.Json.Nodes;
using Millrace.TestKit;

namespace Millrace.Automations.Tests;

/// <summary>The import wizard: what is missing here, made or standing for something else.</summary>
public sealed class Importing_with_decisions(Product product)
{
    private const string Document = """
        { "name": "Handover",
          "triggers": [ { "id": "t", "type": "tag.added", "tag": "VIP" } ],
          "steps": [ { "id": "l", "type": "list.subscribe", "list": "News" },
                     { "id": "f", "type": "flow.if", "conditions": { "all": [ { "field": "tag", "op": "has", "value": "vip" } ] }, "yes": [], "no": [] },
                     { "id": "o", "type": "flow.start_automation", "automation": "Elsewhere" } ] }
        """;

    [Fact]
    public async Task The_preview_names_each_missing_thing_once_and_makes_nothing()
    {
        var scenario = await Scenario.NewAsync(product);
        var creating = JsonNode.Parse(Document)!;
        creating["create"] = true;
        var preview = await scenario.Account.PostAsync("automations/import/preview", creating);
        ((string)preview["name"]!, (int)preview["triggers"]!, (int)preview["steps"]!, (bool)preview["name_taken"]!).ShouldBe(("Handover", 1, 3, false));
        preview["missing"]!.AsArray().Select(m => ((string)m!["source"]!, (string)m["name"]!, (bool)m["can_create"]!, (bool)m["can_leave_open"]!, m["paths"]!.AsArray().Count))
            .OrderBy(m => m.Item1, StringComparer.Ordinal)
            .ShouldBe([("automation", "Elsewhere", false, true, 1), ("list", "News", true, true, 1), ("tag", "VIP", true, false, 2)]);
        preview["errors"]!.AsArray().ShouldBeEmpty();
        (await scenario.QueryAsync<long>(Kernel.Data.Sql.Of($"select count(*) from contacts.tag where account_id = {scenario.Account.Id}"))).ShouldBe(0);
        (await scenario.Account.GetAsync("automations"))["total"]!.GetValue<long>().ShouldBe(0);
    }

    [Fact]
    public async Task Names_stand_for_others_and_what_is_left_open_is_asked_for_in_the_builder()
    {
        var scenario = await Scenario.NewAsync(product);
        var important = await scenario.TagAsync("Important");
        var given = JsonNode.Parse(Document)!;
        given["create"] = true;
        given["use"] = JsonNode.Parse("""{ "tag": { "VIP": "Important", "vip": "Important" }, "automation": { "Elsewhere": "" } }""");
        var id = (await scenario.Account.PostAsync("automations/import", given))["id"]!.ToString();

        var document = (await scenario.Account.GetAsync($"automations/{id}"))["document"]!;
        ((long)document["triggers"]![0]!["tag"]!).ShouldBe(important);
        ((long)document["steps"]![1]!["conditions"]!["all"]![0]!["value"]!).ShouldBe(important);
        document["steps"]![2]!["automation"].ShouldBeNull();
        var problems = (await scenario.Account.PostAsync($"automations/{id}/check", new { }))["problems"]!.AsArray();
        problems.Select(p => $"{p!["step_id"]} {p["code"]}").ShouldContain("o required");
        (await scenario.QueryAsync<long>(Kernel.Data.Sql.Of($"select count(*) from contacts.tag where account_id = {scenario.Account.Id}"))).ShouldBe(1, "nothing was made beside it");
    }

    [Theory]
    [InlineData("""{ "name": "X", "use": 7 }""", "/use")]
    [InlineData("""{ "name": "X", "use": { "tag": [] } }""", "/use")]
    [InlineData("""{ "name": "X", "use": { "tag": { "a": 7 } } }""", "/use")]
    [InlineData("""{ "name": "X", "use": {}, "oops": 1 }""", "/oops")]
    public async Task What_is_wrong_is_told_by_preview_and_import_alike(string document, string path)
    {
        var scenario = await Scenario.NewAsync(product);
        var preview = await scenario.Account.PostAsync("automations/import/preview", JsonNode.Parse(document)!);
        preview["errors"]!.AsArray().Select(e => (string)e!["path"]!).ShouldContain(path);
        using var content = new StringContent(document, Encoding.UTF8, "application/json");
        using var answer = await scenario.Account.App.PostAsync(new Uri("automations/import", UriKind.Relative), content);
        ((int)answer.StatusCode).ShouldBe(422);
    }
}
