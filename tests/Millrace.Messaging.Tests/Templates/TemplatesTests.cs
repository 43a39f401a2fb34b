using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Millrace.Kernel.Data;
using Millrace.Messaging.Templates;
using Millrace.Messaging.Tests.Sending;
using Millrace.TestKit;

namespace Millrace.Messaging.Tests.Templates;

public sealed class TemplatesTests(MailProduct product) : IClassFixture<MailProduct>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Choosing_a_template_copies_it_and_its_pictures_reach_the_reader()
    {
        var account = await product.NewAccountAsync();
        var list = await account.GetAsync("templates");
        list["categories"]!.AsArray().Count.ShouldBe(10);
        list["templates"]!.AsArray().Count.ShouldBe(TemplateLibrary.All.Count);

        var made = await account.PostAsync("templates/use", new { template = "library/on-its-way", name = "Shipping" });

        var message = await account.GetAsync($"messages/{made["message_id"]}");
        ((string)message["name"]!, (string)message["subject"]!).ShouldBe(("Shipping", "Good news: your parcel has left the house"));
        await account.PostAsync("messages/test", new { message = Content(message), to = new[] { "reader@try.example" } });
        await account.DispatchedAsync();
        product.Mail("reader@try.example").HtmlBody.ShouldNotBeNull().ShouldContain("https://mail.example.test/i/library/van.png");
        using var web = new HttpClient { BaseAddress = product.Address };
        using var picture = await web.GetAsync(new Uri("/i/library/van.png", UriKind.Relative), Token);
        picture.Content.Headers.ContentType!.MediaType.ShouldBe("image/png");
        (await picture.Content.ReadAsByteArrayAsync(Token)).ShouldBe(TemplateLibrary.Images["van.png"]);
        (await web.GetAsync(new Uri("/i/library/..%2Fvan.png", UriKind.Relative), Token)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await StatusAsync(account, "templates/content?template=library/nothing")).ShouldBe(HttpStatusCode.NotFound);
        (await StatusAsync(account, "templates/content?template=nonsense")).ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task An_own_template_is_made_changed_used_and_deleted_and_its_picture_is_never_an_old_one()
    {
        var account = await product.NewAccountAsync();
        using var web = new HttpClient { BaseAddress = product.Address };
        var made = await account.PostAsync("templates", new { name = "Ours", subject = "Hello", html = "<p>First words</p>" });
        var before = await PreviewOfAsync(account, $"own/{made["id"]}");
        (await web.GetStringAsync(before, Token)).ShouldContain("First words");

        var saved = await account.PutAsync($"templates/{made["id"]}", new { name = "Ours", subject = "Hello", html = "<p>Other words</p><script>alert(1)</script>" });
        ((int)saved["revision"]!).ShouldBe(2);
        (await web.GetAsync(before, Token)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        var after = await PreviewOfAsync(account, $"own/{made["id"]}");
        after.ShouldNotBe(before);
        using var shown = await web.GetAsync(after, Token);
        var html = await shown.Content.ReadAsStringAsync(Token);
        html.ShouldContain("Other words");
        html.ShouldNotContain("<script");
        shown.Headers.GetValues("Content-Security-Policy").Single().ShouldStartWith("sandbox");

        // Others cannot make up an address.
        var other = await product.NewAccountAsync();
        (await web.GetAsync(after.Replace($"/{account.Id}/", $"/{other.Id}/", StringComparison.Ordinal), Token)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await StatusAsync(other, $"templates/{made["id"]}")).ShouldBe(HttpStatusCode.NotFound);

        using var late = new HttpRequestMessage(HttpMethod.Put, new Uri($"templates/{made["id"]}", UriKind.Relative));
        late.Headers.TryAddWithoutValidation("If-Match", "\"1\"");
        late.Content = new StringContent("""{"name":"Late"}""", Encoding.UTF8, "application/json");
        (await account.App.SendAsync(late, Token)).StatusCode.ShouldBe(HttpStatusCode.PreconditionFailed);

        await account.PostAsync("templates/use", new { template = $"own/{made["id"]}" });
        ((int)(await account.GetAsync($"templates/{made["id"]}"))["used"]!).ShouldBe(1);
        var copy = await account.PostAsync("templates/duplicate", new { template = "library/poster", name = "Our poster" });
        copy["design"]!["sections"]!.AsArray().Count.ShouldBeGreaterThan(2);
        (await account.App.DeleteAsync(new Uri($"templates/{copy["id"]}", UriKind.Relative), Token)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await StatusAsync(account, $"templates/{copy["id"]}")).ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_library_template_shows_the_name_of_the_account_and_another_picture_when_that_changes()
    {
        var account = await product.NewAccountAsync();
        using var web = new HttpClient { BaseAddress = product.Address };
        var before = await PreviewOfAsync(account, "library/workshop-news");
        await using (var work = await account.BeginAsync())
        {
            await Sql.Of($"update accounts.account set sender_name = 'Tom & <Jerry>' where id = {account.Id}").ExecuteAsync(work, Token);
            await work.CommitAsync(Token);
        }

        var after = await PreviewOfAsync(account, "library/workshop-news");
        after.ShouldNotBe(before);
        var html = await web.GetStringAsync(after, Token);
        html.ShouldContain("Tom &amp; &lt;Jerry&gt;");
        html.ShouldContain("Hello from the bench, Alex");
        html.ShouldContain($"{product.Address.ToString().TrimEnd('/')}/i/library/desk.png");
        (await web.GetStringAsync(after + "?look=inverted", Token)).ShouldContain("invert");
    }

    [Fact]
    public async Task Sent_campaigns_are_templates_drafts_are_not()
    {
        var account = await product.NewAccountAsync();
        var sent = (long)(await account.PostAsync("messages", new { name = "Sent", subject = "A sent one", html = "<p>Past words</p>" }))["id"]!;
        var draft = (long)(await account.PostAsync("messages", new { name = "Draft", subject = "A draft", html = "<p>x</p>" }))["id"]!;
        var now = DateTimeOffset.UtcNow;
        long campaign;
        await using (var work = await account.BeginAsync())
        {
            campaign = await AddAsync(sent, now);
            await AddAsync(draft, null);
            await work.CommitAsync(Token);

            async Task<long> AddAsync(long message, DateTimeOffset? started)
            {
                var id = await Sql.Of($"""
                    insert into messaging.campaign (account_id, name, type, status, started_at, created_at, updated_at)
                    values ({account.Id}, 'Spring', 'standard', {(started is null ? "draft" : "completed")}, {started}, {now}, {now}) returning id
                    """).FirstAsync<long>(work, Token);
                await Sql.Of($"insert into messaging.campaign_variant (account_id, campaign_id, no, message_id) values ({account.Id}, {id}, 1, {message})").ExecuteAsync(work, Token);
                return id;
            }
        }

        var past = (await account.GetAsync("templates/past-campaigns"))["templates"]!.AsArray();

        past.Select(c => (string)c!["template"]!).ShouldBe([$"campaign/{campaign}"]);
        using var web = new HttpClient { BaseAddress = product.Address };
        (await web.GetStringAsync((string)past[0]!["preview_url"]!, Token)).ShouldContain("Past words");
        var used = await account.PostAsync("templates/use", new { template = $"campaign/{campaign}" });
        ((string)(await account.GetAsync($"messages/{used["message_id"]}"))["subject"]!).ShouldBe("A sent one");
    }

    [Fact]
    public async Task A_file_carries_a_template_with_its_pictures_to_another_account()
    {
        var (from, to) = (await product.NewAccountAsync(), await product.NewAccountAsync());
        var png = TemplateLibrary.Images["face-good.png"];
        using var upload = new ByteArrayContent(png) { Headers = { ContentType = new("image/png") } };
        using var uploaded = await from.App.PostAsync(new Uri("images?name=face.png", UriKind.Relative), upload, Token);
        var src = (string)JsonNode.Parse(await uploaded.Content.ReadAsStringAsync(Token))!["url"]!;
        var design = JsonNode.Parse($$$"""
            {"sections":[{"conditions":{"all":[]},"columns":[{"blocks":[{"kind":"image","options":{"src":"{{{src}}}","alt":"A face"}},{"kind":"image","options":{"src":"/i/library/van.png","alt":"A van"}}]}]}]}
            """)!;
        var made = await from.PostAsync("templates", new { name = "With pictures", description = "Two of them", subject = "Look", design });

        var file = await from.App.GetStringAsync(new Uri($"templates/file?template=own/{made["id"]}", UriKind.Relative), Token);
        var imported = await ImportAsync(to, file, HttpStatusCode.Created);

        ((string)imported["name"]!, (string)imported["subject"]!).ShouldBe(("With pictures", "Look"));
        var text = imported["design"]!.ToJsonString();
        text.ShouldNotContain(src);
        text.ShouldNotContain("conditions");
        text.ShouldContain("/i/library/van.png");
        using var web = new HttpClient { BaseAddress = product.Address };
        var place = (string)imported["design"]!["sections"]![0]!["columns"]![0]!["blocks"]![0]!["options"]!["src"]!;
        place.ShouldStartWith($"/i/{to.Id}/");
        (await web.GetAsync(new Uri(place, UriKind.Relative), Token)).StatusCode.ShouldBe(HttpStatusCode.OK);

        // One of the library goes the same way.
        (await ImportAsync(to, await from.App.GetStringAsync(new Uri("templates/file?template=library/spring", UriKind.Relative), Token), HttpStatusCode.Created))["design"]!
            .ToJsonString().ShouldContain("/i/library/spring.png");
    }

    [Theory]
    [InlineData("not json", "file_invalid")]
    [InlineData("[]", "file_invalid")]
    [InlineData("null", "file_invalid")]
    [InlineData("""{"millrace_template":2,"name":"x"}""", "file_version")]
    [InlineData("""{"millrace_template":1,"name":"x","surprise":1,"html":"<p>x</p>"}""", "file_invalid")]
    [InlineData("""{"millrace_template":1,"name":"","html":"<p>x</p>"}""", "length")]
    [InlineData("""{"millrace_template":1,"name":"x"}""", "required")]
    [InlineData("""{"millrace_template":1,"name":"x","design":{"sections":[{"columns":[{"blocks":[{"kind":"nosuch"}]}]}]}}""", "unknown_name")]
    [InlineData("""{"millrace_template":1,"name":"x","html":"<p>x</p>","images":[null]}""", "required")]
    [InlineData("""{"millrace_template":1,"name":"x","html":"<p>x</p>","images":[{"src":"/etc/passwd","content":"eA=="}]}""", "invalid")]
    [InlineData("""{"millrace_template":1,"name":"x","html":"<p>x</p>","images":[{"src":"/i/1/00000000000000000000000000000000-1x1.png","content":"no base64"}]}""", "not_a_picture")]
    [InlineData("""{"millrace_template":1,"name":"x","html":"<p>x</p>","images":[{"src":"/i/1/00000000000000000000000000000000-1x1.png","content":"PHN2Zz48L3N2Zz4="}]}""", "not_a_picture")]
    [InlineData("""{"millrace_template":1,"name":"x","design":{"sections":[{"columns":[{"blocks":[{"kind":"image","options":{"src":"/i/1/00000000000000000000000000000000-1x1.png"}}]}]}]}}""", "picture_missing")]
    public async Task A_hostile_file_is_refused_and_leaves_nothing(string file, string code)
    {
        var account = await product.NewAccountAsync();

        var problem = await ImportAsync(account, file, HttpStatusCode.UnprocessableEntity);

        problem["errors"]![0]!["code"]!.GetValue<string>().ShouldBe(code);
        (await account.GetAsync("templates"))["templates"]!.AsArray().ShouldNotContain(t => (string)t!["category"]! == "custom");
    }

    private static async Task<JsonNode> ImportAsync(TestAccount account, string file, HttpStatusCode status)
    {
        using var content = new StringContent(file, Encoding.UTF8, "application/json");
        using var answer = await account.App.PostAsync(new Uri("templates/import", UriKind.Relative), content, Token);
        var text = await answer.Content.ReadAsStringAsync(Token);
        answer.StatusCode.ShouldBe(status, text);
        return JsonNode.Parse(text)!;
    }

    private static async Task<string> PreviewOfAsync(TestAccount account, string template) => (string)(await account.GetAsync("templates"))["templates"]!.AsArray()
        .Single(t => (string)t!["template"]! == template)!["preview_url"]!;

    private static async Task<HttpStatusCode> StatusAsync(TestAccount account, string path)
    {
        using var answer = await account.App.GetAsync(new Uri(path, UriKind.Relative), Token);
        return answer.StatusCode;
    }

    private static JsonObject Content(JsonNode message) => new(new[] { "name", "subject", "preheader", "design", "html", "text" }
        .Select(k => KeyValuePair.Create(k, message[k]?.DeepClone())))
    {
        ["from_address"] = "ann@sender.example",
    };
}
