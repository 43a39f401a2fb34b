using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Millrace.Kernel.Data;
using Millrace.TestKit;

namespace Millrace.Automations.Tests;

/// <summary>A server that may call the feeds of the test.</summary>
public sealed class FeedProduct : Product
{
    private WebApplication? _feeds;

    /// <summary>By path: what is answered, and how often it was asked for with and without a condition.</summary>
    public System.Collections.Concurrent.ConcurrentDictionary<string, string> Bodies { get; } = new(StringComparer.Ordinal);

    public System.Collections.Concurrent.ConcurrentQueue<(string Path, string? Condition, int Status)> Calls { get; } = [];

    public string Url { get; private set; } = "";

    protected override IEnumerable<KeyValuePair<string, string?>> Settings =>
        [new("Millrace:SafeHttp:AllowHttp", "true"), new("Millrace:SafeHttp:Allowed:0", $"127.0.0.1:{new Uri(Url).Port}")];

    public override async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        _feeds = builder.Build();
        _feeds.Run(async context =>
        {
            var path = context.Request.Path.Value!;
            var body = Bodies.GetValueOrDefault(path) ?? "";
            var tag = $"\"{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(body)))[..16]}\"";
            var condition = context.Request.Headers.IfNoneMatch.ToString() is { Length: > 0 } given ? given : null;
            if (body.StartsWith("http", StringComparison.Ordinal))
            {
                context.Response.Redirect(body);
            }
            else if (condition == tag)
            {
                context.Response.StatusCode = 304;
            }
            else
            {
                context.Response.Headers.ETag = tag;
                await context.Response.WriteAsync(body);
            }

            Calls.Enqueue((path, condition, context.Response.StatusCode));
        });
        await _feeds.StartAsync();
        Url = _feeds.Urls.First();
        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _feeds!.DisposeAsync();
    }
}

public sealed class Feeds(FeedProduct product) : IClassFixture<FeedProduct>
{
    private static string Rss(params string[] items) =>
        $"<rss version='2.0'><channel><title>News</title>{string.Concat(items.Select(i => $"<item><guid>{i}</guid><title>About {i}</title></item>"))}</channel></rss>";

    [Fact]
    public async Task New_items_let_contacts_in_and_old_ones_do_not()
    {
        product.Bodies["/a"] = Rss("1", "2");
        var (scenario, automation, contact) = await WatchAsync("/a", """ "runs": "multiple" """);
        await FetchedAsync(scenario, "/a");
        await HoursAsync(2);
        (await scenario.RunsAsync(automation, contact)).ShouldBe(0, "what was there is not new");
        product.Bodies["/a"] = Rss("3", "1", "2");
        await HoursAsync(2);
        await HoursAsync(2);
        await Product.EventuallyAsync(async () => await scenario.RunsAsync(automation, contact) == 1, "one entry");
        (await scenario.Account.ActivitiesAsync(contact)).ShouldContain(a => a.Kind == "rss.updated");
        await HoursAsync(3);
        (await scenario.RunsAsync(automation, contact)).ShouldBe(1, "nothing new has come");
        product.Calls.ShouldContain(c => c.Path == "/a" && c.Status == 304, "it is asked for with a condition");
    }

    [Fact]
    public async Task Atom_counts_too_and_only_every_so_many_items_start_it()
    {
        static string Atom(int items) => $"<feed xmlns='http://www.w3.org/2005/Atom'>{string.Concat(Enumerable.Range(0, items).Select(i => $"<entry><id>urn:{i}</id><title type='text'>T</title></entry>"))}</feed>";
        product.Bodies["/atom"] = Atom(1);
        var (scenario, automation, contact) = await WatchAsync("/atom", """ "runs": "multiple", "items": 2 """);
        await FetchedAsync(scenario, "/atom");
        product.Bodies["/atom"] = Atom(2);
        await HoursAsync(2);
        await HoursAsync(2);
        await ItemsAsync(scenario, "/atom", 1);
        (await scenario.RunsAsync(automation, contact)).ShouldBe(0);
        product.Bodies["/atom"] = Atom(3);
        await HoursAsync(2);
        await HoursAsync(2);
        await Product.EventuallyAsync(async () => await scenario.RunsAsync(automation, contact) == 1, "one entry");
    }

    [Theory]
    [InlineData("/bomb", "<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;'>]><rss><channel><item><title>&b;</title></item></channel></rss>")]
    [InlineData("/xxe", "<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><rss><channel><item><title>&a;</title></item></channel></rss>")]
    [InlineData("/html", "<html><body>No feed</body></html>")]
    [InlineData("/torn", "<rss><channel><item>")]
    [InlineData("/inside", "http://169.254.169.254/latest/meta-data")]
    public async Task What_must_not_be_read_is_refused_and_told(string path, string body)
    {
        product.Bodies[path] = body;
        var (scenario, _, _) = await WatchAsync(path, """ "runs": "once" """);
        await Product.EventuallyAsync(async () => await scenario.QueryAsync<string>(
            Sql.Of($"select error from integrations.feed where account_id = {scenario.Account.Id}")) is { Length: > 0 }, "the feed has an error");
        (await scenario.QueryAsync<long>(Sql.Of($"select count(*) from integrations.feed_item where account_id = {scenario.Account.Id}"))).ShouldBe(0);
    }

    [Fact]
    public async Task The_state_tells_of_errors_and_an_address_can_be_tried_out()
    {
        product.Bodies["/state"] = "<html>no feed</html>";
        var (scenario, _, _) = await WatchAsync("/state", """ "runs": "once" """);
        var url = $"{product.Url}/state";
        await Product.EventuallyAsync(async () => (string?)(await StateAsync())["error"] is { Length: > 0 }, "the error shows");
        var state = await StateAsync();
        ((bool)state["watched"]!, (int)state["failures"]!, (string?)state["fetched_at"]).ShouldBe((true, 1, null));
        ((DateTimeOffset)state["next_fetch_at"]!).ShouldBeGreaterThan(product.Now);
        ((string)(await scenario.Account.PostAsync("feeds/test", new { url }))["error"]!).ShouldContain("no RSS");

        product.Bodies["/state"] = Rss("1", "2");
        var test = await scenario.Account.PostAsync("feeds/test", new { url });
        ((int)test["items"]!, (string)test["titles"]![0]!, (string?)test["error"]).ShouldBe((2, "About 1", null));
        (await scenario.QueryAsync<long>(Sql.Of($"select count(*) from integrations.feed_item where account_id = {scenario.Account.Id}"))).ShouldBe(0, "trying keeps nothing");
        ((bool)(await scenario.Account.GetAsync("feeds?url=https://nobody.example/"))["watched"]!).ShouldBeFalse();
        foreach (var bad in new[] { "", "file:///etc/passwd", "http://169.254.169.254/", "https://[::1]/", "gopher://x", new string('x', 3_000), "https://a\0b" })
        {
            using var answer = await scenario.Account.App.PostAsync(
                new Uri("feeds/test", UriKind.Relative), new StringContent(new System.Text.Json.Nodes.JsonObject { ["url"] = bad }.ToJsonString(), System.Text.Encoding.UTF8, "application/json"));
            ((int)answer.StatusCode).ShouldBeInRange(400, 422, bad[..Math.Min(40, bad.Length)]);
        }

        Task<System.Text.Json.Nodes.JsonNode> StateAsync() => scenario.Account.GetAsync("feeds?url=" + Uri.EscapeDataString(url));
    }

    [Fact]
    public void Depth_and_length_have_limits()
    {
        using var deep = new MemoryStream(System.Text.Encoding.UTF8.GetBytes("<rss>" + string.Concat(Enumerable.Repeat("<a>", 10_000))));
        Should.Throw<Integrations.Feeds.FeedInvalidException>(() => Integrations.Feeds.FeedReader.Read(deep));
        using var wide = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(Rss([.. Enumerable.Range(0, 2_000).Select(i => $"i{i}")])));
        Integrations.Feeds.FeedReader.Read(wide).Items.Count.ShouldBe(Integrations.Feeds.FeedReader.MaxItems);
    }

    private async Task<(Scenario Scenario, long Automation, long Contact)> WatchAsync(string path, string options)
    {
        var scenario = await Scenario.NewAsync(product);
        var contact = await scenario.ContactAsync();
        var automation = await scenario.ImportAsync($$"""
            { "name": "Feed", "triggers": [ { "id": "t", "type": "rss.updated", "url": "{{product.Url}}{{path}}", {{options}} } ], "steps": [ { "id": "w", "type": "wait.for", "duration": "P300D" } ] }
            """);
        return (scenario, automation, contact);
    }

    private static Task FetchedAsync(Scenario scenario, string path) => Product.EventuallyAsync(() => scenario.QueryAsync<bool>(
        Sql.Of($"select exists (select 1 from integrations.feed where account_id = {scenario.Account.Id} and fetched_at is not null)")), path + " is fetched");

    private static Task ItemsAsync(Scenario scenario, string path, int count) => Product.EventuallyAsync(async () => await scenario.QueryAsync<long>(
        Sql.Of($"select count(*) from integrations.feed_item where account_id = {scenario.Account.Id} and new_at is not null")) == count, path + " has its items");

    /// <summary>Time passes; then every feed was fetched and every trigger asked that was due.</summary>
    private async Task HoursAsync(int hours)
    {
        await product.AdvanceAsync(TimeSpan.FromHours(hours));
        await Product.EventuallyAsync(async () =>
        {
            await using var work = await AccountTransaction.ForAllAccountsAsync(product.Database, CancellationToken.None);
            return !await Sql.Of($"""
                select exists (select 1 from integrations.feed where next_fetch_at <= {product.Now})
                    or exists (select 1 from automations.schedule where next_check_at <= {product.Now})
                """).FirstAsync<bool>(work, CancellationToken.None);
        }, "nothing is due", 60);
    }
}
