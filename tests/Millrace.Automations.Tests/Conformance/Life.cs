using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Millrace.Activities.Contracts;
using Millrace.Kernel.Data;
using Millrace.Messaging.Contracts;

namespace Millrace.Automations.Tests.Conformance;

/// <summary>2.9: unsubscribes inside automations.</summary>
internal sealed class Unsubscribing : RuleTable
{
    private const string Mail = """{ "id": "m", "type": "email.send", "subject": "Hello", "from": { "address": "ann@sender.example" }, "html": "<p>Hello</p>" }""";
    private const string Rest = """{ "id": "z", "type": "wait.for", "duration": "P3000D" }""";

    public Unsubscribing()
        : base("2.9")
    {
        Add("Who has unsubscribed walks on and only the mails are skipped", async c =>
        {
            var contact = await c.ContactAsync();
            await SubscribeAsync(c, contact, "News", "unsubscribed");
            var automation = await c.StepsAsync($$"""[ {{Mail}}, { "id": "t", "type": "tag.add", "tag": "went on ~" }, {{Rest}} ]""");
            await c.AddAsync(automation, contact);
            (await c.PathAsync(automation, contact)).ShouldBe("m=skipped_unsubscribed t=done");
            (await c.HasTagAsync(contact, "went on")).ShouldBeTrue();
        });
        Add("Who is unconfirmed everywhere gets no mail", async c =>
        {
            var contact = await c.ContactAsync();
            await SubscribeAsync(c, contact, "News", "unconfirmed");
            var automation = await c.StepsAsync($"[ {Mail}, {Rest} ]");
            await c.AddAsync(automation, contact);
            (await c.PathAsync(automation, contact)).ShouldBe("m=skipped_unsubscribed");
        });
        Add("The contact moves on at once although its mail is only queued", async c =>
        {
            var contact = await c.ContactAsync();
            var automation = await c.StepsAsync($"[ {Mail}, {Rest} ]");
            await c.AddAsync(automation, contact);
            (await c.PathAsync(automation, contact)).ShouldBe("m=done");
            (await ListsAsync(c, contact)).ShouldBeNull("no list stands behind it: every one");
        });
        Add("The list association of the settings decides what the link takes contacts off", async c =>
        {
            await c.AutomationAsync($$"""{ "triggers": [ { "type": "list.subscribed", "list": "Other ~" } ], "steps": [ {{Rest}} ] }""", "Makes the list");
            var contact = await c.ContactAsync();
            var automation = await c.AutomationAsync($$"""{ "unsubscribe_lists": [ "Chosen ~" ], "steps": [ {{Mail}}, {{Rest}} ] }""");
            await c.AddAsync(automation, contact);
            (await ListsAsync(c, contact)).ShouldBe([await ListAsync(c, "Chosen")]);
        });
        Add("A trigger that carries a list adds it, and any list means the one that fired", async c =>
        {
            var automation = await c.AutomationAsync($$"""{ "triggers": [ { "type": "list.subscribed" } ], "steps": [ {{Mail}}, {{Rest}} ] }""");
            await c.AutomationAsync($$"""{ "triggers": [ { "type": "list.subscribed", "list": "Fired ~" } ], "steps": [ {{Rest}} ] }""", "Makes the list");
            var contact = await c.ContactAsync();
            await SubscribeAsync(c, contact, "Fired", "active");
            var list = await ListAsync(c, "Fired");
            await c.HappenAsync(new Contacts.Contracts.ListSubscribed(contact, list, "test"));
            await c.BecomesAsync(automation, contact, "waiting:z");
            (await ListsAsync(c, contact)).ShouldBe([list]);
            await c.PostAsync($"automations/{automation}/deactivate");
        });
        Add("Exit on unsubscribe: one in a mail of the automation ends it", async c =>
        {
            var automation = await c.AutomationAsync($$"""{ "exit_on_unsubscribe": true, "steps": [ {{Mail}}, {{Rest}} ] }""");
            var contacts = await c.ContactsAsync(2);
            await c.AddAsync(automation, contacts);
            await UnsubscribedAsync(c, automation, contacts[0]);
            await c.BecomesAsync(automation, contacts[0], "ended:");
            (await c.PathAsync(automation, contacts[0])).ShouldBe("m=done z=ended_unsubscribed");
            (await c.StateAsync(automation, contacts[1])).ShouldBe("waiting:z");
        });
        Add("Without that an unsubscribe ends nothing", async c =>
        {
            var automation = await c.StepsAsync($"[ {Mail}, {Rest} ]");
            var contact = await c.ContactAsync();
            await c.AddAsync(automation, contact);
            await UnsubscribedAsync(c, automation, contact);
            await c.Scenario.Account.SettledAsync();
            (await c.StateAsync(automation, contact)).ShouldBe("waiting:z");
        });
        Add("An unsubscribe in another automation's mail ends nothing here", async c =>
        {
            var automation = await c.AutomationAsync($$"""{ "exit_on_unsubscribe": true, "steps": [ {{Rest}} ] }""");
            var contact = await c.ContactAsync();
            await c.AddAsync(automation, contact);
            await UnsubscribedAsync(c, automation + 1_000_000, contact);
            await c.Scenario.Account.SettledAsync();
            (await c.StateAsync(automation, contact)).ShouldBe("waiting:z");
        });
        Add("Settings of the automation survive export and import", async c =>
        {
            var automation = await c.AutomationAsync($$"""{ "exit_when": { "all": [ { "field": "tag", "op": "has", "value": "Kept ~" } ] }, "exit_on_unsubscribe": true, "unsubscribe_lists": [ "Chosen ~" ], "steps": [ {{Rest}} ] }""");
            var document = await c.Scenario.Account.GetAsync($"automations/{automation}/export");
            document["exit_on_unsubscribe"]!.GetValue<bool>().ShouldBeTrue();
            document["unsubscribe_lists"]![0]!.GetValue<string>().ShouldBe(c.Own("Chosen"));
            document["exit_when"]!["all"]![0]!["value"]!.GetValue<string>().ShouldBe(c.Own("Kept"));
        });
    }

    private static async Task<long> ListAsync(Case c, string name) => await c.Scenario.QueryAsync<long>(
        Sql.Of($"select id from contacts.list where account_id = {c.AccountId} and name = {c.Own(name)}"));

    private static async Task SubscribeAsync(Case c, long contact, string list, string status)
    {
        await c.Scenario.ExecuteAsync(Sql.Of($"""
            insert into contacts.list (account_id, name, string_id, created_at, updated_at)
            values ({c.AccountId}, {c.Own(list)}, {c.Own(list)}, {c.Now}, {c.Now}) on conflict do nothing
            """));
        var listId = await ListAsync(c, list);
        await c.Scenario.ExecuteAsync(Sql.Of($"""
            insert into contacts.subscription (account_id, contact_id, list_id, status, created_at, updated_at)
            values ({c.AccountId}, {contact}, {listId}, {status}, {c.Now}, {c.Now})
            """));
    }

    private static Task<long[]?> ListsAsync(Case c, long contact) => c.Scenario.QueryAsync<long[]>(
        Sql.Of($"select list_ids from messaging.send where account_id = {c.AccountId} and contact_id = {contact} order by id desc limit 1"));

    private static async Task UnsubscribedAsync(Case c, long automation, long contact)
    {
        await using var work = await c.Scenario.Account.BeginAsync();
        var log = c.Services.GetRequiredService<IActivityLog>();
        await log.AppendAsync(
            work.Transaction, c.AccountId, [new EmailUnsubscribed(contact, 1, 1, false, "page", null)], CancellationToken.None, new ActivityOrigin(automation, "m"));
        await work.CommitAsync(CancellationToken.None);
        log.Wake();
    }
}

/// <summary>2.10: limits, order and time.</summary>
internal sealed class Limits : RuleTable
{
    public Limits()
        : base("2.10")
    {
        Add("A loop without a wait is passed three times, then the automation ends", async c =>
        {
            var automation = await c.StepsAsync("""[ { "id": "a", "type": "tag.add", "tag": "x ~" }, { "id": "g", "type": "flow.goto", "step": "a" } ]""");
            var contact = await c.ContactAsync();
            await c.AddAsync(automation, contact);
            (await c.StateAsync(automation, contact)).ShouldBe("ended:");
            (await c.PathAsync(automation, contact)).Split(' ').Count(v => v == "g=went_on").ShouldBe(3);
        });
        Add("A loop with a wait is passed ten times in 24 hours, the eleventh ends it", async c =>
        {
            var automation = await c.StepsAsync("""[ { "id": "w", "type": "wait.for", "duration": "PT10M" }, { "id": "g", "type": "flow.goto", "step": "w" } ]""");
            var contact = await c.ContactAsync();
            await c.AddAsync(automation, contact);
            for (var i = 0; i < 11; i++)
            {
                await c.AfterAsync(TimeSpan.FromMinutes(11));
            }

            (await c.StateAsync(automation, contact)).ShouldBe("ended:");
            (await c.PathAsync(automation, contact)).ShouldEndWith("g=limit_exceeded");
        });
        Add("A loop that waits longer goes on", async c =>
        {
            var automation = await c.StepsAsync("""[ { "id": "w", "type": "wait.for", "duration": "PT12H" }, { "id": "g", "type": "flow.goto", "step": "w" } ]""");
            var contact = await c.ContactAsync();
            await c.AddAsync(automation, contact);
            for (var i = 0; i < 12; i++)
            {
                await c.AfterAsync(TimeSpan.FromHours(12.1));
            }

            (await c.StateAsync(automation, contact)).ShouldBe("waiting:w");
        });
        Add("Steps run strictly in order", async c =>
        {
            var automation = await c.StepsAsync("""[ { "id": "a", "type": "tag.add", "tag": "x ~" }, { "id": "b", "type": "tag.remove", "tag": "x ~" }, { "id": "c", "type": "tag.add", "tag": "y ~" } ]""");
            var contact = await c.ContactAsync();
            await c.AddAsync(automation, contact);
            (await c.PathAsync(automation, contact)).ShouldBe("a=done b=done c=done");
            (await c.HasTagAsync(contact, "x")).ShouldBeFalse();
        });
        Add("The path shows every step with time and result", async c =>
        {
            var automation = await c.StepsAsync("""[ { "id": "a", "type": "tag.add", "tag": "x ~" }, { "id": "w", "type": "wait.for", "duration": "P1D" } ]""");
            var contact = await c.ContactAsync();
            await c.AddAsync(automation, contact);
            await c.DaysAsync(1);
            var run = (await c.Scenario.Account.GetAsync($"contacts/{contact}/runs"))[0]!["id"];
            var visits = (await c.Scenario.Account.GetAsync($"runs/{run}"))["visits"]!.AsArray();
            visits.Select(v => v!["result"]!.GetValue<string>()).ShouldBe(["done", "waited"]);
            visits.ShouldAllBe(v => DateTimeOffset.Parse(v!["left_at"]!.GetValue<string>(), CultureInfo.InvariantCulture) >= DateTimeOffset.Parse(v["arrived_at"]!.GetValue<string>(), CultureInfo.InvariantCulture));
        });
    }
}

/// <summary>2.11: edits, switching off, errors.</summary>
internal sealed class Edits : RuleTable
{
    private const string Wait = """{ "id": "w", "type": "wait.for", "duration": "P2D" }""";
    private const string Rest = """{ "id": "z", "type": "wait.for", "duration": "P3000D" }""";

    public Edits()
        : base("2.11")
    {
        Add("Inactive: contacts freeze on their step", async c =>
        {
            var (automation, contact) = await StandAsync(c);
            await c.PostAsync($"automations/{automation}/deactivate");
            await c.DaysAsync(5);
            (await c.StateAsync(automation, contact)).ShouldBe("waiting:w");
        });
        Add("A step added after the contact's position is run", async c =>
        {
            var (automation, contact) = await StandAsync(c);
            var tag = await c.Scenario.TagAsync(c.Own("added"));
            await c.RepublishAsync(automation, $$"""[ {{Wait}}, { "id": "new", "type": "tag.add", "tag": {{tag}} }, {{Rest}} ]""");
            await c.DaysAsync(2.1);
            (await c.PathAsync(automation, contact)).ShouldBe("w=waited new=done");
        });
        Add("A step added before the contact's position is never run", async c =>
        {
            var (automation, contact) = await StandAsync(c);
            var tag = await c.Scenario.TagAsync(c.Own("added"));
            await c.RepublishAsync(automation, $$"""[ { "id": "new", "type": "tag.add", "tag": {{tag}} }, {{Wait}}, {{Rest}} ]""");
            await c.DaysAsync(2.1);
            (await c.HasTagAsync(contact, "added")).ShouldBeFalse();
            (await c.StateAsync(automation, contact)).ShouldBe("waiting:z");
        });
        Add("A step added after the contact has completed is never run", async c =>
        {
            var automation = await c.StepsAsync("""[ { "id": "a", "type": "wait.for", "duration": "PT1H" } ]""");
            var contact = await c.ContactAsync();
            await c.AddAsync(automation, contact);
            await c.AfterAsync(TimeSpan.FromHours(2));
            await c.RepublishAsync(automation, $$"""[ { "id": "a", "type": "wait.for", "duration": "PT1H" }, {{Rest}} ]""");
            await c.DaysAsync(1);
            (await c.StateAsync(automation, contact)).ShouldBe("completed:");
        });
        Add("A deleted step hands its contacts to the one that follows", async c =>
        {
            var (automation, contact) = await StandAsync(c);
            await c.RepublishAsync(automation, $"[ {Rest} ]");
            await c.BecomesAsync(automation, contact, "waiting:z");
            (await c.PathAsync(automation, contact)).ShouldBe("w=step_deleted");
        });
        Add("A deleted tag is flagged and its condition is never true", async c =>
        {
            var tag = await c.Scenario.TagAsync(c.Own("gone"));
            var automation = await c.StepsAsync($$"""
                [ {{Wait}}, { "id": "if", "type": "flow.if", "conditions": { "all": [ { "field": "tag", "op": "has", "value": "gone ~" } ] }, "yes": [ { "id": "y", "type": "wait.for", "duration": "P9D" } ], "no": [ {{Rest}} ] } ]
                """);
            var contact = await c.ContactAsync();
            await c.TagAsync("gone", contact);
            await c.AddAsync(automation, contact);
            await c.Scenario.ExecuteAsync(Sql.Of($"delete from contacts.tag where account_id = {c.AccountId} and id = {tag}"));
            var check = await c.Scenario.Account.PostAsync($"automations/{automation}/check", new { });
            check["problems"]!.AsArray().Select(p => p!["code"]!.GetValue<string>()).ShouldContain("reference_missing");
            await c.DaysAsync(2.1);
            (await c.StateAsync(automation, contact)).ShouldBe("waiting:z");
        });
        Add("A deleted tag never crashes the step that adds it", async c =>
        {
            var tag = await c.Scenario.TagAsync(c.Own("gone"));
            var automation = await c.StepsAsync($$"""[ {{Wait}}, { "id": "t", "type": "tag.add", "tag": "gone ~" }, {{Rest}} ]""");
            var contact = await c.ContactAsync();
            await c.AddAsync(automation, contact);
            await c.Scenario.ExecuteAsync(Sql.Of($"delete from contacts.tag where account_id = {c.AccountId} and id = {tag}"));
            await c.DaysAsync(2.1);
            (await c.StateAsync(automation, contact)).ShouldBe("waiting:z");
        });
        Add("A deleted field never crashes the steps that read or set it", async c =>
        {
            var (date, number) = (await c.FieldAsync("date", "D"), await c.FieldAsync("number", "N"));
            var automation = await c.StepsAsync($$"""
                [ {{Wait}}, { "id": "s", "type": "field.set", "field": "N ~", "value": "1" }, { "id": "m", "type": "math.compute", "field": "N ~", "value": 1 }, {{Rest}} ]
                """);
            var contact = await c.ContactAsync();
            await c.AddAsync(automation, contact);
            await c.Scenario.ExecuteAsync(Sql.Of($"delete from contacts.field where account_id = {c.AccountId} and id = any ({new[] { date, number }})"));
            await c.DaysAsync(2.1);
            (await c.PathAsync(automation, contact)).ShouldBe("w=waited s=skipped_field_missing m=skipped_field_missing");
        });
        Add("A started automation that was deleted is passed over", async c =>
        {
            var target = await c.AutomationAsync($$"""{ "steps": [ {{Rest}} ] }""", "Target");
            var automation = await c.StepsAsync($$"""[ {{Wait}}, { "id": "s", "type": "flow.start_automation", "automation": "Target ~" }, {{Rest}} ]""");
            var contact = await c.ContactAsync();
            await c.AddAsync(automation, contact);
            using var deleted = await c.Scenario.Account.App.DeleteAsync(new Uri($"automations/{target}", UriKind.Relative));
            ((int)deleted.StatusCode).ShouldBe(204);
            await c.DaysAsync(2.1);
            (await c.PathAsync(automation, contact)).ShouldBe("w=waited s=skipped_inactive");
        });
        Add("A deleted automation ends all of its entries", async c =>
        {
            var (automation, contact) = await StandAsync(c);
            using var deleted = await c.Scenario.Account.App.DeleteAsync(new Uri($"automations/{automation}", UriKind.Relative));
            ((int)deleted.StatusCode).ShouldBe(204);
            (await c.EntriesAsync(automation, contact)).ShouldBe(0);
            (await c.Scenario.Account.ActivitiesAsync(contact)).ShouldContain(a => a.Kind == "automation.ended");
        });
        Add("A contact removed by hand has ended, not completed", async c =>
        {
            var (automation, contact) = await StandAsync(c);
            var run = (await c.Scenario.Account.GetAsync($"contacts/{contact}/runs"))[0]!["id"];
            await c.PostAsync($"runs/{run}/end");
            (await c.StateAsync(automation, contact)).ShouldBe("ended:");
        });
        Add("A go-to whose target is gone is refused", async c =>
        {
            var (automation, _) = await StandAsync(c);
            (await c.RefusedAsync(automation, $$"""[ {{Wait}}, { "id": "g", "type": "flow.goto", "step": "nowhere" } ]""")).ShouldContain("step_missing");
        });
        Add("A step that fails is tried again, parked in the end, and goes on when a person says so", async c =>
        {
            var (automation, contact) = await StandAsync(c);
            await c.Scenario.ExecuteAsync(Sql.Of($"""
                update automations.run set status = 'parked', attempts = 10, due_at = null, error = 'internal_error: Test' where account_id = {c.AccountId} and automation_id = {automation}
                """));
            await c.DaysAsync(3);
            (await c.StateAsync(automation, contact)).ShouldBe("parked:w");
            await c.PostAsync($"automations/{automation}/retry");
            await c.BecomesAsync(automation, contact, "waiting:z");
        });
        Add("A parked run can be tried again alone", async c =>
        {
            var automation = await c.StepsAsync($"[ {Wait}, {Rest} ]");
            var contacts = await c.ContactsAsync(2);
            await c.AddAsync(automation, contacts);
            await c.Scenario.ExecuteAsync(Sql.Of($"""
                update automations.run set status = 'parked', attempts = 10, due_at = null, error = 'internal_error: Test' where account_id = {c.AccountId} and automation_id = {automation}
                """));
            await c.DaysAsync(3);
            var run = (await c.Scenario.Account.GetAsync($"contacts/{contacts[0]}/runs"))[0]!["id"];
            await c.PostAsync($"runs/{run}/retry");
            await c.BecomesAsync(automation, contacts[0], "waiting:z");
            (await c.StateAsync(automation, contacts[1])).ShouldBe("parked:w");
        });
    }

    private static async Task<(long Automation, long Contact)> StandAsync(Case c)
    {
        var automation = await c.StepsAsync($"[ {Wait}, {Rest} ]");
        var contact = await c.ContactAsync();
        await c.AddAsync(automation, contact);
        (await c.StateAsync(automation, contact)).ShouldBe("waiting:w");
        return (automation, contact);
    }
}
