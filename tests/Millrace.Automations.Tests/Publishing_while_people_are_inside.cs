using System.Text.Json.Nodes;
using Millrace.TestKit;

namespace Millrace.Automations.Tests;

[Collection(nameof(Time_moves))]
public sealed class Publishing_while_people_are_inside(Product product)
{
    private static async Task<JsonNode> PublishAsync(Scenario scenario, long automation, string steps)
    {
        await scenario.SaveAsync(automation, steps);
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
    public async Task Before_publishing_one_can_see_who_stays_and_where_the_others_go()
    {
        var (scenario, automation, contact) = await WaitingAsync(product, "P10D");
        await scenario.SaveAsync(automation, """[ { "id": "z", "type": "wait.for", "duration": "P300D" } ]""");

        var moves = (await scenario.Account.GetAsync($"automations/{automation}/publish-preview"))["inside"]!.AsArray();

        var move = moves.ShouldHaveSingleItem()!;
        (move["from"]!.GetValue<string>(), move["to"]!.GetValue<string>(), move["count"]!.GetValue<long>()).ShouldBe(("w", "z", 1));
        (move["removed"]!["type"]!.GetValue<string>(), move["removed"]!["options"]!["duration"]!.GetValue<string>()).ShouldBe(("wait.for", "P10D"));
        (await scenario.StateAsync(automation, contact)).ShouldBe("waiting:w", "nothing is published by looking");

        await scenario.SaveAsync(automation, """[ { "id": "w", "type": "wait.for", "duration": "P3D" } ]""");
        move = (await scenario.Account.GetAsync($"automations/{automation}/publish-preview"))["inside"]!.AsArray().ShouldHaveSingleItem()!;
        (move["to"]!.GetValue<string>(), move["removed"]).ShouldBe(("w", null));
    }

    [Fact]
    public async Task Who_stands_frozen_on_a_step_of_an_older_version_is_told_of_too()
    {
        var (scenario, automation, _) = await WaitingAsync(product, "P10D");
        await scenario.Account.PostAsync($"automations/{automation}/deactivate", new { });
        await PublishAsync(scenario, automation, """[ { "id": "n", "type": "wait.for", "duration": "P1D" }, { "id": "z", "type": "wait.for", "duration": "P300D" } ]""");
        await scenario.SaveAsync(automation, """[ { "id": "z", "type": "wait.for", "duration": "P300D" } ]""");
        var move = (await scenario.Account.GetAsync($"automations/{automation}/publish-preview"))["inside"]!.AsArray().ShouldHaveSingleItem()!;
        (move["from"]!.GetValue<string>(), move["to"]!.GetValue<string>()).ShouldBe(("w", "z"));
    }

    [Fact]
    public async Task The_path_says_on_which_version_each_step_was_taken()
    {
        var (scenario, automation, contact) = await WaitingAsync(product, "P10D");
        await PublishAsync(scenario, automation, """[ { "id": "z", "type": "wait.for", "duration": "P300D" } ]""");
        await scenario.BecomesAsync(automation, contact, "waiting:z");
        await PublishAsync(scenario, automation, """[ { "id": "z", "type": "wait.for", "duration": "P200D" } ]""");

        var run = (await scenario.Account.GetAsync($"contacts/{contact}/runs"))[0]!;
        run["version"]!.GetValue<int>().ShouldBe(3, "a run inside is on what is published");
        await scenario.Account.PostAsync($"runs/{run["id"]}/end", new { });
        await PublishAsync(scenario, automation, """[ { "id": "z", "type": "wait.for", "duration": "P100D" } ]""");

        var path = await scenario.Account.GetAsync($"runs/{run["id"]}");
        path["run"]!["version"]!.GetValue<int>().ShouldBe(3, "it was over by then");
        path["visits"]!.AsArray().Select(v => v!["version"]!.GetValue<int>()).ShouldBe([2, 3]);
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
