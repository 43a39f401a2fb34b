using Millrace.Kernel.Data;

namespace Millrace.Automations.Tests.Conformance;

/// <summary>2.6 Workflow, 2.10: automations that start and end each other.</summary>
internal sealed class Starting_and_ending : RuleTable
{
    private const string Wait = """{ "id": "w", "type": "wait.for", "duration": "P3000D" }""";

    public Starting_and_ending()
        : base("2.6 Start and end:")
    {
        Add("A start lets the contact in and this automation goes on", async c =>
        {
            var target = await c.AutomationAsync($$"""{ "steps": [ {{Wait}} ] }""", "Target");
            var automation = await c.StepsAsync($$"""[ { "id": "s", "type": "flow.start_automation", "automation": "Target ~" }, {{Wait}} ]""");
            var contact = await c.ContactAsync();
            await c.AddAsync(automation, contact);
            (await c.StateAsync(automation, contact)).ShouldBe("waiting:w");
            (await c.StateAsync(target, contact)).ShouldBe("waiting:w");
        });
        Add("An inactive automation lets nobody in", async c =>
        {
            var target = await c.AutomationAsync($$"""{ "steps": [ {{Wait}} ] }""", "Target");
            await c.PostAsync($"automations/{target}/deactivate");
            var automation = await c.StepsAsync($$"""[ { "id": "s", "type": "flow.start_automation", "automation": "Target ~" }, {{Wait}} ]""");
            var contact = await c.ContactAsync();
            await c.AddAsync(automation, contact);
            (await c.PathAsync(automation, contact)).ShouldBe("s=skipped_inactive");
            (await c.EntriesAsync(target, contact)).ShouldBe(0);
        });
        Add("An automation that may be entered once refuses the second start", async c =>
        {
            var target = await c.AutomationAsync($$"""{ "entry": "once", "steps": [ {{Wait}} ] }""", "Target");
            var automation = await c.StepsAsync("""[ { "id": "s", "type": "flow.start_automation", "automation": "Target ~" } ]""");
            var contact = await c.ContactAsync();
            await c.AddAsync(automation, contact);
            await c.AddAsync(automation, contact);
            (await c.EntriesAsync(target, contact)).ShouldBe(1);
            (await c.PathAsync(automation, contact)).ShouldBe("s=done s=skipped_entry_rule");
        });
        Add("An automation that may be entered after exit takes the contact again then", async c =>
        {
            var target = await c.AutomationAsync("""{ "entry": "after_exit", "steps": [ { "id": "w", "type": "wait.for", "duration": "P1D" } ] }""", "Target");
            var automation = await c.StepsAsync("""[ { "id": "s", "type": "flow.start_automation", "automation": "Target ~" } ]""");
            var contact = await c.ContactAsync();
            await c.AddAsync(automation, contact);
            await c.AddAsync(automation, contact);
            (await c.EntriesAsync(target, contact)).ShouldBe(1);
            await c.DaysAsync(1.1);
            await c.AddAsync(automation, contact);
            (await c.EntriesAsync(target, contact)).ShouldBe(2);
        });
        Add("Two automations that start each other stop after ten entries in 24 hours", async c =>
        {
            var one = await c.AutomationAsync("""{ "steps": [ { "id": "w", "type": "wait.for", "duration": "P3000D" } ] }""", "One");
            var two = await c.AutomationAsync("""{ "steps": [ { "id": "s", "type": "flow.start_automation", "automation": "One ~" } ] }""", "Two");
            await c.Scenario.SaveAsync(one, $$"""[ { "id": "s", "type": "flow.start_automation", "automation": {{two}} } ]""", name: c.Own("One"));
            await c.PostAsync($"automations/{one}/publish");
            var contact = await c.ContactAsync();
            await c.AddAsync(one, contact);
            (await c.EntriesAsync(two, contact)).ShouldBe(10);
            (await c.EntriesAsync(one, contact)).ShouldBe(11);
        });
        Add("An automation may start itself, ten times in 24 hours", async c =>
        {
            var automation = await c.StepsAsync($"[ {Wait} ]");
            await c.RepublishAsync(automation, $$"""[ { "id": "s", "type": "flow.start_automation", "automation": {{automation}} } ]""");
            var contact = await c.ContactAsync();
            await c.AddAsync(automation, contact);
            (await c.EntriesAsync(automation, contact)).ShouldBe(11);
        });
        Add("What the entry's list was goes along with a start", async c =>
        {
            var target = await c.AutomationAsync($$"""{ "steps": [ {{Wait}} ] }""", "Target");
            await c.AutomationAsync("""
                { "triggers": [ { "type": "list.subscribed", "list": "News ~" } ], "steps": [ { "id": "s", "type": "flow.start_automation", "automation": "Target ~" } ] }
                """);
            var contact = await c.ContactAsync();
            var list = await c.Scenario.QueryAsync<long>(Sql.Of($"select id from contacts.list where account_id = {c.AccountId} and name = {c.Own("News")}"));
            await c.HappenAsync(new Contacts.Contracts.ListSubscribed(contact, list, "test"));
            await c.BecomesAsync(target, contact, "waiting:w");
            (await c.Scenario.QueryAsync<long>(Sql.Of($"select list_ids[1] from automations.run where account_id = {c.AccountId} and automation_id = {target} and contact_id = {contact}")))
                .ShouldBe(list);
        });
        Add("End this automation ends this entry", async c =>
        {
            var automation = await c.StepsAsync($$"""[ { "id": "e", "type": "flow.end_automation", "which": "this" }, {{Wait}} ]""");
            var contact = await c.ContactAsync();
            await c.AddAsync(automation, contact);
            (await c.StateAsync(automation, contact)).ShouldBe("ended:");
        });
        Add("End another automation ends it there and goes on here", async c =>
        {
            var target = await c.AutomationAsync($$"""{ "steps": [ {{Wait}} ] }""", "Target");
            var automation = await c.StepsAsync($$"""[ { "id": "e", "type": "flow.end_automation", "which": "other", "automation": "Target ~" }, {{Wait}} ]""");
            var contact = await c.ContactAsync();
            await c.AddAsync(target, contact);
            await c.AddAsync(automation, contact);
            (await c.StateAsync(target, contact)).ShouldBe("ended:");
            (await c.StateAsync(automation, contact)).ShouldBe("waiting:w");
            (await c.PathAsync(target, contact)).ShouldBe("w=ended_by_step");
        });
        Add("An automation the contact is not in is passed over", async c =>
        {
            await c.AutomationAsync($$"""{ "steps": [ {{Wait}} ] }""", "Target");
            var automation = await c.StepsAsync($$"""[ { "id": "e", "type": "flow.end_automation", "which": "other", "automation": "Target ~" }, {{Wait}} ]""");
            var contact = await c.ContactAsync();
            await c.AddAsync(automation, contact);
            (await c.PathAsync(automation, contact)).ShouldBe("e=not_inside");
        });
        Add("End another automation ends it even while it is switched off", async c =>
        {
            var target = await c.AutomationAsync($$"""{ "steps": [ {{Wait}} ] }""", "Target");
            var automation = await c.StepsAsync($$"""[ { "id": "e", "type": "flow.end_automation", "which": "other", "automation": "Target ~" }, {{Wait}} ]""");
            var contact = await c.ContactAsync();
            await c.AddAsync(target, contact);
            await c.PostAsync($"automations/{target}/deactivate");
            await c.AddAsync(automation, contact);
            (await c.StateAsync(target, contact)).ShouldBe("ended:");
        });
        Add("End all ends every entry of the contact", async c =>
        {
            var target = await c.AutomationAsync($$"""{ "steps": [ {{Wait}} ] }""", "Target");
            var automation = await c.StepsAsync($$"""[ { "id": "e", "type": "flow.end_automation", "which": "all" }, {{Wait}} ]""");
            var contacts = await c.ContactsAsync(2);
            await c.AddAsync(target, contacts);
            await c.AddAsync(automation, contacts[0]);
            (await c.StateAsync(target, contacts[0])).ShouldBe("ended:");
            (await c.StateAsync(automation, contacts[0])).ShouldBe("ended:");
            (await c.StateAsync(target, contacts[1])).ShouldBe("waiting:w");
        });
        Add("Entries that come due together with the end end, too", async c =>
        {
            var target = await c.AutomationAsync("""{ "steps": [ { "id": "w", "type": "wait.for", "duration": "P1D" }, { "type": "tag.add", "tag": "late ~" } ] }""", "Target");
            var automation = await c.StepsAsync("""
                [ { "id": "w", "type": "wait.for", "duration": "P1D" }, { "id": "e", "type": "flow.end_automation", "which": "all" } ]
                """);
            var contact = await c.ContactAsync();
            await c.AddAsync(automation, contact);
            await c.AddAsync(target, contact);
            await c.DaysAsync(1.1);
            (await c.StateAsync(automation, contact)).ShouldBe("ended:");
            (await c.StateAsync(target, contact)).ShouldBeOneOf("ended:", "completed:");
        });
        Add("Deleting the contact ends all of its entries", async c =>
        {
            var target = await c.AutomationAsync($$"""{ "steps": [ {{Wait}} ] }""", "Target");
            var automation = await c.StepsAsync($$"""[ { "id": "d", "type": "contact.delete" }, {{Wait}} ]""");
            var contact = await c.ContactAsync();
            await c.AddAsync(target, contact);
            await c.Scenario.AddAsync(automation, contact);
            await TestKit.Product.EventuallyAsync(
                async () => await c.EntriesAsync(target, contact) == 0 && await c.EntriesAsync(automation, contact) == 0, "nothing is left of the contact's entries");
            (await c.Scenario.QueryAsync<bool>(Sql.Of($"select exists (select 1 from contacts.contact where account_id = {c.AccountId} and id = {contact})"))).ShouldBeFalse();
        });
    }
}
