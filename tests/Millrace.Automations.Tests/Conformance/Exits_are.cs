using System.Text.Json.Nodes;

namespace Millrace.Automations.Tests.Conformance;

/// <summary>2.12: what takes contacts out of an automation, wherever they stand.</summary>
internal sealed class Exits_are : RuleTable
{
    private const string Mail = """{ "id": "m", "type": "email.send", "subject": "Hello", "from": { "address": "ann@sender.example" }, "html": "<p>Hello</p>" }""";
    private const string Rest = """{ "id": "z", "type": "wait.for", "duration": "P3000D" }""";

    public Exits_are()
        : base("2.12")
    {
        Add("Exit conditions: whoever comes to fulfil them leaves at once, from wherever it stands", async c =>
        {
            var automation = await c.AutomationAsync($$"""{ "exit_when": { "all": [ { "field": "tag", "op": "has", "value": "Customer ~" } ] }, "steps": [ {{Mail}}, {{Rest}} ] }""");
            var contacts = await c.ContactsAsync(2);
            await c.AddAsync(automation, contacts);
            await c.TagAsync("Customer", contacts[0]);
            await c.BecomesAsync(automation, contacts[0], "ended:");
            (await c.PathAsync(automation, contacts[0])).ShouldBe("m=done z=ended_exit_conditions");
            (await c.StateAsync(automation, contacts[1])).ShouldBe("waiting:z");
        });
        Add("Exit conditions that hold on entry: the contact leaves before the first step", async c =>
        {
            var automation = await c.AutomationAsync($$"""{ "exit_when": { "all": [ { "field": "tag", "op": "has", "value": "Known ~" } ] }, "steps": [ {{Mail}}, {{Rest}} ] }""");
            var contact = await c.ContactAsync();
            await c.TagAsync("Known", contact);
            await c.AddAsync(automation, contact);
            await c.BecomesAsync(automation, contact, "ended:");
            (await c.PathAsync(automation, contact)).ShouldBe("m=ended_exit_conditions");
        });
        Add("Exit conditions that time alone brings about are looked at again", async c =>
        {
            var automation = await c.AutomationAsync($$"""{ "exit_when": { "all": [ { "field": "now.date", "op": "gt", "value": "{{c.Now.AddDays(2):yyyy-MM-dd}}" } ] }, "steps": [ {{Rest}} ] }""");
            var contact = await c.ContactAsync();
            await c.AddAsync(automation, contact);
            (await c.StateAsync(automation, contact)).ShouldBe("waiting:z");
            await c.DaysAsync(4);
            await c.BecomesAsync(automation, contact, "ended:");
        });
        Add("New exit conditions take hold of those inside when they are published", async c =>
        {
            var automation = await c.StepsAsync($"[ {Rest} ]");
            var contacts = await c.ContactsAsync(2);
            await c.TagAsync("Late", contacts[0]);
            var tag = await c.Scenario.TagAsync(c.Own("Late"));
            await c.AddAsync(automation, contacts);
            await c.RepublishAsync(automation, $"[ {Rest} ]", json => json["exit_when"] = JsonNode.Parse($$"""{ "all": [ { "field": "tag", "op": "has", "value": {{tag}} } ] }"""));
            await c.BecomesAsync(automation, contacts[0], "ended:");
            (await c.StateAsync(automation, contacts[1])).ShouldBe("waiting:z");
        });
        Add("Exit conditions come before a goal that holds as well, and the way tells why", async c =>
        {
            var automation = await c.AutomationAsync($$"""
                { "exit_when": { "all": [ { "field": "tag", "op": "has", "value": "Both ~" } ] }, "steps": [ {{Rest}},
                  { "id": "g", "type": "goal", "name": "Bought", "conditions": { "all": [ { "field": "tag", "op": "has", "value": "Both ~" } ] } } ] }
                """);
            var contact = await c.ContactAsync();
            await c.AddAsync(automation, contact);
            await c.TagAsync("Both", contact);
            await c.BecomesAsync(automation, contact, "ended:");
            var visit = (await c.Scenario.WayAsync(automation, contact))["visits"]!.AsArray().ShouldHaveSingleItem()!;
            visit["step_id"]!.GetValue<string>().ShouldBe("z");
            visit["why"]!.AsArray().ShouldHaveSingleItem()!["words"]!.GetValue<string>().ShouldContain(c.Own("Both"));
        });
    }
}
