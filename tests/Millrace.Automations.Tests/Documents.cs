using System.Text;
using System.Text.Json.Nodes;
using Millrace.TestKit;

namespace Millrace.Automations.Tests;

public sealed class Documents(Product product)
{
    private const string Full = """
        { "name": "Round trip", "description": "All of it", "entry": "after_exit",
          "triggers": [ { "id": "t", "type": "tag.added", "tag": "start", "runs": "multiple", "where": { "all": [ { "field": "tag", "op": "has", "value": "vip" } ] } } ],
          "steps": [
            { "id": "a", "type": "tag.add", "tag": "engaged" },
            { "id": "f", "type": "flow.if", "conditions": { "any": [ { "field": "tag", "op": "has", "value": "vip" } ] },
              "yes": [ { "id": "y", "type": "wait.for", "duration": "P2D" } ], "no": [ { "id": "e", "type": "flow.end" } ] },
            { "id": "g", "type": "flow.goto", "step": "a" } ] }
        """;

    [Fact]
    public async Task What_is_imported_comes_out_again_word_for_word()
    {
        var scenario = await Scenario.NewAsync(product);
        var given = JsonNode.Parse(Full)!.AsObject();
        var creating = (JsonObject)given.DeepClone();
        creating["create"] = true;
        var automation = await scenario.ImportAsync(creating.ToJsonString(), activate: false);
        var exported = await scenario.Account.GetAsync($"automations/{automation}/export");
        JsonNode.DeepEquals(exported, given).ShouldBeTrue(exported.ToJsonString());
    }

    [Fact]
    public async Task Without_create_every_missing_name_is_told_with_its_path_and_nothing_is_made()
    {
        var scenario = await Scenario.NewAsync(product);
        var answer = await RefusedAsync(scenario, Full, "application/json");
        var paths = answer["errors"]!.AsArray().Select(e => e!["path"]!.GetValue<string>()).ToList();
        paths.ShouldContain("/triggers/0/tag");
        paths.ShouldContain("/steps/0/tag");
        (await scenario.Account.GetAsync("automations"))["total"]!.GetValue<long>().ShouldBe(0);
    }

    [Theory]
    [InlineData("""{ "name": "X", "colour": 1 }""", "/colour", "unknown_key")]
    [InlineData("""{ "name": "X", "steps": [ { "type": "no.such" } ] }""", "/steps/0/type", "unknown_type")]
    [InlineData("""{ "name": "X", "steps": [ { "type": "wait.for", "duration": "2 days" } ] }""", "/steps/0/duration", "invalid_duration")]
    [InlineData("""{ "name": "X", "steps": [ { "type": "wait.for" } ] }""", "/steps/0/duration", "required")]
    [InlineData("""{ "name": "X", "steps": [ { "type": "wait.for", "duration": "P1D", "oops": 1 } ] }""", "/steps/0/oops", "unknown_key")]
    [InlineData("""{ "name": "X", "steps": [ { "type": "flow.goto", "step": "nowhere" } ] }""", "/steps/0/step", "step_missing")]
    [InlineData("""{ "name": "X", "steps": [ { "id": "a", "type": "flow.end" }, { "id": "a", "type": "flow.end" } ] }""", "/steps/1/id", "duplicate_id")]
    [InlineData("""{ "name": "X", "entry": "sometimes" }""", "/entry", "unknown_choice")]
    [InlineData("""{ "name": "X", "triggers": [ { "type": "moon.full" } ] }""", "/triggers/0/type", "unknown_type")]
    [InlineData("""{ "name": "X", "steps": [ { "type": "goal", "name": "g", "conditions": { "all": [] }, "position": "left" } ] }""", "/steps/0/position", "wrong_type")]
    [InlineData("""{ "name": "X", "steps": [ { "type": "flow.if", "conditions": { "all": [] }, "yes": [ { "type": "wait.for" } ] } ] }""", "/steps/0/yes/0/duration", "required")]
    public async Task A_bad_document_is_refused_with_the_path_of_what_is_wrong(string document, string path, string code)
    {
        var scenario = await Scenario.NewAsync(product);
        var answer = await RefusedAsync(scenario, document, "application/json");
        answer["errors"]!.AsArray().Select(e => $"{e!["path"]} {e["code"]}").ShouldContain($"{path} {code}");
    }

    [Fact]
    public async Task Yaml_is_taken_with_the_same_keys()
    {
        var scenario = await Scenario.NewAsync(product);
        using var content = new StringContent("name: From YAML\nsteps:\n  - type: wait.for\n    duration: P2D\n  - type: flow.end\n", Encoding.UTF8, "application/yaml");
        using var answer = await scenario.Account.App.PostAsync(new Uri("automations/import", UriKind.Relative), content);
        ((int)answer.StatusCode).ShouldBe(200, await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("a: &x [1]\nb: *x\n")]
    [InlineData("name: !!python/object 1\n")]
    [InlineData("name: [unclosed\n")]
    public async Task Yaml_that_is_more_than_data_is_refused(string yaml)
    {
        var scenario = await Scenario.NewAsync(product);
        using var content = new StringContent(yaml, Encoding.UTF8, "application/yaml");
        using var answer = await scenario.Account.App.PostAsync(new Uri("automations/import", UriKind.Relative), content);
        ((int)answer.StatusCode).ShouldBe(400);
    }

    private static async Task<JsonNode> RefusedAsync(Scenario scenario, string document, string type)
    {
        using var content = new StringContent(document, Encoding.UTF8, type);
        using var answer = await scenario.Account.App.PostAsync(new Uri("automations/import", UriKind.Relative), content);
        var text = await answer.Content.ReadAsStringAsync();
        ((int)answer.StatusCode).ShouldBe(422, text);
        return JsonNode.Parse(text)!;
    }
}
