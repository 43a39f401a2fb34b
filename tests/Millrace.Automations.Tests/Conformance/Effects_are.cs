using Millrace.Kernel.Data;

namespace Millrace.Automations.Tests.Conformance;

/// <summary>2.6, 2.10 and 2.12: what steps do to the contact and who does not get it; failures; what an automation is made of.</summary>
internal sealed class Effects_are : RuleTable
{
    private const string Rest = """{ "id": "z", "type": "wait.for", "duration": "P3000D" }""";

    public Effects_are()
        : base("2.6 Effects:")
    {
        Path("Add tag: whoever has it already goes on", """{ "id": "a", "type": "tag.add", "tag": "t ~" }, { "id": "b", "type": "tag.add", "tag": "t ~" }""", "a=done b=done");
        Path("Remove tag: whoever does not have it goes on", """{ "id": "a", "type": "tag.remove", "tag": "t ~" }""", "a=done");
        Path("Webhook: the contact does not wait for the answer", """{ "id": "a", "type": "webhook.post", "url": "https://hooks.example.org/x" }""", "a=done");
        Path("Notify someone: typed addresses", """{ "id": "a", "type": "user.notify", "subject": "S", "text": "T", "addresses": ["a@b.example"] }""", "a=done");
        Path("Notify someone: a contact without an owner has nobody to tell", """{ "id": "a", "type": "user.notify", "subject": "S", "text": "T", "owner": true }""", "a=skipped_nobody");
        Path("If/else: both branches may be empty", """{ "id": "a", "type": "flow.if", "conditions": { "all": [ { "field": "tag", "op": "has", "value": "t ~" } ] } }""", "a=no");
        Path("If/else: no conditions hold for everybody", """{ "id": "a", "type": "flow.if", "conditions": { "all": [] } }""", "a=yes");
        Path("Go to: on at another step", """{ "id": "a", "type": "flow.goto", "step": "c" }, { "id": "b", "type": "tag.add", "tag": "t ~" }, { "id": "c", "type": "tag.add", "tag": "u ~" }""", "a=went_on c=done");
        Add("Subscribe: makes the contact active, and an own unsubscribe stays", async c =>
        {
            var contacts = await c.ContactsAsync(2);
            var automation = await c.StepsAsync($$"""[ { "id": "a", "type": "list.subscribe", "list": "L ~" }, {{Rest}} ]""");
            var list = await c.Scenario.QueryAsync<long>(Sql.Of($"select id from contacts.list where account_id = {c.AccountId} and name = {c.Own("L")}"));
            var subscriptions = (Contacts.Contracts.ISubscriptions)c.Services.GetService(typeof(Contacts.Contracts.ISubscriptions))!;
            await using (var work = await c.Scenario.Account.BeginAsync())
            {
                await subscriptions.SubscribeAsync(work.Transaction, c.AccountId, [contacts[1]], list, "form", force: true, CancellationToken.None);
                await subscriptions.UnsubscribeAsync(work.Transaction, c.AccountId, [contacts[1]], [list], "contact", null, CancellationToken.None);
                await work.CommitAsync(CancellationToken.None);
            }

            await c.AddAsync(automation, contacts);
            (await c.PathAsync(automation, contacts[0])).ShouldBe("a=done");
            (await c.PathAsync(automation, contacts[1])).ShouldBe("a=skipped_unsubscribed");
            (await StatusAsync(c, contacts[0])).ShouldBe("active");
            (await StatusAsync(c, contacts[1])).ShouldBe("unsubscribed");
        });
        Add("Unsubscribe: from one list", async c =>
        {
            (await LeftAsync(c, """ "list": "L ~" """)).ShouldBe("active on 1");
        });
        Add("Unsubscribe: from all lists", async c =>
        {
            (await LeftAsync(c, string.Empty)).ShouldBe("active on 0");
        });
        Add("Send an email: a contact without an address is passed over", async c =>
        {
            var contact = await c.ContactAsync();
            await c.Scenario.ExecuteAsync(Sql.Of($"update contacts.contact set email = null, phone = '+15550100' where account_id = {c.AccountId} and id = {contact}"));
            var automation = await c.StepsAsync($$"""[ { "id": "m", "type": "email.send", "subject": "S", "from": { "address": "ann@sender.example" }, "html": "<p>Hi</p>" }, {{Rest}} ]""");
            await c.AddAsync(automation, contact);
            (await c.PathAsync(automation, contact)).ShouldBe("m=skipped_no_address");
        });
        Add("A step that fails is tried ten times, later and later, and then parked with the reason", async c =>
        {
            var automation = await c.StepsAsync($$"""[ { "id": "w", "type": "wait.for", "duration": "PT1H" }, {{Rest}} ]""");
            var contact = await c.ContactAsync();
            await c.AddAsync(automation, contact);
            await c.Scenario.ExecuteAsync(Sql.Of($"""
                update automations.run set guard = {new JsonText("""{"w":"not a number"}""")} where account_id = {c.AccountId} and automation_id = {automation}
                """));
            var began = c.Now;
            foreach (var pause in new[] { 3_700, 60, 300, 1_200, 4_000, 9_000, 20_000, 30_000, 55_000, 60_000, 60_000 })
            {
                await c.AfterAsync(TimeSpan.FromSeconds(pause));
                if (await c.StateAsync(automation, contact) == "parked:w")
                {
                    break;
                }
            }

            (await c.Scenario.QueryAsync<int>(Sql.Of($"select attempts::int from automations.run where account_id = {c.AccountId} and automation_id = {automation}"))).ShouldBe(10);
            // Ten seconds at first, half a day at last, each give or take a fifth.
            (c.Now - began).ShouldBeGreaterThan(TimeSpan.FromHours(17));
            (await c.StateAsync(automation, contact)).ShouldBe("parked:w");
            (await c.Scenario.QueryAsync<string>(Sql.Of($"select error from automations.run where account_id = {c.AccountId} and automation_id = {automation}")))!.ShouldStartWith("internal_error: ");

            await c.Scenario.ExecuteAsync(Sql.Of($"update automations.run set guard = null where account_id = {c.AccountId} and automation_id = {automation}"));
            await c.PostAsync($"automations/{automation}/retry");
            await c.BecomesAsync(automation, contact, "waiting:z");
        });
        Add("A copy has the structure and nobody inside", async c =>
        {
            var automation = await c.StepsAsync($$"""[ { "id": "t", "type": "tag.add", "tag": "t ~" }, {{Rest}} ]""");
            await c.AddAsync(automation, await c.ContactAsync());
            var copy = (await c.Scenario.Account.PostAsync($"automations/{automation}/duplicate", new { }))["id"]!.ToString();
            var (before, after) = (await c.Scenario.Account.GetAsync($"automations/{automation}"), await c.Scenario.Account.GetAsync($"automations/{copy}"));
            after["document"]!["steps"]!.ToJsonString().ShouldBe(before["document"]!["steps"]!.ToJsonString());
            after["status"]!.ToString().ShouldBe("draft");
            (await c.Scenario.Account.GetAsync($"automations/{copy}/numbers"))["inside"]!.GetValue<long>().ShouldBe(0);
        });
        Add("Entries of different contacts go on side by side", async c =>
        {
            var automation = await c.StepsAsync($$"""[ { "id": "w", "type": "wait.until", "conditions": { "all": [ { "field": "tag", "op": "has", "value": "go ~" } ] } }, {{Rest}} ]""");
            var contacts = await c.ContactsAsync(2);
            await c.AddAsync(automation, contacts);
            await c.TagAsync("go", contacts[1]);
            await c.BecomesAsync(automation, contacts[1], "waiting:z");
            (await c.StateAsync(automation, contacts[0])).ShouldBe("waiting:w");
        });
        Add("A condition on the hour holds for the whole hour, and one after an hour not past midnight", async c =>
        {
            var automation = await c.StepsAsync("""
                [ { "id": "w", "type": "wait.until_time", "hour": 11, "clock": "named", "time_zone": "UTC" },
                  { "id": "a", "type": "flow.if", "conditions": { "all": [ { "field": "now.time", "op": "is", "value": "11:00" } ] } },
                  { "id": "n", "type": "wait.until_time", "hour": 0, "clock": "named", "time_zone": "UTC" },
                  { "id": "b", "type": "flow.if", "conditions": { "all": [ { "field": "now.time", "op": "gt", "value": "23:00" } ] } }, { "id": "z", "type": "wait.for", "duration": "P3000D" } ]
                """);
            var contact = await c.ContactAsync();
            await c.AddAsync(automation, contact);
            await c.AfterAsync(TimeSpan.FromMinutes((((11 * 60) + 40 - c.Now.TimeOfDay.TotalMinutes) + 1440) % 1440));
            await c.AfterAsync(TimeSpan.FromMinutes(((20 - c.Now.TimeOfDay.TotalMinutes) + 1440) % 1440));
            var path = await c.PathAsync(automation, contact);
            path.ShouldContain("a=yes");
            path.ShouldContain("b=no");
        });
    }

    /// <summary>A contact walks some steps; its path is as told.</summary>
    private void Path(string name, string steps, string path) => Add(name, async c =>
    {
        var contact = await c.ContactAsync();
        var automation = await c.StepsAsync($"[ {steps}, {Rest} ]");
        await c.AddAsync(automation, contact);
        (await c.PathAsync(automation, contact)).ShouldBe(path);
    });

    private static async Task<string?> StatusAsync(Case c, long contact) =>
        await c.Scenario.QueryAsync<string>(Sql.Of($"select status from contacts.subscription where account_id = {c.AccountId} and contact_id = {contact}"));

    private static async Task<string> LeftAsync(Case c, string which)
    {
        var contact = await c.ContactAsync();
        var comma = which.Length > 0 ? "," : string.Empty;
        var automation = await c.StepsAsync($$"""
            [ { "type": "list.subscribe", "list": "L ~" }, { "type": "list.subscribe", "list": "M ~" }, { "id": "u", "type": "list.unsubscribe"{{comma}} {{which}} }, {{Rest}} ]
            """);
        await c.AddAsync(automation, contact);
        return $"active on {await c.Scenario.QueryAsync<long>(Sql.Of($"select count(*) from contacts.subscription where account_id = {c.AccountId} and contact_id = {contact} and status = 'active'"))}";
    }
}
