using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Millrace.TestKit;

namespace Millrace.Product.Tests.V3;

/// <summary>A server that may call the receiver of the test.</summary>
public sealed class CallingProduct : TestKit.Product
{
    private WebApplication? _receiver;

    public ConcurrentQueue<(string Method, string Path, string Header, string Body)> Calls { get; } = [];

    public string ReceiverUrl { get; private set; } = "";

    protected override IEnumerable<KeyValuePair<string, string?>> Settings =>
        [new("Millrace:SafeHttp:AllowHttp", "true"), new("Millrace:SafeHttp:Allowed:0", $"127.0.0.1:{new Uri(ReceiverUrl).Port}")];

    public override async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        _receiver = builder.Build();
        _receiver.Run(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            Calls.Enqueue((context.Request.Method, context.Request.Path + context.Request.QueryString, context.Request.Headers["X-Mine"].ToString(), await reader.ReadToEndAsync()));
        });
        await _receiver.StartAsync();
        ReceiverUrl = _receiver.Urls.First();
        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _receiver!.DisposeAsync();
    }
}

public sealed class BulkImportTests(CallingProduct product) : IClassFixture<CallingProduct>
{
    [Fact]
    public async Task Contacts_come_with_fields_tags_and_lists_and_info_tells_ids_and_bad_addresses()
    {
        var account = await product.NewAccountAsync();
        var list = await NewAsync(account, "lists", "list", new { name = "News" });
        var left = await NewAsync(account, "lists", "list", new { name = "Left" });
        var field = await NewAsync(account, "fields", "field", new { title = "Colours", type = "listbox" });
        await account.V3PostAsync("fieldOption/bulk", new { fieldOptions = new[] { "red", "blue" }.Select(o => new { field, value = o, label = o }) });
        var old = await NewAsync(account, "contacts", "contact", new { email = "old@example.org", firstName = "Olga", lastName = "Old" });
        await account.V3PostAsync("contactLists", new { contactList = new { contact = old, list = left, status = 1 } });
        await account.V3PostAsync("contactLists", new { contactList = new { contact = old, list, status = 2 } });

        var answer = await account.V3PostAsync("import/bulk_import", JsonNode.Parse($$"""
            {"contacts":[
              {"email":"Ada@Example.org","first_name":"Ada","last_name":"Byron","phone":"+44 20 7946 0958","customer_acct_name":"Engines Ltd","tags":["vip","math"],
               "fields":[{"id":{{field}},"value":"||red||blue||"},{"id":999999,"value":"x"}],"subscribe":[{"listid":{{list}}}]},
              {"email":"old@example.org","first_name":"Olive","last_name":"","tags":["vip"],"subscribe":[{"listid":"{{list}}"}],"unsubscribe":[{"listid":{{left}}}]},
              {"email":"bad address"},
              {"email":"odd@example.org","fields":[{"id":{{field}},"value":"||green||"}]},
              {"email":"ada@example.org","last_name":"Lovelace"}]}
            """)!);

        ((int)answer["Success"]!, (int)answer["success"]!, (int)answer["queued_contacts"]!, (string)answer["message"]!).ShouldBe((1, 1, 5, "Contact import queued"));
        var info = await DoneAsync(account, (string)answer["batchId"]!);
        info["failure"]!.AsArray().Select(e => (string)e!).ShouldBe(["bad address", "odd@example.org"]);
        var ada = (await account.V3GetAsync("contacts?email=ada@example.org&include=contactTags.tag,fieldValues,contactLists"))!;
        info["success"]!.AsArray().Select(e => (string)e!).ShouldBe([(string)ada["contacts"]![0]!["id"]!, old]);
        ((string)ada["contacts"]![0]!["firstName"]!, (string)ada["contacts"]![0]!["lastName"]!).ShouldBe(("Ada", "Lovelace"));
        ada["tags"]!.AsArray().Select(t => (string)t!["tag"]!).Order().ShouldBe(["math", "vip"]);
        ((string)ada["fieldValues"]![0]!["value"]!).ShouldBe("||red||blue||");
        ((string)ada["contactLists"]![0]!["status"]!).ShouldBe("1");
        var olive = (await account.V3GetAsync($"contacts/{old}"))!;
        ((string)olive["contact"]!["firstName"]!, (string)olive["contact"]!["lastName"]!).ShouldBe(("Olive", "Old"));
        // Whoever left a list is not put back by an import.
        olive["contactLists"]!.AsArray().ToDictionary(l => (string)l!["list"]!, l => (string)l!["status"]!).ShouldBe(new Dictionary<string, string> { [left] = "2", [list] = "2" }, ignoreOrder: true);
        var status = await account.V3GetAsync("import/bulk_import");
        status["outstanding"]!.AsArray().ShouldBeEmpty();
        ((string)status["recentlyCompleted"]![0]!["batches"]!, (string)status["recentlyCompleted"]![0]!["contacts"]!).ShouldBe(("1", "5"));
    }

    [Fact]
    public async Task Automations_start_unless_the_contact_is_excluded_and_counts_are_right_both_ways()
    {
        var account = await product.NewAccountAsync();
        var automation = (string)(await account.PostAsync("automations/import?activate=true", JsonNode.Parse("""
            { "name": "Hello", "create": true, "triggers": [ { "type": "tag.added", "tag": "new" } ], "steps": [ { "type": "wait.for", "duration": "P9D" } ] }
            """)!))["id"]!.ToString();
        var list = await NewAsync(account, "lists", "list", new { name = "News" });
        var body = """
            {"contacts":[{"email":"loud@example.org","tags":["new"],"SUBSCRIBE":[{"listid":LIST}]},{"email":"quiet@example.org","tags":["new"],"exclude_automations":true,"SUBSCRIBE":[{"listid":LIST}]}]}
            """.Replace("LIST", list, StringComparison.Ordinal);
        await DoneAsync(account, (string)(await account.V3PostAsync("import/bulk_import", JsonNode.Parse(body.Replace("SUBSCRIBE", "subscribe", StringComparison.Ordinal))!))["batchId"]!);
        await TestKit.Product.EventuallyAsync(async () => (await account.V3GetAsync($"contactAutomations?filters[automation]={automation}"))["contactAutomations"]!.AsArray().Count > 0, "loud is in");
        await account.SettledAsync();

        var inside = await account.V3GetAsync($"contacts?seriesid={automation}");
        ((string)inside["contacts"]![0]!["email"]!, (string)inside["meta"]!["total"]!).ShouldBe(("loud@example.org", "1"));
        ((string)(await account.V3GetAsync("tags?search=new"))["tags"]![0]!["subscriber_count"]!).ShouldBe("2");
        ((string)(await account.V3GetAsync("contacts"))["meta"]!["total"]!).ShouldBe("2");
        (await SubscribersAsync(account, list)).ShouldBe(2);

        await DoneAsync(account, (string)(await account.V3PostAsync("import/bulk_import", JsonNode.Parse(body.Replace("SUBSCRIBE", "unsubscribe", StringComparison.Ordinal))!))["batchId"]!);
        await account.SettledAsync();
        (await SubscribersAsync(account, list)).ShouldBe(0);
    }

    [Fact]
    public async Task The_callback_comes_with_parameters_headers_and_counts()
    {
        var account = await product.NewAccountAsync();
        JsonObject Body(string type) => JsonNode.Parse($$$"""
            {"contacts":[{"email":"ada@example.org"},{"email":"bad"}],
             "callback":{"url":"{{{product.ReceiverUrl}}}/{{{type}}}?a=1","requestType":"{{{type}}}","detailed_results":"true","params":[{"key":"k","value":"v w"}],"headers":[{"key":"X-Mine","value":"h"}]}}
            """)!.AsObject();
        var post = (string)(await account.V3PostAsync("import/bulk_import", Body("POST")))["batchId"]!;
        await account.V3PostAsync("import/bulk_import", Body("GET"));
        await TestKit.Product.EventuallyAsync(() => Task.FromResult(product.Calls.Count >= 2), "both calls have come");

        var posted = product.Calls.Single(c => c.Method == "POST");
        (posted.Path, posted.Header).ShouldBe(("/POST?a=1", "h"));
        posted.Body.ShouldStartWith($"k=v%20w&batchId={post}&success=1&failure=1&errors%5B0%5D=bad%3A");
        product.Calls.Single(c => c.Method == "GET").ShouldBe(("GET", "/GET?a=1&k=v%20w", "h", ""));
        // They stand in the list that people see, like the calls of automations.
        await TestKit.Product.EventuallyAsync(
            async () => (await account.GetAsync("webhook-deliveries?state=delivered"))["items"]!.AsArray() is [var last, var first]
                && ((string)last!["source"]!, (string)last["method"]!, (string)first!["method"]!) == ("bulk_import", "GET", "POST")
                && last["automation_id"] is null,
            "both stand in the delivery list");
    }

    [Theory]
    [InlineData("""{"contacts":[]}""", "contacts")]
    [InlineData("""{}""", "contacts")]
    [InlineData("""{"contacts":{"email":"a@b.cd"}}""", "contacts")]
    [InlineData("""{"contacts":[{"email":"a@b.cd"}],"callback":{"url":"http://10.0.0.1/x"}}""", "callback.url")]
    [InlineData("""{"contacts":[{"email":"a@b.cd"}],"callback":{"url":"https://169.254.169.254/"}}""", "callback.url")]
    [InlineData("""{"contacts":[{"email":"a@b.cd"}],"callback":{"url":"file:///etc/passwd"}}""", "callback.url")]
    [InlineData("""{"contacts":[{"email":"a@b.cd"}],"callback":{}}""", "callback.url")]
    [InlineData("""{"contacts":[{"email":"a@b.cd"}],"callback":{"url":"https://example.org/","requestType":"DELETE"}}""", "requestType")]
    [InlineData("""{"contacts":[{"email":"a@b.cd"}],"callback":{"url":"https://example.org/","headers":[{"key":"Host","value":"x"}]}}""", "Host")]
    [InlineData("""{"contacts":[{"email":"a@b.cd"}],"callback":{"url":"https://example.org/","headers":[{"key":"X-A","value":"x\r\nY: z"}]}}""", "X-A")]
    public async Task A_request_of_the_wrong_form_is_refused_whole_and_names_what_is_wrong(string body, string named)
    {
        var account = await product.NewAccountAsync();
        var (status, answer) = await PostAsync(account, body);

        status.ShouldBe(HttpStatusCode.BadRequest);
        ((int)answer["success"]!).ShouldBe(0);
        ((string)answer["message"]!).ShouldContain(named);
        (await account.V3GetAsync("import/bulk_import"))["outstanding"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task An_offending_contact_is_named_by_its_index_and_nothing_is_imported()
    {
        var account = await product.NewAccountAsync();
        var other = await product.NewAccountAsync();
        var theirs = await NewAsync(other, "lists", "list", new { name = "Theirs" });
        var (status, answer) = await PostAsync(account, $$"""
            {"contacts":[{"email":"a@b.cd"},{"first_name":"Nobody"},null,{"email":"c@d.ef","subscribe":[{"listid":{{theirs}}}]},{"email":"c@d.ef","tags":[""]},{"email":"c@d.ef","fields":[null]}]}
            """);

        status.ShouldBe(HttpStatusCode.BadRequest);
        answer["failureReasons"]!.AsArray().Select(r => (int)r!["contact"]!).ShouldBe([1, 2, 3, 4, 5]);
        ((string)answer["failureReasons"]![2]!["failureReason"]!).ShouldBe($"subscribe: there is no list {theirs}.");
        ((string)(await account.V3GetAsync("contacts"))["meta"]!["total"]!).ShouldBe("0");
        (await PostAsync(account, $$"""{"contacts":[{{string.Join(',', Enumerable.Repeat("""{"email":"a@b.cd"}""", 251))}}]}""")).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await PostAsync(account, $$"""{"contacts":[{"email":"a@b.cd","first_name":"{{new string('x', 400_000)}}"}]}""")).Status.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task Info_asks_for_the_batch_and_does_not_tell_another_accounts()
    {
        var account = await product.NewAccountAsync();
        var other = await product.NewAccountAsync();
        var batch = (string)(await other.V3PostAsync("import/bulk_import", new { contacts = new[] { new { email = "a@b.cd" } } }))["batchId"]!;
        using var missing = await account.V3.GetAsync(new Uri("import/info", UriKind.Relative), TestContext.Current.CancellationToken);
        using var foreign = await account.V3.GetAsync(new Uri($"import/info?batchId={batch}", UriKind.Relative), TestContext.Current.CancellationToken);

        missing.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        ((string)JsonNode.Parse(await missing.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!["message"]!).ShouldBe("'batchId' is a required field.");
        foreign.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    private static async Task<long> SubscribersAsync(TestAccount account, string list) =>
        long.Parse((string)(await account.V3GetAsync($"contactLists?filters[list]={list}&filters[status]=1"))["meta"]!["total"]!, System.Globalization.CultureInfo.InvariantCulture);

    private static async Task<string> NewAsync(TestAccount account, string path, string wrapper, object value) =>
        (string)(await account.V3PostAsync(path, new Dictionary<string, object> { [wrapper] = value }))[wrapper]!["id"]!;

    private static async Task<JsonNode> DoneAsync(TestAccount account, string batch)
    {
        JsonNode info = new JsonObject();
        await TestKit.Product.EventuallyAsync(async () => (string)(info = await account.V3GetAsync($"import/info?batchId={batch}"))["status"]! == "completed", "the import is completed");
        return info;
    }

    private static async Task<(HttpStatusCode Status, JsonNode Body)> PostAsync(TestAccount account, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await account.V3.PostAsync(new Uri("import/bulk_import", UriKind.Relative), content, TestContext.Current.CancellationToken);
        return (answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!);
    }
}
