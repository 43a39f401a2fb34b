using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Millrace.TestKit;

namespace Millrace.Product.Tests.V3;

/// <summary>The calls that existing clients make, and what they read from the answers: status, envelope, names and types.</summary>
[Collection<OneProduct>]
public sealed class ConformanceTests(TestKit.Product product)
{
    [Fact]
    public async Task Sync_creates_with_201_and_updates_with_200()
    {
        var account = await product.NewAccountAsync();
        var made = await CallAsync(account, "POST", "contact/sync", """{"contact":{"email":"ada@example.org","firstName":"Ada"}}""", 201);
        Text(made["contact"]!["id"]);
        Text(made["contact"]!["hash"]).Length.ShouldBe(32);
        made.AsObject().ContainsKey("fieldValues").ShouldBeFalse();

        var changed = await CallAsync(account, "POST", "contact/sync", """{"contact":{"email":"ADA@example.org","lastName":"Byron"}}""", 200);
        var contact = changed["contact"]!;
        (Text(contact["firstName"]), Text(contact["lastName"]), Text(contact["id"])).ShouldBe(("Ada", "Byron", Text(made["contact"]!["id"])));
        foreach (var name in new[]
        {
            "email", "phone", "orgid", "orgname", "segmentio_id", "bounced_hard", "bounced_soft", "ip", "hash", "deleted", "anonymized", "cdate", "udate", "created_utc_timestamp",
            "updated_timestamp", "mpp_tracking",
        })
        {
            Text(contact[name]);
        }

        contact["links"]!.AsObject().Count.ShouldBeGreaterThanOrEqualTo(18);
    }

    [Fact]
    public async Task Tags_lists_fields_and_what_joins_them_to_contacts_answer_201()
    {
        var account = await product.NewAccountAsync();
        var contact = Text((await CallAsync(account, "POST", "contacts", """{"contact":{"email":"a@example.org"}}""", 201))["contact"]!["id"]);
        var tag = (await CallAsync(account, "POST", "tags", """{"tag":{"tag":"vip","tagType":"contact","description":"d"}}""", 201))["tag"]!;
        (Text(tag["tag"]), Text(tag["tagType"]), Text(tag["description"])).ShouldBe(("vip", "contact", "d"));
        var list = Text((await CallAsync(account, "POST", "lists", """{"list":{"name":"News","stringid":"news"}}""", 201))["list"]!["id"]);
        var field = Text((await CallAsync(account, "POST", "fields", """{"field":{"title":"Colour","type":"text"}}""", 201))["field"]!["id"]);

        var tagged = await CallAsync(account, "POST", "contactTags", $$$"""{"contactTag":{"contact":"{{{contact}}}","tag":"{{{Text(tag["id"])}}}"}}""", 201);
        (Text(tagged["contactTag"]!["contact"]), Text(tagged["contacts"]![0]!["id"])).ShouldBe((contact, contact));
        var listed = await CallAsync(account, "POST", "contactLists", $$$"""{"contactList":{"contact":{{{contact}}},"list":{{{list}}},"status":1}}""", 201);
        Text(listed["contactList"]!["id"]);
        await CallAsync(account, "POST", "contactLists", $$$"""{"contactList":{"contact":{{{contact}}},"list":{{{list}}},"status":2}}""", 200);
        var value = await CallAsync(account, "POST", "fieldValues", $$$"""{"fieldValue":{"contact":{{{contact}}},"field":{{{field}}},"value":"Blue"}}""", 201);
        (Text(value["fieldValue"]!["value"]), Text(value["fieldValue"]!["owner"])).ShouldBe(("Blue", contact));
    }

    [Fact]
    public async Task Lists_of_contacts_are_paged_filtered_and_ordered()
    {
        var account = await product.NewAccountAsync();
        foreach (var name in new[] { "a", "b", "c" })
        {
            await CallAsync(account, "POST", "contacts", $$$"""{"contact":{"email":"{{{name}}}@example.org"}}""", 201);
        }

        // Totals of whole accounts are counted by the reactor.
        await account.SettledAsync();
        var page = await CallAsync(account, "GET", "contacts?limit=2&offset=1&orders[email]=DESC", null, 200);
        page["contacts"]!.AsArray().Select(c => Text(c!["email"])).ShouldBe(["b@example.org", "a@example.org"]);
        Text(page["meta"]!["total"]).ShouldBe("3");
        (await CallAsync(account, "GET", "contacts?filters[email]=c@example.org", null, 200))["contacts"]!.AsArray().Count.ShouldBe(1);
        (await CallAsync(account, "GET", "contacts?email=b@example.org", null, 200))["contacts"]!.AsArray().Count.ShouldBe(1);
    }

    [Fact]
    public async Task Errors_have_the_words_and_shapes_that_clients_compare()
    {
        var account = await product.NewAccountAsync();
        await CallAsync(account, "POST", "contacts", """{"contact":{"email":"a@example.org"}}""", 201);
        var taken = (await CallAsync(account, "POST", "contacts", """{"contact":{"email":"A@example.org"}}""", 422))["errors"]![0]!;
        (Text(taken["title"]), Text(taken["code"]), Text(taken["source"]!["pointer"]))
            .ShouldBe(("Email address already exists in the system", "duplicate", "/data/attributes/email"));
        var bad = (await CallAsync(account, "POST", "contacts", """{"contact":{"email":"nobody"}}""", 422))["errors"]![0]!;
        (Text(bad["code"]), Text(bad["error"])).ShouldBe(("email_invalid", "must_be_valid_email_address"));
        foreach (var (path, model) in new[]
        {
            ("contacts/999999", "Subscriber"), ("tags/999999", "Tag"), ("lists/999999", "_List"), ("contactTags/999999", "SubscriberTag"), ("fieldValues/999999", "FieldValue"),
            ("contactAutomations/999999", "SubscriberSeries"),
        })
        {
            Text((await CallAsync(account, "GET", path, null, 404))["message"]).ShouldBe($"No Result found for {model} with id 999999");
        }

        using var nobody = new HttpClient { BaseAddress = product.Address };
        using var refused = await nobody.GetAsync(new Uri("/api/3/contacts", UriKind.Relative), TestContext.Current.CancellationToken);
        ((int)refused.StatusCode).ShouldBe(403);
    }

    [Fact]
    public async Task The_key_is_tested_with_users_me_and_automations_take_contacts()
    {
        var account = await product.NewAccountAsync();
        var me = (await CallAsync(account, "GET", "users/me", null, 200))["user"]!;
        (Text(me["email"]), Text(me["username"])).ShouldBe((account.Email, account.Email));
        var automation = Text((await account.PostAsync("automations/import?activate=true", JsonNode.Parse("""
            { "name": "Stay", "create": true, "steps": [ { "type": "wait.for", "duration": "P9D" } ] }
            """)!))["id"]);
        var listed = await CallAsync(account, "GET", "automations?limit=10", null, 200);
        (Text(listed["meta"]!["total"]), Text(listed["automations"]![0]!["status"]), Text(listed["automations"]![0]!["id"])).ShouldBe(("1", "1", automation));
        var contact = Text((await CallAsync(account, "POST", "contacts", """{"contact":{"email":"a@example.org"}}""", 201))["contact"]!["id"]);
        var run = (await CallAsync(account, "POST", "contactAutomations", $$$"""{"contactAutomation":{"contact":"{{{contact}}}","automation":"{{{automation}}}"}}""", 201))["contactAutomation"]!;
        (Text(run["contact"]), Text(run["automation"])).ShouldBe((contact, automation));
        Text((await CallAsync(account, "POST", "contactAutomations", $$$"""{"contactAutomation":{"contact":"{{{contact}}}","automation":"999999"}}""", 403))["message"])
            .ShouldBe("Could not create SubscriberSeries");
        (await CallAsync(account, "DELETE", $"contactAutomations/{Text(run["id"])}", null, 200)).AsObject().Count.ShouldBe(0);
    }

    [Fact]
    public async Task Events_are_taken_as_a_form_with_the_key_of_the_account()
    {
        var account = await product.NewAccountAsync();
        var settings = await account.GetAsync("event-tracking");
        await CallAsync(account, "POST", "contacts", """{"contact":{"email":"a@example.org"}}""", 201);
        using var client = new HttpClient { BaseAddress = product.Address };
        using var form = new FormUrlEncodedContent(
            [new("actid", settings["account_id"]!.ToString()), new("key", settings["key"]!.ToString()), new("event", "bought"), new("visit", """{"email":"a@example.org"}""")]);
        using var answer = await client.PostAsync(new Uri("/event", UriKind.Relative), form, TestContext.Current.CancellationToken);
        var body = JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        (((int)answer.StatusCode), (int)body["success"]!, Text(body["message"])).ShouldBe((200, 1, "Event spawned"));
    }

    private static string Text(JsonNode? node)
    {
        node.ShouldNotBeNull();
        node.GetValueKind().ShouldBe(JsonValueKind.String, node.GetPath());
        return node.GetValue<string>();
    }

    private static async Task<JsonNode> CallAsync(TestAccount account, string method, string path, string? body, int status)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(path, UriKind.Relative));
        request.Content = body is null ? null : JsonContent.Create(JsonNode.Parse(body));
        using var answer = await account.V3.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        ((int)answer.StatusCode).ShouldBe(status, $"{method} {path}: {text}");
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/json");
        return JsonNode.Parse(text)!;
    }
}

/// <summary>A server with the original's limit of a few requests a second.</summary>
public sealed class SlowProduct : TestKit.Product
{
    protected override IEnumerable<KeyValuePair<string, string?>> Settings => [new("Millrace:Api:RequestsPerSecond", "2")];
}

public sealed class RateLimitTests(SlowProduct product) : IClassFixture<SlowProduct>
{
    [Fact]
    public async Task Over_the_limit_the_answer_is_429_and_says_when_to_come_back()
    {
        var account = await product.NewAccountAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => account.V3.GetAsync(new Uri("users/me", UriKind.Relative))));

        answers.ShouldContain(a => (int)a.StatusCode == 200);
        var limited = answers.First(a => (int)a.StatusCode == 429);
        limited.Headers.RetryAfter!.Delta!.Value.TotalSeconds.ShouldBeGreaterThanOrEqualTo(1);
        limited.Headers.GetValues("RateLimit-Limit").ShouldBe(["2"]);
    }
}
