using System.Text.Json.Nodes;
using Millrace.TestKit;

namespace Millrace.Automations.Tests;

/// <summary>Whether the draft differs from what contacts meet.</summary>
public sealed class What_is_changed(Product product)
{
    private const string Steps = """[ { "id": "w", "type": "wait.for", "duration": "P1D" } ]""";

    [Fact]
    public async Task Right_after_the_first_publishing_nothing_is_changed()
    {
        var scenario = await Scenario.NewAsync(product);
        var automation = await scenario.ImportAsync($$"""{ "name": "Fresh", "steps": {{Steps}} }""", activate: false);
        (await ChangedAsync(scenario, automation)).ShouldBeTrue("never published");

        await scenario.Account.PostAsync($"automations/{automation}/publish", new { });

        (await ChangedAsync(scenario, automation)).ShouldBeFalse();
        (await scenario.Account.GetAsync("automations"))["items"]![0]!["changed"]!.GetValue<bool>().ShouldBeFalse();
    }

    [Fact]
    public async Task An_edit_changes_and_its_undoing_changes_back()
    {
        var scenario = await Scenario.NewAsync(product);
        var automation = await scenario.ImportAsync($$"""{ "name": "Edited", "steps": {{Steps}} }""");

        (await scenario.SaveAsync(automation, Steps.Replace("P1D", "P2D", StringComparison.Ordinal)))["changed"]!.GetValue<bool>().ShouldBeTrue();
        (await scenario.SaveAsync(automation, Steps))["changed"]!.GetValue<bool>().ShouldBeFalse();
    }

    [Fact]
    public async Task A_note_or_a_new_name_changes_nothing_for_contacts()
    {
        var scenario = await Scenario.NewAsync(product);
        var automation = await scenario.ImportAsync($$"""{ "name": "Noted", "steps": {{Steps}} }""");

        var saved = await scenario.SaveAsync(automation, Steps, """[ { "id": "n1", "step": "w", "text": "Ask Ann why a day", "author": "Ben" } ]""", "Renamed");

        saved["changed"]!.GetValue<bool>().ShouldBeFalse();
        (await scenario.Account.GetAsync($"automations/{automation}/export"))["notes"]![0]!["text"]!.GetValue<string>().ShouldBe("Ask Ann why a day");
    }

    [Theory]
    [InlineData("""[ { "id": "n", "text": "x", "step": "gone" } ]""", "/notes/0/step step_missing")]
    [InlineData("""[ { "id": "n" } ]""", "/notes/0/text required")]
    [InlineData("""[ { "text": "x", "colour": "red" } ]""", "/notes/0/colour unknown_key")]
    [InlineData("""[ { "id": "n", "text": "x" }, { "id": "n", "text": "y" } ]""", "/notes/1/id duplicate_id")]
    [InlineData("""[ 7 ]""", "/notes/0 wrong_type")]
    [InlineData("""{}""", "/notes wrong_type")]
    public async Task A_note_that_is_wrong_is_refused_with_its_path(string notes, string error)
    {
        var scenario = await Scenario.NewAsync(product);
        using var content = new StringContent($$"""{ "name": "X", "steps": {{Steps}}, "notes": {{notes}} }""", System.Text.Encoding.UTF8, "application/json");
        using var answer = await scenario.Account.App.PostAsync(new Uri("automations/import", UriKind.Relative), content);
        ((int)answer.StatusCode).ShouldBe(422);
        var errors = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["errors"]!.AsArray();
        errors.Select(e => $"{e!["path"]} {e["code"]}").ShouldContain(error);
    }

    private static async Task<bool> ChangedAsync(Scenario scenario, long automation) =>
        (await scenario.Account.GetAsync($"automations/{automation}"))["changed"]!.GetValue<bool>();
}
