using Millrace.Kernel.Data;
using Millrace.TestKit;

namespace Millrace.Automations.Tests;

/// <summary>What becomes of mails that a run has caused and nobody has handed over yet.</summary>
public sealed class Ending_takes_back_mails(Product product)
{
    private async Task<(Scenario Scenario, long Automation, long[] Contacts)> QueuedAsync()
    {
        var scenario = await Scenario.NewAsync(product);
        // Nothing is handed over while sending is paused.
        await scenario.ExecuteAsync(Sql.Of($"insert into messaging.pause (account_id, reason, paused_at) values ({scenario.Account.Id}, 'by_user', {product.Now})"));
        var automation = await scenario.ImportAsync("""
            { "name": "Mails", "steps": [
                { "id": "m", "type": "email.send", "subject": "Hello", "from": { "address": "ann@sender.example" }, "html": "<p>Hello</p>" },
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
    public async Task A_run_that_a_person_ends_sends_nothing_more_and_others_do()
    {
        var (scenario, _, contacts) = await QueuedAsync();
        var run = (await scenario.Account.GetAsync($"contacts/{contacts[0]}/runs"))[0]!["id"];

        await scenario.Account.PostAsync($"runs/{run}/end", new { });

        (await OpenAsync(scenario, contacts[0])).ShouldBe("cancelled automation_stopped");
        (await OpenAsync(scenario, contacts[1])).ShouldBe("open");
    }

    [Fact]
    public async Task So_do_all_when_everybody_is_ended_or_the_automation_is_deleted()
    {
        var (scenario, automation, contacts) = await QueuedAsync();
        (await scenario.Account.PostAsync($"automations/{automation}/end-runs", new { }))["ended"]!.GetValue<int>().ShouldBe(2);
        (await OpenAsync(scenario, contacts[0])).ShouldBe("cancelled automation_stopped");
        (await OpenAsync(scenario, contacts[1])).ShouldBe("cancelled automation_stopped");
        await scenario.BecomesAsync(automation, contacts[1], "ended:");

        (scenario, automation, contacts) = await QueuedAsync();
        using var deleted = await scenario.Account.App.DeleteAsync(new Uri($"automations/{automation}", UriKind.Relative));
        ((int)deleted.StatusCode).ShouldBe(204);
        (await OpenAsync(scenario, contacts[1])).ShouldBe("cancelled automation_stopped");
        (await scenario.Account.ActivitiesAsync(contacts[0])).Where(a => a.Kind == "automation.ended").Select(a => a.Data.GetProperty("reason").GetString()).ShouldBe(["deleted"]);
    }

    [Fact]
    public async Task Switching_off_takes_back_nothing_because_passed_steps_are_not_taken_again()
    {
        var (scenario, automation, contacts) = await QueuedAsync();
        await scenario.Account.PostAsync($"automations/{automation}/deactivate", new { });
        (await OpenAsync(scenario, contacts[0])).ShouldBe("open");
    }

    [Fact]
    public async Task Ending_who_stands_on_one_step_leaves_the_others_inside()
    {
        var (scenario, automation, _) = await QueuedAsync();
        (await scenario.Account.PostAsync($"automations/{automation}/end-runs", new { step = "m" }))["ended"]!.GetValue<int>().ShouldBe(0);
        (await scenario.Account.PostAsync($"automations/{automation}/end-runs", new { step = "w" }))["ended"]!.GetValue<int>().ShouldBe(2);
    }

    private static async Task<string?> OpenAsync(Scenario scenario, long contact) => await scenario.QueryAsync<string>(Sql.Of($"""
        select case when state in ('queued', 'deferred') then 'open' else state || ' ' || reason end
        from messaging.send where account_id = {scenario.Account.Id} and contact_id = {contact}
        """));
}
