using System.Text.Json.Nodes;
using Millrace.TestKit;

namespace Millrace.Automations.Tests;

public sealed class Publishing_while_people_are_inside(Product product) : IClassFixture<Product>
{
    private static async Task<JsonNode> PublishAsync(Scenario scenario, long automation, string steps)
    {
        var now = await scenario.Account.GetAsync($"automations/{automation}");
        using var request = new HttpRequestMessage(HttpMethod.Put, $"automations/{automation}");
        request.Headers.TryAddWithoutValidation("If-Match", $"\"{now["revision"]}\"");
        request.Content = new StringContent(
            $$"""{ "name": "Edited", "document": { "entry": "any", "triggers": [], "steps": {{steps}} } }""", System.Text.Encoding.UTF8, "application/json");
        using var saved = await scenario.Account.App.SendAsync(request);
        (await saved.Content.ReadAsStringAsync()).ShouldContain("revision");
        return await scenario.Account.PostAsync($"automations/{automation}/publish", new { });
    }

    private static async Task<(Scenario Scenario, long Automation, long Contact)> WaitingAsync(Product product, string duration)
    {
        var scenario = await Scenario.NewAsync(product);
        var automation = await scenario.ImportAsync($$"""
            { "name": "Edited", "steps": [ { "id": "w", "type": "wait.for", "duration": "{{duration}}" }, { "id": "z", "type": "wait.for", "duration": "P300D" } ] }
            """);
        var contact = await scenario.ContactAsync();
        await scenario.AddAsync(automation, contact);
        await scenario.BecomesAsync(automation, contact, "waiting:w");
        return (scenario, automation, contact);
    }

    [Fact]
    public async Task A_longer_wait_counts_the_time_already_spent()
    {
        var (scenario, automation, contact) = await WaitingAsync(product, "P1D");
        await product.AdvanceAsync(TimeSpan.FromHours(23));
        await PublishAsync(scenario, automation, """[ { "id": "w", "type": "wait.for", "duration": "P2D" }, { "id": "z", "type": "wait.for", "duration": "P300D" } ]""");
        await product.AdvanceAsync(TimeSpan.FromHours(24));
        (await scenario.StateAsync(automation, contact)).ShouldBe("waiting:w");
        await product.AdvanceAsync(TimeSpan.FromMinutes(70));
        await scenario.BecomesAsync(automation, contact, "waiting:z");
    }

    [Fact]
    public async Task A_shorter_wait_lets_those_go_who_have_waited_long_enough()
    {
        var (scenario, automation, contact) = await WaitingAsync(product, "P10D");
        await product.AdvanceAsync(TimeSpan.FromDays(2));
        await PublishAsync(scenario, automation, """[ { "id": "w", "type": "wait.for", "duration": "P1D" }, { "id": "z", "type": "wait.for", "duration": "P300D" } ]""");
        await scenario.BecomesAsync(automation, contact, "waiting:z");
    }

    [Fact]
    public async Task People_on_a_deleted_step_move_to_the_next_one_and_the_answer_says_so()
    {
        var (scenario, automation, contact) = await WaitingAsync(product, "P10D");
        var published = await PublishAsync(scenario, automation, """[ { "id": "z", "type": "wait.for", "duration": "P300D" } ]""");
        published["inside"]![0]!["from"]!.GetValue<string>().ShouldBe("w");
        published["inside"]![0]!["to"]!.GetValue<string>().ShouldBe("z");
        await scenario.BecomesAsync(automation, contact, "waiting:z");
        (await scenario.PathAsync(automation, contact)).ShouldBe("w=step_deleted");
    }

    [Fact]
    public async Task When_nothing_follows_a_deleted_step_the_automation_is_over()
    {
        var (scenario, automation, contact) = await WaitingAsync(product, "P10D");
        await PublishAsync(scenario, automation, """[ { "id": "a", "type": "wait.for", "duration": "P300D" } ]""");
        await scenario.BecomesAsync(automation, contact, "completed:");
    }

    [Fact]
    public async Task Saving_over_someone_elses_change_is_refused()
    {
        var (scenario, automation, _) = await WaitingAsync(product, "P10D");
        using var request = new HttpRequestMessage(HttpMethod.Put, $"automations/{automation}");
        request.Headers.TryAddWithoutValidation("If-Match", "\"99\"");
        request.Content = new StringContent("""{ "name": "X", "document": {} }""", System.Text.Encoding.UTF8, "application/json");
        using var answer = await scenario.Account.App.SendAsync(request);
        ((int)answer.StatusCode).ShouldBe(412);
    }

    [Fact]
    public async Task A_person_can_skip_a_wait_and_end_a_run()
    {
        var (scenario, automation, contact) = await WaitingAsync(product, "P10D");
        var run = (await scenario.Account.GetAsync($"contacts/{contact}/runs"))[0]!["id"]!.GetValue<long>();
        await scenario.Account.PostAsync($"runs/{run}/skip-wait", new { });
        await scenario.BecomesAsync(automation, contact, "waiting:z");
        await scenario.Account.PostAsync($"runs/{run}/end", new { });
        await scenario.BecomesAsync(automation, contact, "ended:");
        (await scenario.Account.GetAsync($"runs/{run}"))["visits"]!.AsArray().Select(v => v!["result"]!.GetValue<string>()).ShouldBe(["skipped_by_hand", "ended_by_hand"]);
    }
}
