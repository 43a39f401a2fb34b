namespace Millrace.Automations.Tests.Conformance;

/// <summary>2.2: who enters, and how often.</summary>
internal sealed class Entering : RuleTable
{
    private const string Wait = """[ { "id": "w", "type": "wait.for", "duration": "P1D" } ]""";

    public Entering()
        : base("2.2")
    {
        Add("Several triggers are alternatives", async c =>
        {
            var automation = await TriggersAsync(c, """ { "type": "tag.added", "tag": "a ~" }, { "type": "tag.added", "tag": "b ~" } """);
            var contacts = await c.ContactsAsync(2);
            await c.TagAsync("a", contacts[0]);
            await c.TagAsync("b", contacts[1]);
            await c.BecomesAsync(automation, contacts[0], "waiting:w");
            await c.BecomesAsync(automation, contacts[1], "waiting:w");
        });
        Add("What happened before the activation does not count", async c =>
        {
            var contact = await c.ContactAsync();
            await c.TagAsync("a", contact);
            await c.AfterAsync(TimeSpan.FromMinutes(1));
            var automation = await TriggersAsync(c, """ { "type": "tag.added", "tag": "a ~" } """);
            await c.Scenario.Account.SettledAsync();
            (await c.EntriesAsync(automation, contact)).ShouldBe(0);
        });
        Add("Runs once: one time ever through that trigger", async c =>
        {
            var automation = await TriggersAsync(c, """ { "id": "t", "type": "tag.added", "tag": "a ~", "runs": "once" } """);
            (await TaggedAsync(c, automation, times: 3)).ShouldBe(1);
        });
        Add("Runs once counts per trigger", async c =>
        {
            var automation = await TriggersAsync(c, """ { "type": "tag.added", "tag": "a ~", "runs": "once" }, { "type": "tag.added", "tag": "b ~", "runs": "once" } """);
            var contact = await c.ContactAsync();
            await c.TagAsync("a", contact);
            await c.TagAsync("b", contact);
            await c.Scenario.Account.SettledAsync();
            (await c.EntriesAsync(automation, contact)).ShouldBe(2);
        });
        Add("Runs multiple times: each time it happens", async c =>
        {
            var automation = await TriggersAsync(c, """ { "id": "t", "type": "tag.added", "tag": "a ~", "runs": "multiple" } """);
            (await TaggedAsync(c, automation, times: 3)).ShouldBe(3);
        });
        Add("Ten entries per contact and trigger in 24 hours, and more later", async c =>
        {
            var automation = await TriggersAsync(c, """ { "id": "t", "type": "tag.added", "tag": "a ~", "runs": "multiple" } """);
            var contact = await c.ContactAsync();
            for (var i = 0; i < 12; i++)
            {
                await c.TagAsync("a", contact);
            }

            await c.Scenario.Account.SettledAsync();
            (await c.EntriesAsync(automation, contact)).ShouldBe(10);
            await c.DaysAsync(1.1);
            await c.TagAsync("a", contact);
            await c.Scenario.Account.SettledAsync();
            (await c.EntriesAsync(automation, contact)).ShouldBe(11);
        });
        Add("Only once, over all triggers", async c =>
        {
            var automation = await TriggersAsync(c, """ { "type": "tag.added", "tag": "a ~", "runs": "multiple" }, { "type": "tag.added", "tag": "b ~", "runs": "multiple" } """, "once");
            var contact = await c.ContactAsync();
            await c.TagAsync("a", contact);
            await c.TagAsync("b", contact);
            await c.TagAsync("a", contact);
            await c.Scenario.Account.SettledAsync();
            (await c.EntriesAsync(automation, contact)).ShouldBe(1);
        });
        Add("Only after having left", async c =>
        {
            var automation = await TriggersAsync(c, """ { "type": "tag.added", "tag": "a ~", "runs": "multiple" } """, "after_exit");
            (await TaggedAsync(c, automation, times: 2)).ShouldBe(1);
            await c.DaysAsync(1.1);
            await c.TagAsync("a", _last[c]);
            await c.Scenario.Account.SettledAsync();
            (await c.EntriesAsync(automation, _last[c])).ShouldBe(2);
        });
        Add("The automation's rule overrides the triggers' run mode", async c =>
        {
            var automation = await TriggersAsync(c, """ { "type": "tag.added", "tag": "a ~", "runs": "once" } """, "after_exit");
            (await TaggedAsync(c, automation, times: 1)).ShouldBe(1);
            await c.DaysAsync(1.1);
            await c.TagAsync("a", _last[c]);
            await c.Scenario.Account.SettledAsync();
            (await c.EntriesAsync(automation, _last[c])).ShouldBe(2);
        });
        Add("Two triggers at once are two entries side by side", async c =>
        {
            var automation = await TriggersAsync(c, """ { "id": "one", "type": "tag.added", "tag": "a ~" }, { "id": "two", "type": "tag.added", "tag": "a ~" } """);
            (await TaggedAsync(c, automation, times: 1)).ShouldBe(2);
        });
        Add("A new entry starts at the top while the earlier one goes on", async c =>
        {
            var automation = await c.StepsAsync("""[ { "id": "a", "type": "wait.for", "duration": "P2D" }, { "id": "z", "type": "wait.for", "duration": "P3000D" } ]""");
            var contact = await c.ContactAsync();
            await c.AddAsync(automation, contact);
            await c.DaysAsync(2.1);
            await c.AddAsync(automation, contact);
            (await c.StateAsync(automation, contact)).ShouldBe("waiting:a");
            await c.DaysAsync(2.1);
            (await c.StateAsync(automation, contact)).ShouldBe("waiting:z");
        });
        Add("Who does not match the trigger's segment does not enter, and not later either", async c =>
        {
            var automation = await TriggersAsync(c, """ { "type": "tag.added", "tag": "a ~", "where": { "all": [ { "field": "tag", "op": "has", "value": "vip ~" } ] } } """);
            var contact = await c.ContactAsync();
            await c.TagAsync("a", contact);
            await c.Scenario.Account.SettledAsync();
            await c.TagAsync("vip", contact);
            await c.Scenario.Account.SettledAsync();
            (await c.EntriesAsync(automation, contact)).ShouldBe(0);
        });
        Add("Adding by hand passes over the trigger's segment and run mode", async c =>
        {
            var automation = await TriggersAsync(c, """ { "type": "tag.added", "tag": "a ~", "where": { "all": [ { "field": "tag", "op": "has", "value": "vip ~" } ] } } """);
            var contact = await c.ContactAsync();
            await c.AddAsync(automation, contact);
            await c.AddAsync(automation, contact);
            (await c.EntriesAsync(automation, contact)).ShouldBe(2);
        });
        Add("Adding by hand keeps to the automation's own rule", async c =>
        {
            var automation = await c.AutomationAsync($$"""{ "entry": "once", "steps": {{Wait}} }""");
            var contact = await c.ContactAsync();
            await c.AddAsync(automation, contact);
            await c.AddAsync(automation, contact);
            (await c.EntriesAsync(automation, contact)).ShouldBe(1);
        });
        Add("An automation may have no trigger at all", async c =>
        {
            var automation = await c.AutomationAsync($$"""{ "steps": {{Wait}} }""");
            var contact = await c.ContactAsync();
            await c.AddAsync(automation, contact);
            (await c.StateAsync(automation, contact)).ShouldBe("waiting:w");
        });
        Add("Nobody enters an automation that is off", async c =>
        {
            var automation = await TriggersAsync(c, """ { "type": "tag.added", "tag": "a ~" } """);
            await c.PostAsync($"automations/{automation}/deactivate");
            (await TaggedAsync(c, automation, times: 1)).ShouldBe(0);
        });
        Fields();
    }

    private void Fields()
    {
        Add("A field that changes from one value to another", async c =>
        {
            var field = await c.FieldAsync("text", "Plan");
            var automation = await TriggersAsync(c, """ { "type": "field.changed", "field": "Plan ~", "from": "free", "to": "paid", "runs": "multiple" } """);
            var contact = await c.ContactAsync();
            await c.SetAsync(contact, field, "paid");
            await c.SetAsync(contact, field, "free");
            await c.Scenario.Account.SettledAsync();
            (await c.EntriesAsync(automation, contact)).ShouldBe(0);
            await c.SetAsync(contact, field, "paid");
            await c.Scenario.Account.SettledAsync();
            (await c.EntriesAsync(automation, contact)).ShouldBe(1);
        });
        Add("A field that changes from any value to any", async c =>
        {
            var field = await c.FieldAsync("text", "Plan");
            var automation = await TriggersAsync(c, """ { "type": "field.changed", "field": "Plan ~", "runs": "multiple" } """);
            var contact = await c.ContactAsync();
            await c.SetAsync(contact, field, "free");
            await c.SetAsync(contact, field, "free");
            await c.SetAsync(contact, field, "paid");
            await c.Scenario.Account.SettledAsync();
            (await c.EntriesAsync(automation, contact)).ShouldBe(2);
        });
    }

    private readonly System.Collections.Concurrent.ConcurrentDictionary<Case, long> _last = new();

    private static Task<long> TriggersAsync(Case c, string triggers, string entry = "any") =>
        c.AutomationAsync($$"""{ "entry": "{{entry}}", "triggers": [ {{triggers}} ], "steps": {{Wait}} }""");

    /// <summary>Tells so many times that a tag was put on a new contact.</summary>
    private async Task<long> TaggedAsync(Case c, long automation, int times)
    {
        var contact = _last[c] = await c.ContactAsync();
        for (var i = 0; i < times; i++)
        {
            await c.TagAsync("a", contact);
        }

        await c.Scenario.Account.SettledAsync();
        return await c.EntriesAsync(automation, contact);
    }
}
