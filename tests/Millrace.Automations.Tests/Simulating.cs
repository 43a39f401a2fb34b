using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Millrace.Activities.Contracts;
using Millrace.Kernel.Data;
using Millrace.Messaging.Contracts;
using Millrace.TestKit;

namespace Millrace.Automations.Tests;

/// <summary>The simulator tells what the engine would do, and nothing of it happens.</summary>
[Collection(nameof(Time_moves))]
public sealed class Simulating(Product product)
{
    private const string Everything = """
        { "name": "Everything", "create": true, "steps": [
            { "id": "fork", "type": "flow.if", "conditions": { "all": [ { "field": "tag", "op": "has", "value": "vip" } ] },
              "yes": [ { "id": "y", "type": "tag.add", "tag": "was vip" } ],
              "no": [ { "id": "n", "type": "wait.for", "duration": "PT90M" } ] },
            { "id": "mail", "type": "email.send", "subject": "Hi", "from": { "address": "ann@sender.example" }, "html": "<p>Hi <a href=\"https://example.org/x\">there</a></p>" },
            { "id": "read", "type": "wait.until", "timeout": "P3D", "conditions": { "all": [ { "activity": "email.opened", "step": "mail" } ] } },
            { "id": "split", "type": "flow.split", "mode": "weighted", "paths": 2, "shares": [75, 25],
              "a": [ { "id": "a", "type": "field.set", "field": "Path", "value": "a" } ],
              "b": [ { "id": "b", "type": "wait.until_time", "hour": 9 } ] },
            { "id": "loop", "type": "wait.for", "duration": "P1D" },
            { "id": "again", "type": "flow.if", "conditions": { "all": [ { "field": "tag", "op": "has", "value": "bought" } ] },
              "yes": [], "no": [ { "id": "back", "type": "flow.goto", "step": "loop" } ] },
            { "id": "goal", "type": "goal", "name": "Bought", "conditions": { "all": [ { "field": "tag", "op": "has", "value": "bought" } ] }, "otherwise": "wait" },
            { "id": "thanks", "type": "tag.add", "tag": "customer" } ] }
        """;

    [Fact]
    public async Task Tells_the_same_paths_and_times_as_the_engine_then_takes()
    {
        var scenario = await Scenario.NewAsync(product);
        await FieldAsync(scenario, "Path");
        // Which of those who come at the same moment takes which path of a split is nobody's promise; the shares are.
        var automation = await scenario.ImportAsync(Everything.Replace("[75, 25]", "[0, 100]", StringComparison.Ordinal));
        var contacts = await scenario.ContactsAsync(12);
        await scenario.TagThemAsync("vip", [.. contacts.Take(5)]);
        await scenario.Account.SettledAsync();
        var bought = await scenario.TagAsync("bought");
        var start = product.Now;
        var told = await SimulateAsync(scenario, automation, new
        {
            contacts,
            starts_at = start,
            until = start.AddHours(138),
            events = new object[]
            {
                new { at = start.AddHours(20), contact = contacts[1], activity = "email.opened", step = "mail" },
                new { at = start.AddHours(44), contact = contacts[6], action = new { type = "tag.add", tag = bought } },
                new { at = start.AddHours(116), contact = contacts[2], action = new { type = "tag.add", tag = bought } },
            },
        });
        (await scenario.RunsAsync(automation, contacts[0])).ShouldBe(0);

        await scenario.AddAsync(automation, contacts);
        await AtAsync(scenario, automation, start.AddHours(20), start);
        await OpenAsync(scenario, automation, contacts[1]);
        await scenario.Account.SettledAsync();
        await AtAsync(scenario, automation, start.AddHours(44), start);
        await scenario.TagThemAsync("bought", contacts[6]);
        await scenario.Account.SettledAsync();
        await AtAsync(scenario, automation, start.AddHours(116), start);
        await scenario.TagThemAsync("bought", contacts[2]);
        await scenario.Account.SettledAsync();
        await AtAsync(scenario, automation, start.AddHours(138), start);

        foreach (var contact in contacts)
        {
            var person = Of(told, contact);
            var real = await scenario.QueryListAsync<Left>(Sql.Of($"""
                select v.step_key, v.result, v.left_at from automations.run r join automations.step_visit v on v.account_id = r.account_id and v.run_id = r.id
                where r.account_id = {scenario.Account.Id} and r.automation_id = {automation} and r.contact_id = {contact} order by v.visit_no
                """));
            var simulated = person["visits"]!.AsArray().Select(v => $"{v!["step_id"]}={v["result"]}");
            string.Join(' ', simulated).ShouldBe(string.Join(' ', real.Select(r => $"{r.StepKey}={r.Result}")), $"contact {Array.IndexOf(contacts, contact)}");
            foreach (var (visit, left) in person["visits"]!.AsArray().Zip(real))
            {
                // The real one was driven in jumps of minutes.
                (left.LeftAt - Time(visit!["left_at"])).Duration().ShouldBeLessThan(TimeSpan.FromMinutes(12), $"{visit["step_id"]} of contact {Array.IndexOf(contacts, contact)}");
            }
        }

        Of(told, contacts[6])["visits"]!.ToJsonString().ShouldContain("jumped_to_goal");
        Of(told, contacts[1])["events"]!.ToJsonString().ShouldContain("email.opened");
        told["stopped"]!.GetValue<string>().ShouldBe("horizon");
    }

    [Fact]
    public async Task Leaves_every_row_of_the_account_as_it_was()
    {
        var scenario = await Scenario.NewAsync(product);
        var number = (await scenario.Account.PostAsync("fields", new { name = "Any number", type = "number" }))["id"]!.ToString();
        var other = await scenario.ImportAsync("""{ "name": "Other", "steps": [ { "type": "wait.for", "duration": "P9D" } ] }""");
        var automation = await scenario.ImportAsync($$"""
            { "name": "All", "create": true, "steps": [
                { "id": "mail", "type": "email.send", "subject": "Hi", "from": { "address": "ann@sender.example" }, "html": "<p>Hi</p>" },
                { "type": "tag.add", "tag": "a" }, { "type": "tag.remove", "tag": "a" }, { "type": "list.subscribe", "list": "L" }, { "type": "list.unsubscribe", "list": "L" },
                { "type": "field.set", "field": "Any number", "value": "5" }, { "type": "math.compute", "field": "Any number", "operation": "add", "value": 2 },
                { "type": "note.add", "text": "Here" }, { "type": "owner.assign", "users": ["{{scenario.Account.Email}}"] },
                { "type": "user.notify", "subject": "Look", "text": "Here", "addresses": ["ann@sender.example"] },
                { "id": "hook", "type": "webhook.post", "url": "https://hooks.example.org/x" },
                { "type": "flow.split", "paths": 2 },
                { "id": "start", "type": "flow.start_automation", "automation": "Other" }, { "type": "flow.end_automation", "which": "other", "automation": "Other" },
                { "type": "wait.for", "duration": "P1D" }, { "id": "gone", "type": "contact.delete" } ] }
            """, activate: false);
        var contacts = await scenario.ContactsAsync(3);
        await scenario.AddAsync(other, contacts[0]);
        await scenario.BecomesAsync(other, contacts[0], "waiting:for1");
        await scenario.Account.SettledAsync();
        var before = await FingerprintAsync(scenario);

        var told = await SimulateAsync(scenario, automation, new { contacts, assume = new { opens_after = "PT1H", clicks_after = "PT2H" } });

        (await FingerprintAsync(scenario)).ShouldBe(before);
        told["totals"]!["ended"]!.GetValue<int>().ShouldBe(3, told.ToJsonString());
        var path = Of(told, contacts[1])["visits"]!.AsArray();
        path.Single(v => v!["step_id"]!.GetValue<string>() == "hook")!["result"]!.GetValue<string>().ShouldBe("passed_over");
        path.Single(v => v!["step_id"]!.GetValue<string>() == "mail")!["result"]!.GetValue<string>().ShouldBe("done");
        path.Single(v => v!["step_id"]!.GetValue<string>() == "start")!["result"]!.GetValue<string>().ShouldBe("done");
        told["steps"]!.AsArray().Single(s => s!["step_id"]!.GetValue<string>() == "hook")!["note"]!.GetValue<string>().ShouldContain("posts nothing");
        number.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Leaves_nothing_in_memory_that_a_real_run_could_meet()
    {
        var scenario = await Scenario.NewAsync(product);
        var automation = await scenario.ImportAsync("""
            { "name": "Twice", "create": true, "steps": [
                { "id": "mail", "type": "email.send", "subject": "Draft", "from": { "address": "ann@sender.example" }, "html": "<p>Draft</p>" },
                { "id": "t", "type": "tag.add", "tag": "draft" } ] }
            """, activate: false);
        var contact = await scenario.ContactAsync();
        await SimulateAsync(scenario, automation, new { contacts = new[] { contact } });
        await SimulateAsync(scenario, automation, new { contacts = new[] { contact } });

        await scenario.Account.PostAsync($"automations/{automation}/publish", new { });
        await scenario.Account.PostAsync($"automations/{automation}/activate", new { });
        await scenario.AddAsync(automation, contact);
        await scenario.BecomesAsync(automation, contact, "completed:");
        (await scenario.QueryAsync<long>(Sql.Of($"""
            select count(*) from messaging.send s join messaging.message_version v on v.account_id = s.account_id and v.id = s.message_version_id
            where s.account_id = {scenario.Account.Id} and v.subject = 'Draft'
            """))).ShouldBe(1);
    }

    [Fact]
    public async Task Says_why_a_branch_was_taken_and_what_a_contact_waits_for()
    {
        var scenario = await Scenario.NewAsync(product);
        var automation = await scenario.ImportAsync("""
            { "name": "Why", "create": true, "steps": [
                { "id": "fork", "type": "flow.if", "conditions": { "all": [ { "field": "tag", "op": "has", "value": "vip" } ] },
                  "yes": [ { "id": "u", "type": "wait.until", "conditions": { "all": [ { "field": "tag", "op": "has", "value": "bought" } ] } } ], "no": [] } ] }
            """, activate: false);
        var contacts = await scenario.ContactsAsync(2);
        await scenario.TagThemAsync("vip", contacts[0]);

        var told = await SimulateAsync(scenario, automation, new { contacts });

        var vip = Of(told, contacts[0]);
        vip["outcome"]!.GetValue<string>().ShouldBe("waiting");
        vip["visits"]![0]!["why"]![0]!["holds"]!.GetValue<bool>().ShouldBeTrue();
        vip["visits"]![0]!["why"]![0]!["words"]!.GetValue<string>().ShouldContain("vip");
        vip["why"]![0]!["words"]!.GetValue<string>().ShouldContain("bought");
        vip["why"]![0]!["holds"]!.GetValue<bool>().ShouldBeFalse();
        Of(told, contacts[1])["outcome"]!.GetValue<string>().ShouldBe("completed");
        told["complete"]!.GetValue<bool>().ShouldBeTrue();
    }

    [Fact]
    public async Task Plays_one_contact_event_by_event()
    {
        var scenario = await Scenario.NewAsync(product);
        await FieldAsync(scenario, "Path");
        var automation = await scenario.ImportAsync(Everything, activate: false);
        var contact = await scenario.ContactAsync();
        var start = product.Now;

        var first = await SimulateAsync(scenario, automation, new { contacts = new[] { contact }, starts_at = start, until = start });
        Of(first, contact)["step_id"]!.GetValue<string>().ShouldBe("n");
        Time(first["next_at"]).ShouldBe(start.AddMinutes(90), TimeSpan.FromMilliseconds(1));

        var second = await SimulateAsync(scenario, automation, new { contacts = new[] { contact }, starts_at = start, until = Time(first["next_at"]) });
        Of(second, contact)["step_id"]!.GetValue<string>().ShouldBe("read");

        // What is made up for a moment comes after what happens in it by itself, one thing after the other.
        var at = Time(first["next_at"]);
        var both = await SimulateAsync(scenario, automation, new
        {
            contacts = new[] { contact },
            starts_at = start,
            until = at,
            events = new[] { new { at, activity = "email.opened", step = "mail" }, new { at, activity = "email.clicked", step = "mail" } },
        });
        var told = Of(both, contact)["visits"]!.AsArray();
        told.Single(v => v!["step_id"]!.GetValue<string>() == "read")!["detail"].ShouldBeNull();
        Of(both, contact)["events"]!.AsArray().Select(e => e!["kind"]!.GetValue<string>()).ShouldBe(["email.sent", "email.opened", "email.clicked"]);

        var open = new { at = start.AddHours(2), activity = "email.opened", step = "mail" };
        var third = await SimulateAsync(scenario, automation, new { contacts = new[] { contact }, starts_at = start, until = start.AddHours(2), events = new[] { open } });
        Of(third, contact)["visits"]!.ToJsonString().ShouldContain("met");
        Of(third, contact)["events"]!.AsArray().Count(e => e!["by_hand"]!.GetValue<bool>()).ShouldBe(1);
    }

    [Fact]
    public async Task Assumes_that_everybody_opens_or_nobody_does()
    {
        var scenario = await Scenario.NewAsync(product);
        await FieldAsync(scenario, "Path");
        var automation = await scenario.ImportAsync(Everything, activate: false);
        await scenario.ContactsAsync(5);
        var nobody = await SimulateAsync(scenario, automation, new { random = 5, until = product.Now.AddDays(5) });
        var all = await SimulateAsync(scenario, automation, new { random = 5, until = product.Now.AddDays(5), assume = new { opens_after = "PT1H" } });
        Result(nobody, "timed_out").ShouldBe(5);
        Result(all, "met").ShouldBe(5);
        Result(all, "b", "split").ShouldBe(1);
        all["population"]!.GetValue<long>().ShouldBe(5);

        static int Result(JsonNode told, string result, string step = "read") =>
            told["steps"]!.AsArray().Single(s => s!["step_id"]!.GetValue<string>() == step)!["results"]![result]?.GetValue<int>() ?? 0;
    }

    [Fact]
    public async Task Lets_a_segment_in_through_a_trigger_with_its_filter_and_the_entry_rule()
    {
        var scenario = await Scenario.NewAsync(product);
        var automation = await scenario.ImportAsync("""
            { "name": "Gate", "create": true, "entry": "once", "triggers": [
                { "id": "t", "type": "tag.added", "tag": "x", "where": { "all": [ { "field": "tag", "op": "has", "value": "vip" } ] } } ],
              "steps": [ { "id": "w", "type": "wait.for", "duration": "P1D" } ] }
            """);
        var contacts = await scenario.ContactsAsync(3);
        await scenario.TagThemAsync("vip", contacts[0], contacts[1]);
        await scenario.AddAsync(automation, contacts[1]);
        await scenario.BecomesAsync(automation, contacts[1], "waiting:w");
        var vip = await scenario.TagAsync("vip");
        var segment = (await scenario.Account.PostAsync("segments", new { name = "Vips", conditions = new { all = new[] { new { field = "tag", op = "has", value = vip } } } }))["id"]!.GetValue<long>();

        var told = await SimulateAsync(scenario, automation, new { contacts, trigger = "t", keep_entry_rule = true });
        Of(told, contacts[0])["outcome"]!.GetValue<string>().ShouldBe("completed");
        Of(told, contacts[1])["detail"]!.GetValue<string>().ShouldBe("entry_rule");
        Of(told, contacts[2])["detail"]!.GetValue<string>().ShouldBe("filter");
        Of(told, contacts[2])["why"]![0]!["holds"]!.GetValue<bool>().ShouldBeFalse();

        var sampled = await SimulateAsync(scenario, automation, new { segment, sample = 1 });
        sampled["population"]!.GetValue<long>().ShouldBe(2);
        sampled["people"]!.AsArray().Count.ShouldBe(1);
        sampled["totals"]!["completed"]!.GetValue<int>().ShouldBe(1);
    }

    [Fact]
    public async Task A_step_that_fails_stops_the_contact_and_says_so()
    {
        var scenario = await Scenario.NewAsync(product);
        var automation = await scenario.ImportAsync("""
            { "name": "Broken", "create": true, "steps": [ { "id": "t", "type": "tag.add", "tag": "x" } ] }
            """, activate: false);
        await scenario.SaveAsync(automation, """[ { "id": "t", "type": "tag.add" }, { "id": "m", "type": "email.send", "subject": "", "html": "" } ]""");
        var contact = await scenario.ContactAsync();
        var told = await SimulateAsync(scenario, automation, new { contacts = new[] { contact } });
        Of(told, contact)["outcome"]!.GetValue<string>().ShouldBe("stuck");

        await scenario.SaveAsync(automation, """[ { "id": "m", "type": "email.send", "subject": "", "html": "" } ]""");
        told = await SimulateAsync(scenario, automation, new { contacts = new[] { contact } });
        Of(told, contact)["outcome"]!.GetValue<string>().ShouldBe("stuck");
        Of(told, contact)["detail"]!.GetValue<string>().ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Refuses_what_it_cannot_read_and_never_breaks()
    {
        var scenario = await Scenario.NewAsync(product);
        var automation = await scenario.ImportAsync("""{ "name": "H", "steps": [ { "id": "w", "type": "wait.for", "duration": "P1D" } ] }""", activate: false);
        var contact = await scenario.ContactAsync();
        var now = product.Now;
        string[] bodies =
        [
            "{}", "[]", "{", "null", "\"x\"", """{ "contacts": [] }""", """{ "contacts": [0] }""", """{ "contacts": [-1, 9007199254740993] }""", """{ "contacts": ["1"] }""",
            """{ "contacts": null, "segment": null }""", """{ "segment": 999999 }""", """{ "segment": -1 }""", """{ "random": 0 }""", """{ "random": 1001 }""",
            """{ "random": 1, "segment": 1 }""", """{ "random": 1, "sample": 0 }""", """{ "random": 1, "unknown": true }""", """{ "random": 1, "trigger": "none" }""",
            """{ "random": 1, "starts_at": "yesterday" }""", """{ "random": 1, "starts_at": "1900-01-01T00:00:00Z" }""", """{ "random": 1, "starts_at": "9999-12-31T23:59:59Z" }""",
            """{ "random": 1, "until": "0001-01-01T00:00:00Z" }""", """{ "random": 1, "until": "9999-12-31T23:59:59Z" }""",
            """{ "random": 1, "assume": { "opens_after": "soon" } }""", """{ "random": 1, "assume": { "opens_after": "P100Y" } }""", """{ "random": 1, "assume": { "clicks_after": "-PT1H" } }""",
            Event("""{ "at": "$now" }"""), Event("""{ "at": "$now", "activity": "no.such" }"""), Event("""{ "at": "$now", "activity": "automation.ended" }"""),
            Event("""{ "at": "$now", "activity": "email.opened", "step": "none" }"""), Event("""{ "at": "$now", "activity": "email.opened", "data": [] }"""),
            Event("""{ "at": "$now", "activity": "email.opened", "data": { "message_id": "x" } }"""), Event("""{ "at": "$now", "activity": "email.opened", "data": { "evil": 1 } }"""),
            Event("""{ "at": "$now", "activity": "event.recorded", "data": { "name": "a\u0000b" } }"""), Event("""{ "at": "$now", "activity": "event.recorded", "data": { "name": "\ud800" } }"""),
            Event("""{ "at": "2001-01-01T00:00:00Z", "activity": "email.opened" }"""), Event("""{ "at": "$now", "action": {} }"""), Event("""{ "at": "$now", "action": { "type": 1 } }"""),
            Event("""{ "at": "$now", "action": { "type": "contact.delete" } }"""), Event("""{ "at": "$now", "action": { "type": "webhook.post", "url": "https://x.example" } }"""),
            Event("""{ "at": "$now", "action": { "type": "tag.add" } }"""), Event("""{ "at": "$now", "action": { "type": "tag.add", "tag": "x" } }"""),
            Event("""{ "at": "$now", "action": { "type": "field.set", "field": 1, "value": "a\u0000" } }"""),
            Event("""{ "at": "$now", "activity": "email.opened", "action": { "type": "tag.add", "tag": 1 } }"""),
        ];
        foreach (var body in bodies)
        {
            using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
            using var answer = await scenario.Account.App.PostAsync(new Uri($"automations/{automation}/simulate", UriKind.Relative), content);
            ((int)answer.StatusCode).ShouldBeInRange(400, 422, $"{body} -> {await answer.Content.ReadAsStringAsync()}");
        }

        (await StatusAsync(scenario, automation + 1_000_000, new { contacts = new[] { contact } })).ShouldBe(HttpStatusCode.NotFound);
        var foreign = await Scenario.NewAsync(product);
        (await StatusAsync(foreign, automation, new { random = 1 })).ShouldBe(HttpStatusCode.NotFound);
        var mine = await foreign.ImportAsync("""{ "name": "H", "steps": [ { "id": "w", "type": "wait.for", "duration": "P1D" } ] }""", activate: false);
        (await StatusAsync(foreign, mine, new { contacts = new[] { contact } })).ShouldBe(HttpStatusCode.UnprocessableEntity);
        // Nobody is there.
        (await SimulateAsync(foreign, mine, new { random = 10 }))["people"]!.AsArray().Count.ShouldBe(0);

        string Event(string json) => $$"""{ "contacts": [{{contact}}], "events": [ {{json.Replace("$now", now.AddMinutes(1).ToString("O"), StringComparison.Ordinal)}} ] }""";
    }

    [Fact]
    public async Task One_at_a_time_and_never_in_the_way_of_real_work()
    {
        var scenario = await Scenario.NewAsync(product);
        var automation = await scenario.ImportAsync("""
            { "name": "Busy", "create": true, "steps": [ { "id": "o", "type": "field.set", "field": -2, "value": "Ada" }, { "id": "d", "type": "contact.delete" } ] }
            """.Replace("-2", "\"first_name\"", StringComparison.Ordinal), activate: false);
        var contact = await scenario.ContactAsync();
        await using (var other = await scenario.Account.BeginAsync())
        {
            await Sql.Of($"select 1 from contacts.contact where account_id = {scenario.Account.Id} and id = {contact} for update").ExecuteAsync(other, CancellationToken.None);
            (await StatusAsync(scenario, automation, new { contacts = new[] { contact } })).ShouldBe(HttpStatusCode.Conflict);
        }

        await using (var other = await scenario.Account.BeginAsync())
        {
            await Sql.Of($"select pg_advisory_xact_lock(641377631, {(int)scenario.Account.Id})").ExecuteAsync(other, CancellationToken.None);
            (await StatusAsync(scenario, automation, new { contacts = new[] { contact } })).ShouldBe(HttpStatusCode.TooManyRequests);
        }

        (await StatusAsync(scenario, automation, new { contacts = new[] { contact } })).ShouldBe(HttpStatusCode.OK);
    }

    private static async Task<JsonNode> SimulateAsync(Scenario scenario, long automation, object body) =>
        await scenario.Account.PostAsync($"automations/{automation}/simulate", body);

    private static async Task<HttpStatusCode> StatusAsync(Scenario scenario, long automation, object body)
    {
        using var answer = await scenario.Account.App.PostAsJsonAsync($"automations/{automation}/simulate", body);
        return answer.StatusCode;
    }

    private static JsonNode Of(JsonNode told, long contact) => told["people"]!.AsArray().Single(p => p!["contact_id"]!.GetValue<long>() == contact)!;

    private static DateTimeOffset Time(JsonNode? node) => DateTimeOffset.Parse(node!.GetValue<string>(), System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Moves the clock on in small jumps, so that each wait ends about when it is due, until it shows the time.</summary>
    private async Task AtAsync(Scenario scenario, long automation, DateTimeOffset time, DateTimeOffset start)
    {
        while (product.Now < time)
        {
            await Product.EventuallyAsync(() => IdleAsync(scenario, automation), "nobody is due");
            var next = await scenario.QueryAsync<DateTimeOffset?>(Sql.Of($"""
                select min(due_at) from automations.run where account_id = {scenario.Account.Id} and automation_id = {automation} and due_at is not null
                """)) is { } due && due < time ? due : time;
            var by = next - product.Now + TimeSpan.FromSeconds(1);
            await product.AdvanceAsync(by > TimeSpan.FromSeconds(1) ? by : TimeSpan.FromSeconds(1));
            await scenario.Account.SettledAsync();
        }

        if (time - start > TimeSpan.FromHours(10))
        {
            await scenario.Account.LogInAgainAsync();
        }

        await Product.EventuallyAsync(() => IdleAsync(scenario, automation), "nobody is due");
    }

    private async Task<bool> IdleAsync(Scenario scenario, long automation) => await scenario.QueryAsync<bool>(Sql.Of($"""
        select not exists (select 1 from automations.run where account_id = {scenario.Account.Id} and automation_id = {automation} and due_at <= {product.Now})
           and not exists (select 1 from automations.nudge where account_id = {scenario.Account.Id})
        """));

    private async Task OpenAsync(Scenario scenario, long automation, long contact)
    {
        await using var work = await scenario.Account.BeginAsync();
        var log = product.Services.GetRequiredService<IActivityLog>();
        await log.AppendAsync(work.Transaction, scenario.Account.Id, [new EmailOpened(contact, 1, 1)], CancellationToken.None, new ActivityOrigin(automation, "mail"));
        await work.CommitAsync(CancellationToken.None);
        log.Wake();
    }

    private static async Task FieldAsync(Scenario scenario, string name) => await scenario.Account.PostAsync("fields", new { name, type = "text" });

    /// <summary>Every table the account can see, with what is in it.</summary>
    private static async Task<string> FingerprintAsync(Scenario scenario)
    {
        var tables = await scenario.QueryListAsync<string>(Sql.Of($"""
            select format('%I.%I', n.nspname, c.relname) from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
            where c.relkind in ('r', 'p') and not c.relispartition and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
              and c.relname not in ('bucket_lease', 'session', 'clock', 'schema_version', 'migration') and has_table_privilege(c.oid, 'select')
            order by 1
            """));
        tables.Count.ShouldBeGreaterThan(40);
        var prints = new List<string>();
        await using var work = await scenario.Account.BeginAsync();
        foreach (var table in tables)
        {
            await using var command = new Npgsql.NpgsqlCommand($"select count(*) || ' ' || coalesce(md5(string_agg(t::text, ',' order by t::text)), '') from {table} t", work.Connection);
            prints.Add($"{table} {await command.ExecuteScalarAsync()}");
        }

        return string.Join('\n', prints);
    }

    private sealed record Left(string StepKey, string Result, DateTimeOffset LeftAt);
}

/// <summary>A server whose simulations may compute for a moment only.</summary>
public sealed class HurriedProduct : Product
{
    protected override IEnumerable<KeyValuePair<string, string?>> Settings => [new("Millrace:Simulation:TimeLimitSeconds", "0.02")];
}

public sealed class Simulating_in_a_hurry(HurriedProduct product) : IClassFixture<HurriedProduct>
{
    [Fact]
    public async Task Ends_at_the_time_limit_with_what_it_has_found_so_far()
    {
        var scenario = await Scenario.NewAsync(product);
        var automation = await scenario.ImportAsync("""
            { "name": "Long", "create": true, "steps": [
                { "id": "u", "type": "wait.until", "conditions": { "all": [ { "activity": "email.opened", "within": "P1D" } ] } } ] }
            """, activate: false);
        await scenario.ContactsAsync(50);
        var told = await scenario.Account.PostAsync($"automations/{automation}/simulate", new { random = 50 });
        told["stopped"]!.GetValue<string>().ShouldBe("time_limit");
        told["complete"]!.GetValue<bool>().ShouldBeFalse();
        told["people"]!.AsArray().Count.ShouldBe(50);
    }
}
