using System.Text.Json.Nodes;
using Millrace.Kernel.Data;
using Millrace.TestKit;

namespace Millrace.Automations.Tests;

/// <summary>Every step can be explained afterwards, and whoever stands still now.</summary>
[Collection(nameof(Time_moves))]
public sealed class Explaining(Product product)
{
    [Fact]
    public async Task A_step_keeps_what_its_conditions_found_although_the_contact_changes_afterwards()
    {
        var scenario = await Scenario.NewAsync(product);
        var automation = await scenario.ImportAsync("""
            { "name": "Kept", "create": true, "steps": [
                { "id": "fork", "type": "flow.if", "conditions": { "all": [ { "field": "tag", "op": "has", "value": "vip" }, { "field": "email", "op": "contains", "value": "example.org" } ] },
                  "yes": [ { "type": "tag.remove", "tag": "vip" } ], "no": [] },
                { "id": "g", "type": "goal", "name": "Bought", "conditions": { "all": [ { "field": "tag", "op": "has", "value": "bought" } ] }, "otherwise": "wait" } ] }
            """);
        var contact = await scenario.ContactAsync();
        await scenario.TagThemAsync("vip", contact);
        await scenario.AddAsync(automation, contact);
        await scenario.BecomesAsync(automation, contact, "waiting:g");

        var path = await scenario.WayAsync(automation, contact);
        var why = path["visits"]![0]!["why"]!.AsArray();
        why.Select(w => w!["holds"]!.GetValue<bool>()).ShouldBe([true, true]);
        why[0]!["words"]!.GetValue<string>().ShouldContain("vip");
        why[1]!["found"]!.GetValue<string>().ShouldEndWith("@example.org");
        path["waits_for"]![0]!["holds"]!.GetValue<bool>().ShouldBeFalse();

        await scenario.TagThemAsync("bought", contact);
        await scenario.BecomesAsync(automation, contact, "completed:");
        var last = (await scenario.WayAsync(automation, contact))["visits"]!.AsArray()[^1]!;
        last["result"]!.GetValue<string>().ShouldBe("reached");
        last["why"]![0]!["holds"]!.GetValue<bool>().ShouldBeTrue();
    }

    [Fact]
    public async Task The_report_of_waiting_steps_says_what_looks_wrong()
    {
        var scenario = await Scenario.NewAsync(product);
        var automation = await scenario.ImportAsync("""
            { "name": "Stuck", "create": true, "steps": [
                { "id": "mail", "type": "email.send", "subject": "Hi", "from": { "address": "ann@sender.example" }, "html": "<p>Hi</p>" },
                { "id": "read", "type": "wait.until", "conditions": { "all": [ { "activity": "email.opened", "step": "mail" } ] } } ] }
            """);
        var contacts = await scenario.ContactsAsync(3);
        await scenario.ExecuteAsync(Sql.Of($"update contacts.contact set email = null where account_id = {scenario.Account.Id} and id = {contacts[0]}"));
        await scenario.AddAsync(automation, contacts);
        foreach (var contact in contacts)
        {
            await scenario.BecomesAsync(automation, contact, "waiting:read");
        }

        var step = (await scenario.Account.GetAsync($"automations/{automation}/waiting"))["steps"]![0]!;
        step["waiting"]!.GetValue<long>().ShouldBe(3);
        Flags(step).ShouldBe(["never_got_it 1"]);

        await product.AdvanceAsync(TimeSpan.FromDays(31));
        await scenario.Account.LogInAgainAsync();
        Flags((await scenario.Account.GetAsync($"automations/{automation}/waiting"))["steps"]![0]!).ShouldBe(["never_got_it 1", "no_limit 3"]);

        await scenario.Account.PostAsync($"automations/{automation}/deactivate", new { });
        Flags((await scenario.Account.GetAsync($"automations/{automation}/waiting"))["steps"]![0]!).ShouldContain("paused 3");
    }

    [Fact]
    public async Task A_wait_for_a_thing_that_was_deleted_is_flagged()
    {
        var scenario = await Scenario.NewAsync(product);
        var automation = await scenario.ImportAsync("""
            { "name": "Gone", "create": true, "steps": [
                { "id": "u", "type": "wait.until", "conditions": { "all": [ { "field": "tag", "op": "has", "value": "never" } ] } } ] }
            """);
        var contact = await scenario.ContactAsync();
        await scenario.AddAsync(automation, contact);
        await scenario.BecomesAsync(automation, contact, "waiting:u");
        var tag = await scenario.TagAsync("never");
        await scenario.ExecuteAsync(Sql.Of($"delete from contacts.tag where account_id = {scenario.Account.Id} and id = {tag}"));
        Flags((await scenario.Account.GetAsync($"automations/{automation}/waiting"))["steps"]![0]!).ShouldBe(["impossible 1"]);
    }

    [Fact]
    public async Task Parked_runs_are_grouped_by_reason_and_go_on_by_group()
    {
        var scenario = await Scenario.NewAsync(product);
        var automation = await scenario.ImportAsync("""{ "name": "Parked", "steps": [ { "id": "w", "type": "wait.for", "duration": "P1D" } ] }""");
        var contacts = await scenario.ContactsAsync(3);
        await scenario.AddAsync(automation, contacts);
        foreach (var contact in contacts)
        {
            await scenario.BecomesAsync(automation, contact, "waiting:w");
        }

        await scenario.ExecuteAsync(Sql.Of($"""
            update automations.run set status = 'parked', due_at = null, error = case when contact_id = {contacts[0]} then 'a: one' else 'b: two' end
            where account_id = {scenario.Account.Id} and automation_id = {automation}
            """));
        (await scenario.Account.GetAsync($"automations/{automation}/people?status=parked"))["items"]!.AsArray()
            .Select(p => $"{p!["contact_id"]} {p["error"]}").ShouldBe([$"{contacts[0]} a: one", $"{contacts[1]} b: two", $"{contacts[2]} b: two"]);
        (await scenario.Account.GetAsync($"automations/{automation}/people?status=waiting"))["items"]!.AsArray().ShouldBeEmpty();
        (await scenario.Account.App.GetAsync(new Uri($"automations/{automation}/people?status=nonsense", UriKind.Relative))).StatusCode.ShouldBe(System.Net.HttpStatusCode.UnprocessableEntity);
        var parked = (await scenario.Account.GetAsync($"automations/{automation}/waiting"))["parked"]!.AsArray();
        parked.Select(g => $"{g!["error"]} {g["count"]}").ShouldBe(["b: two 2", "a: one 1"]);

        (await scenario.Account.PostAsync($"automations/{automation}/retry", new { step = "w", error = "b: two" }))["retried"]!.GetValue<int>().ShouldBe(2);
        await scenario.BecomesAsync(automation, contacts[1], "waiting:w");
        (await scenario.StateAsync(automation, contacts[0])).ShouldBe("parked:w");
        using var all = await scenario.Account.App.PostAsync(new Uri($"automations/{automation}/retry", UriKind.Relative), null);
        all.IsSuccessStatusCode.ShouldBeTrue();
        await scenario.BecomesAsync(automation, contacts[0], "waiting:w");
    }

    private static IEnumerable<string> Flags(JsonNode step) => step["flags"]!.AsArray().Select(f => $"{f!["code"]} {f["count"]}");
}
