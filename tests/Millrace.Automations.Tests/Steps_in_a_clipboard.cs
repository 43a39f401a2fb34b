using System.Text.Json.Nodes;
using Millrace.TestKit;

namespace Millrace.Automations.Tests;

/// <summary>Copied steps hold names, so that they mean the same in another account; what comes back is read as strictly as any document.</summary>
public sealed class Steps_in_a_clipboard(Product product)
{
    private const string Steps = """
        [ { "id": "a", "type": "tag.add", "tag": "vip" },
          { "id": "f", "type": "flow.if", "conditions": { "all": [ { "field": "tag", "op": "has", "value": "vip" } ] },
            "yes": [ { "id": "l", "type": "list.subscribe", "list": "News" } ], "no": [] } ]
        """;

    [Fact]
    public async Task Steps_travel_from_account_to_account_by_name_with_their_branches()
    {
        var from = await Scenario.NewAsync(product);
        var automation = await from.ImportAsync($$"""{ "name": "From", "create": true, "steps": {{Steps}} }""", activate: false);
        var draft = (await from.Account.GetAsync($"automations/{automation}"))["document"]!["steps"]!;
        draft[0]!["tag"]!.GetValue<long>().ShouldBeGreaterThan(0);

        var copied = (await from.Account.PostAsync("automations/fragments/names", new { steps = draft }))["steps"]!;
        JsonNode.DeepEquals(copied, JsonNode.Parse(Steps)).ShouldBeTrue(copied.ToJsonString());

        var to = await Scenario.NewAsync(product);
        for (var i = 0; i < 3; i++)
        {
            await to.TagAsync($"other {i}");
        }

        var vip = await to.TagAsync("vip");
        var pasted = await to.Account.PostAsync("automations/fragments/ids", new { steps = copied });
        ((long)pasted["steps"]![0]!["tag"]!).ShouldBe(vip);
        ((long)pasted["steps"]![1]!["conditions"]!["all"]![0]!["value"]!).ShouldBe(vip);

        // The list is not there: the step comes without it, and it is said.
        pasted["missing"]!.AsArray().Select(m => ((string)m!["source"]!, (string)m["name"]!)).ShouldBe([("list", "News")]);
        pasted["steps"]![1]!["yes"]![0]!["list"].ShouldBeNull();
    }

    [Theory]
    [InlineData("""{ "steps": [] }""")]
    [InlineData("""{ "steps": {} }""")]
    [InlineData("""{ "steps": [ 7 ] }""")]
    [InlineData("""{ "steps": [ null ] }""")]
    [InlineData("""{ "steps": [ { "id": "a" } ] }""")]
    [InlineData("""{ "steps": [ { "type": "no.such" } ] }""")]
    [InlineData("""{ "steps": [ { "type": "flow.end", "onload": "alert(1)" } ] }""")]
    [InlineData("""{ "steps": [ { "id": "<img src=x onerror=alert(1)>", "type": "flow.end" } ] }""")]
    [InlineData("""{ "steps": [ { "id": "a", "type": "flow.end" }, { "id": "a", "type": "flow.end" } ] }""")]
    [InlineData("""{ "steps": [ { "type": "flow.if", "yes": "all of them" } ] }""")]
    [InlineData("""{ "steps": [ { "type": "tag.add", "type": "flow.end" } ] }""")]
    public async Task What_is_no_step_is_refused(string body)
    {
        var scenario = await Scenario.NewAsync(product);
        foreach (var way in new[] { "ids", "names" })
        {
            using var answer = await scenario.Account.App.PostAsync(
                new Uri($"automations/fragments/{way}", UriKind.Relative), new StringContent(body, System.Text.Encoding.UTF8, "application/json"));
            ((int)answer.StatusCode).ShouldBeInRange(200, 422);
            if (way == "ids")
            {
                ((int)answer.StatusCode).ShouldBeInRange(400, 422, await answer.Content.ReadAsStringAsync());
            }
        }
    }

    [Fact]
    public async Task Deep_and_long_steps_are_refused_and_not_died_of()
    {
        var scenario = await Scenario.NewAsync(product);
        var deep = """{ "type": "flow.end" }""";
        for (var i = 0; i < 40; i++)
        {
            deep = $$"""{ "type": "flow.if", "conditions": { "all": [] }, "yes": [ {{deep}} ] }""";
        }

        foreach (var steps in new[] { deep, string.Join(',', Enumerable.Repeat("""{ "type": "flow.end" }""", 501)) })
        {
            using var answer = await scenario.Account.App.PostAsync(
                new Uri("automations/fragments/ids", UriKind.Relative), new StringContent($$"""{ "steps": [ {{steps}} ] }""", System.Text.Encoding.UTF8, "application/json"));
            ((int)answer.StatusCode).ShouldBeInRange(400, 422);
        }
    }
}
