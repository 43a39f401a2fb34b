using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Millrace.TestKit;

namespace Millrace.Product.Tests.V3;

/// <summary>Automations and who is in them, in the shapes that existing clients read: ids and flags as strings, counts of contacts in an automation as the original types them.</summary>
[Collection<OneProduct>]
public sealed class AutomationsTests(TestKit.Product product)
{
    private static readonly string[] AutomationMembers =
    [
        "name", "cdate", "mdate", "userid", "status", "entered", "exited", "hidden", "defaultscreenshot", "screenshot", "entitlements_violation", "source",
        "description", "exit_on_unsubscribe", "exit_on_conversion", "multientry", "links", "id",
    ];

    private static readonly string[] MembershipMembers =
    [
        "contact", "seriesid", "startid", "status", "batchid", "adddate", "remdate", "timespan", "lastblock", "lastlogid", "lastdate", "in_als",
        "completedElements", "totalElements", "completed", "completeValue", "links", "id", "automation",
    ];

    [Fact]
    public async Task Automations_are_listed_with_their_starts_searched_and_read_one_by_one()
    {
        var account = await product.NewAccountAsync();
        var welcome = await ImportAsync(account, "Welcome", """[ { "type": "list.subscribed" }, { "type": "tag.added" } ]""", activate: true);
        var draft = await ImportAsync(account, "Draft", "[]", activate: false);

        var page = await CallAsync(account, "GET", "automations", null, 200);
        page["automations"]!.AsArray().Select(a => (string)a!["id"]!).ShouldBe([welcome, draft]);
        page["automations"]!.AsArray().Select(a => (string)a!["status"]!).ShouldBe(["1", "2"]);
        foreach (var member in AutomationMembers)
        {
            page["automations"]![0]!.AsObject().ContainsKey(member).ShouldBeTrue(member);
        }

        page["automations"]![0]!["links"]!.AsObject().Select(l => l.Key).ShouldBe(
            ["campaigns", "contactGoals", "contactAutomations", "blocks", "goals", "sms", "sitemessages", "triggers"], ignoreOrder: true);
        var meta = page["meta"]!;
        ((string)meta["total"]!, (bool)meta["filtered"]!, meta["smsLogs"]!.AsArray().Count).ShouldBe(("2", false, 0));
        meta["starts"]!.AsArray().Select(s => ((string)s!["series"]!, (string)s["type"]!)).ShouldBe([(welcome, "subscribe"), (welcome, "tag_add")]);

        var found = await CallAsync(account, "GET", "automations?filters[name]=welc", null, 200);
        (found["automations"]!.AsArray().Count, (bool)found["meta"]!["filtered"]!).ShouldBe((1, true));
        (await CallAsync(account, "GET", "automations?search=welc", null, 200))["automations"]!.AsArray().Count.ShouldBe(1);
        (await CallAsync(account, "GET", "automations?limit=1&offset=1", null, 200))["automations"]!.AsArray().Select(a => (string)a!["id"]!).ShouldBe([draft]);

        var one = await CallAsync(account, "GET", $"automations/{welcome}", null, 200);
        one.AsObject().Select(m => m.Key).ShouldBe(["automation"]);
        ((string)one["automation"]!["name"]!).ShouldBe("Welcome");
        await CallAsync(account, "GET", "automations/999999", null, 404);
        await CallAsync(account, "GET", "automations/abc", null, 404);
    }

    [Fact]
    public async Task Blocks_goals_and_who_met_them_stand_under_the_automation_and_the_contact()
    {
        var account = await product.NewAccountAsync();
        var steps = JsonNode.Parse("""
            { "name": "Goals", "create": true, "steps": [
                { "id": "fork", "type": "flow.if", "conditions": { "all": [ { "field": "email", "op": "contains", "value": "@" } ] }, "yes": [ { "id": "t", "type": "tag.add", "tag": "in" } ], "no": [] },
                { "id": "g", "type": "goal", "name": "Known", "conditions": { "all": [ { "field": "tag", "op": "has", "value": "in" } ] } },
                { "id": "z", "type": "wait.for", "duration": "P1D" } ] }
            """)!;
        var automation = (string)(await account.PostAsync("automations/import?activate=true", steps))["id"]!;
        var contact = (string)(await CallAsync(account, "POST", "contacts", """{"contact":{"email":"g@example.org"}}""", 201))["contact"]!["id"]!;
        var membership = (string)(await CallAsync(account, "POST", "contactAutomations", Body(contact, automation), 201))["contactAutomation"]!["id"]!;
        await TestKit.Product.EventuallyAsync(
            async () => (await CallAsync(account, "GET", "contactGoals", null, 200))["contactGoals"]!.AsArray().Count == 1, "the goal is met");

        var blocks = (await CallAsync(account, "GET", $"automations/{automation}/blocks", null, 200))["automationBlocks"]!.AsArray();
        blocks.Select(b => $"{b!["ordernum"]} {b["type"]} {b["deleted"]}").ShouldBe(["1 flow.if 0", "2 tag.add 0", "3 goal 0", "4 wait.for 0"]);
        ((string)blocks[1]!["parent"]!).ShouldBe((string)blocks[0]!["id"]!);
        JsonNode.Parse((string)blocks[1]!["params"]!)!["tag"].ShouldNotBeNull();
        (await CallAsync(account, "GET", "automationBlocks?filters[type]=goal", null, 200))["automationBlocks"]!.AsArray().ShouldHaveSingleItem();

        var goal = (await CallAsync(account, "GET", $"automations/{automation}/goals", null, 200))["goals"]!.AsArray().ShouldHaveSingleItem()!;
        ((string)goal["name"]!, (string)goal["seriesid"]!, (string)goal["automationBlock"]!).ShouldBe(("Known", automation, (string)blocks[2]!["id"]!));

        foreach (var place in new[] { $"contacts/{contact}/contactGoals", $"automations/{automation}/contactGoals", $"goals/{goal["id"]}/contactGoals", $"contactAutomations/{membership}/contactGoals" })
        {
            var met = (await CallAsync(account, "GET", place, null, 200))["contactGoals"]!.AsArray().ShouldHaveSingleItem(place)!;
            ((string)met["subscriberid"]!, (string)met["goal"]!, (string)met["subscriberseriesid"]!).ShouldBe((contact, (string)goal["id"]!, membership));
            met["links"]!.AsObject().Select(l => l.Key).ShouldBe(["goal", "automation", "contact", "contactAutomation", "contactGoalLists", "contactGoalTags"], ignoreOrder: true);
            (await CallAsync(account, "GET", $"contactGoals/{met["id"]}/contactGoalTags", null, 200))["contactGoalTags"]!.AsArray().ShouldBeEmpty();
        }

        (await CallAsync(account, "GET", $"contactAutomations/{membership}", null, 200))["contactAutomation"]!["lastblock"]!.GetValue<string>().ShouldBe((string)blocks[3]!["id"]!);
        foreach (var (relation, root) in new[] { ("campaigns", "campaigns"), ("sms", "sms"), ("sitemessages", "sitemessages"), ("triggers", "triggers") })
        {
            (await CallAsync(account, "GET", $"automations/{automation}/{relation}", null, 200))[root]!.AsArray().ShouldBeEmpty(relation);
        }

        var other = await product.NewAccountAsync();
        await CallAsync(other, "GET", $"automationBlocks/{blocks[0]!["id"]}", null, 404);
        await CallAsync(other, "GET", $"goals/{goal["id"]}", null, 404);
    }

    [Fact]
    public async Task A_contact_is_added_found_in_three_places_and_taken_out_again()
    {
        var account = await product.NewAccountAsync();
        var automation = await ImportAsync(account, "Stay", "[]", activate: true);
        var contact = (string)(await CallAsync(account, "POST", "contacts", """{"contact":{"email":"a@example.org"}}""", 201))["contact"]!["id"]!;

        var made = await CallAsync(account, "POST", "contactAutomations", Body(contact, automation), 201);
        ((string)made["contacts"]![0]!["id"]!, (string)made["contacts"]![0]!["email"]!).ShouldBe((contact, "a@example.org"));
        var membership = made["contactAutomation"]!;
        foreach (var member in MembershipMembers)
        {
            membership.AsObject().ContainsKey(member).ShouldBeTrue(member);
        }

        (Kind(membership["completed"]), Kind(membership["completeValue"]), Kind(membership["totalElements"])).ShouldBe((JsonValueKind.Number, JsonValueKind.Number, JsonValueKind.String));
        membership["links"]!.AsObject().Select(l => l.Key).ShouldBe(["automation", "contact", "contactGoals", "automationLogs"], ignoreOrder: true);
        var id = (string)membership["id"]!;
        foreach (var path in new[]
        {
            $"contacts/{contact}/contactAutomations", $"automations/{automation}/contactAutomations", $"contactAutomations?filters[contact]={contact}",
            $"contactAutomations?filters[automation]={automation}", $"contactAutomations?filters[seriesid]={automation}&filters[status]=1",
        })
        {
            var listed = await CallAsync(account, "GET", path, null, 200);
            listed["contactAutomations"]!.AsArray().Select(r => (string)r!["id"]!).ShouldBe([id], path);
            if (path.StartsWith("contactAutomations", StringComparison.Ordinal))
            {
                ((string)listed["meta"]!["total"]!, listed["meta"]!["showcase_stats"]!.AsArray().Count).ShouldBe(("1", 0));
            }
        }

        (await CallAsync(account, "GET", "contactAutomations?filters[status]=2", null, 200))["contactAutomations"]!.AsArray().Count.ShouldBe(0);
        (await CallAsync(account, "DELETE", $"contactAutomations/{id}", null, 200)).AsObject().Count.ShouldBe(0);
        var over = (await CallAsync(account, "GET", $"contactAutomations/{id}", null, 200))["contactAutomation"]!;
        ((string)over["status"]!, (int)over["completed"]!, (int)over["completeValue"]!).ShouldBe(("2", 1, 100));
        over["remdate"].ShouldNotBeNull();
    }

    [Fact]
    public async Task What_cannot_be_entered_is_refused_with_403_and_what_is_not_there_with_404()
    {
        var account = await product.NewAccountAsync();
        var off = await ImportAsync(account, "Off", "[]", activate: false);
        var once = await ImportAsync(account, "Once", "[]", activate: true, entry: "once");
        var contact = (string)(await CallAsync(account, "POST", "contacts", """{"contact":{"email":"a@example.org"}}""", 201))["contact"]!["id"]!;
        await CallAsync(account, "POST", "contactAutomations", Body(contact, once), 201);

        foreach (var body in new[] { Body(contact, off), Body(contact, once), Body(contact, "999999"), Body("999999", once) })
        {
            ((string)(await CallAsync(account, "POST", "contactAutomations", body, 403))["message"]!).ShouldBe("Could not create SubscriberSeries", body);
        }

        ((string)(await CallAsync(account, "GET", "contactAutomations/999999", null, 404))["message"]!).ShouldBe("No Result found for SubscriberSeries with id 999999");
        await CallAsync(account, "DELETE", "contactAutomations/999999", null, 404);
    }

    private static string Body(string contact, string automation) => $$$"""{"contactAutomation":{"contact":"{{{contact}}}","automation":"{{{automation}}}"}}""";

    private static JsonValueKind Kind(JsonNode? node) => node!.GetValueKind();

    private static async Task<string> ImportAsync(TestAccount account, string name, string triggers, bool activate, string entry = "any") =>
        (string)(await account.PostAsync($"automations/import?activate={(activate ? "true" : "false")}", JsonNode.Parse($$"""
            { "name": "{{name}}", "entry": "{{entry}}", "triggers": {{triggers}}, "steps": [ { "type": "wait.for", "duration": "P9D" } ] }
            """)!))["id"]!;

    private static async Task<JsonNode> CallAsync(TestAccount account, string method, string path, string? body, int status)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(path, UriKind.Relative));
        request.Content = body is null ? null : JsonContent.Create(JsonNode.Parse(body));
        using var answer = await account.V3.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        ((int)answer.StatusCode).ShouldBe(status, $"{method} {path}: {text}");
        return JsonNode.Parse(text)!;
    }
}
