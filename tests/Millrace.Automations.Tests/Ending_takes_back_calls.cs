using System.Text.Json.Nodes;
using Millrace.Kernel.Data;
using Millrace.TestKit;

namespace Millrace.Automations.Tests;

/// <summary>What becomes of webhooks that a run has caused and nobody has taken yet.</summary>
public sealed class Ending_takes_back_calls(Product product)
{
    private async Task<(Scenario Scenario, long Automation, long[] Contacts)> QueuedAsync()
    {
        var scenario = await Scenario.NewAsync(product);
        // Nobody answers there, so the calls wait for their next attempt.
        var automation = await scenario.ImportAsync("""
            { "name": "Calls", "steps": [
                { "id": "c", "type": "webhook.post", "url": "https://hooks.invalid/x" },
                { "id": "w", "type": "wait.for", "duration": "P9D" } ] }
            """);
        var contacts = await scenario.ContactsAsync(2);
        await scenario.AddAsync(automation, contacts);
        foreach (var contact in contacts)
        {
            await scenario.BecomesAsync(automation, contact, "waiting:w");
        }

        return (scenario, automation, contacts);
    }

    [Fact]
    public async Task A_run_that_a_person_ends_calls_nobody_any_more_and_others_do()
    {
        var (scenario, automation, contacts) = await QueuedAsync();
        var run = (await scenario.Account.GetAsync($"contacts/{contacts[0]}/runs"))[0]!["id"];

        await scenario.Account.PostAsync($"runs/{run}/end", new { });

        (await StatesAsync(scenario)).ShouldBe(new Dictionary<long, string> { [contacts[0]] = "cancelled automation_stopped", [contacts[1]] = "queued" }, ignoreOrder: true);
        (await AfterAsync(contacts[0])).ShouldBe("webhook_cancelled", "The contact's path tells what has become of the call.");
        (await AfterAsync(contacts[1])).ShouldBeOneOf("webhook_queued", "webhook_retrying");
        (await scenario.Account.GetAsync("webhook-deliveries?state=cancelled"))["items"]!.AsArray().Select(d => (long)d!["contact_id"]!).ShouldBe([contacts[0]]);

        async Task<string> AfterAsync(long contact) => (string)(await scenario.WayAsync(automation, contact))["visits"]![0]!["aftermath"]!["code"]!;
    }

    [Fact]
    public async Task So_do_all_when_the_automation_is_deleted_but_not_when_it_is_switched_off()
    {
        var (scenario, automation, contacts) = await QueuedAsync();
        await scenario.Account.PostAsync($"automations/{automation}/deactivate", new { });
        (await StatesAsync(scenario)).Values.ShouldBe(["queued", "queued"]);

        using var deleted = await scenario.Account.App.DeleteAsync(new Uri($"automations/{automation}", UriKind.Relative));
        ((int)deleted.StatusCode).ShouldBe(204);
        (await StatesAsync(scenario))[contacts[1]].ShouldBe("cancelled automation_stopped");
    }

    [Fact]
    public async Task A_person_can_still_have_it_called_by_hand()
    {
        var (scenario, automation, contacts) = await QueuedAsync();
        await scenario.Account.PostAsync($"automations/{automation}/end-runs", new { });
        var delivery = (await scenario.Account.GetAsync("webhook-deliveries"))["items"]![0]!["id"];

        await scenario.Account.PostAsync($"webhook-deliveries/{delivery}/replay", new { });

        (await StatesAsync(scenario)).Values.Order(StringComparer.Ordinal).ShouldBe(["cancelled automation_stopped", "queued"]);
    }

    private static async Task<Dictionary<long, string>> StatesAsync(Scenario scenario) =>
        JsonNode.Parse((await scenario.QueryAsync<string>(Sql.Of($"""
            select json_object_agg(contact_id, state || case when state = 'cancelled' then ' ' || problem else '' end)::text
            from integrations.webhook_delivery where account_id = {scenario.Account.Id}
            """)))!)!.AsObject().ToDictionary(p => long.Parse(p.Key, System.Globalization.CultureInfo.InvariantCulture), p => (string)p.Value!);
}
