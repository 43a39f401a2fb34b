using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Millrace.TestKit;

namespace Millrace.Automations.Tests;

public sealed class Labels_order_automations(Product product)
{
    [Fact]
    public async Task Labels_are_put_on_and_taken_off_many_at_once_and_filter_the_list()
    {
        var (scenario, a, b) = await TwoAsync();
        var (sales, onboarding) = (await LabelAsync(scenario, "Sales", "teal"), await LabelAsync(scenario, "Onboarding"));

        ((int)(await scenario.Account.PostAsync("automations/labels", new { automation_ids = new[] { a, b }, add = new[] { sales, onboarding } }))["changed"]!).ShouldBe(2);
        ((int)(await scenario.Account.PostAsync("automations/labels", new { automation_ids = new[] { a, b }, add = new[] { sales } }))["changed"]!).ShouldBe(0);
        await scenario.Account.PostAsync("automations/labels", new { automation_ids = new[] { b }, remove = new[] { sales } });

        (await NamesAsync(scenario, $"label={sales}")).ShouldBe(["A"]);
        (await NamesAsync(scenario, $"label={onboarding}")).ShouldBe(["A", "B"]);
        (await NamesAsync(scenario, "label=0")).ShouldBeEmpty();
        var row = (await scenario.Account.GetAsync("automations"))["items"]![0]!;
        row["labels"]!.AsArray().Select(l => (long)l!).ShouldBe([onboarding, sales]);
        var labels = (await scenario.Account.GetAsync("automation-labels"))["items"]!.AsArray();
        labels.Select(l => ((string)l!["name"]!, (string)l["colour"]!, (long)l["automations"]!)).ShouldBe([("Onboarding", "gray", 2), ("Sales", "teal", 1)]);
    }

    [Fact]
    public async Task A_label_is_renamed_and_deleted_without_harm_to_its_automations()
    {
        var (scenario, a, _) = await TwoAsync();
        var label = await LabelAsync(scenario, "Sales");
        await scenario.Account.PostAsync("automations/labels", new { automation_ids = new[] { a }, add = new[] { label } });
        using var changed = await scenario.Account.App.PutAsJsonAsync($"automation-labels/{label}", new { name = "Revenue", colour = "grape" });
        var view = JsonNode.Parse(await changed.Content.ReadAsStringAsync())!;
        ((string)view["name"]!, (string)view["colour"]!, (long)view["automations"]!).ShouldBe(("Revenue", "grape", 1));

        using var taken = await scenario.Account.App.PostAsJsonAsync("automation-labels", new { name = "REVENUE" });
        ((int)taken.StatusCode).ShouldBe(409);
        using var gone = await scenario.Account.App.DeleteAsync(new Uri($"automation-labels/{label}", UriKind.Relative));
        ((int)gone.StatusCode).ShouldBe(204);
        (await NamesAsync(scenario, "label=0")).ShouldBe(["A", "B"]);
    }

    [Theory]
    [InlineData("""{ "name": "" }""", "/name")]
    [InlineData("""{ "name": "a\nb" }""", "/name")]
    [InlineData("""{ "name": "x", "colour": "url(javascript:1)" }""", "/colour")]
    public async Task A_label_that_is_none_is_refused_with_its_field(string body, string path)
    {
        var scenario = await Scenario.NewAsync(product);
        using var answer = await scenario.Account.App.PostAsync(
            new Uri("automation-labels", UriKind.Relative), new StringContent(body, System.Text.Encoding.UTF8, "application/json"));
        ((int)answer.StatusCode).ShouldBe(422);
        (await answer.Content.ReadAsStringAsync()).ShouldContain($"\"{path}\"");
    }

    [Fact]
    public async Task Labels_and_automations_of_another_account_are_not_touched()
    {
        var (mine, a, _) = await TwoAsync();
        var (theirs, theirAutomation, _) = await TwoAsync();
        var (own, foreign) = (await LabelAsync(mine, "Mine"), await LabelAsync(theirs, "Theirs"));
        using var refused = await mine.Account.App.PostAsJsonAsync("automations/labels", new { automation_ids = new[] { a }, add = new[] { foreign } });
        ((int)refused.StatusCode).ShouldBe(422);
        ((int)(await mine.Account.PostAsync("automations/labels", new { automation_ids = new[] { theirAutomation }, add = new[] { own } }))["changed"]!).ShouldBe(0);
        (await NamesAsync(theirs, "label=0")).ShouldBe(["A", "B"]);
    }

    private async Task<(Scenario Scenario, long A, long B)> TwoAsync()
    {
        var scenario = await Scenario.NewAsync(product);
        return (scenario, await scenario.ImportAsync("""{ "name": "A", "steps": [] }""", activate: false), await scenario.ImportAsync("""{ "name": "B", "steps": [] }""", activate: false));
    }

    private static async Task<long> LabelAsync(Scenario scenario, string name, string colour = "gray") =>
        (long)(await scenario.Account.PostAsync("automation-labels", new { name, colour }))["id"]!;

    private static async Task<List<string>> NamesAsync(Scenario scenario, string query) =>
        [.. (await scenario.Account.GetAsync($"automations?{query}"))["items"]!.AsArray().Select(i => (string)i!["name"]!)];
}
