using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;
using Millrace.Messaging.Contracts;
using Millrace.Messaging.Feeds;
using Millrace.Messaging.Messages;
using Millrace.Messaging.Tests.Campaigns;
using Millrace.Messaging.Tests.Sending;
using Millrace.TestKit;

namespace Millrace.Messaging.Tests.Checks;

/// <summary>Personalization and content checks on the running product, all of them on one.</summary>
public sealed class PersonalTests(PersonalProduct product) : IClassFixture<PersonalProduct>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Sections_and_blocks_by_condition_trees_go_to_those_who_meet_them_and_are_asked_once_a_batch()
    {
        var account = await product.NewAccountAsync();
        var tag = await TagAsync(account, "VIP");
        var people = new List<long>();
        for (var i = 0; i < 12; i++)
        {
            people.Add(await account.AddContactAsync($"p{i}@{(i % 2 == 0 ? "even" : "odd")}.example", $"P{i}"));
        }

        await GiveAsync(account, people[0], tag);
        var vip = Tree(new { field = "tag", op = "has", value = tag });
        var even = Tree(new { field = "email", op = "contains", value = "@even" });
        var content = Mailing.Content() with
        {
            Html = "",
            Design = Design(
                Section(null, Block("For all"), Block("For VIPs", vip), Block("For the even", even)),
                Section(vip, Block("VIP section"), Block("VIP and fallback", null, "!(1 == 1) || FIRSTNAME == 'P0'"))),
        };

        var preview = await account.PostAsync("messages/preview", new { message = Message(content), contact_id = people[1] });
        var html = await HtmlAsync((string)preview["url"]!);
        await account.QueueAsync(people, content);
        await account.DispatchedAsync(40);

        html.ShouldContain("For all");
        html.ShouldNotContain("VIP");
        (await HtmlAsync((string)(await account.PostAsync("messages/preview", new { message = Message(content) }))["url"]!)).ShouldContain("For VIPs", customMessage: "nobody in particular sees all");
        for (var i = 0; i < people.Count; i++)
        {
            var mail = product.Mail($"p{i}@{(i % 2 == 0 ? "even" : "odd")}.example");
            var (body, text) = (mail.HtmlBody!, mail.TextBody!);
            body.ShouldContain("For all");
            foreach (var said in new[] { body, text })
            {
                said.Contains("For VIPs", StringComparison.Ordinal).ShouldBe(i == 0, $"p{i}");
                said.Contains("VIP section", StringComparison.Ordinal).ShouldBe(i == 0);
                said.Contains("For the even", StringComparison.Ordinal).ShouldBe(i % 2 == 0);
                said.ShouldNotContain("SHOW:");
            }
        }

        // The web copy asks again, for the same contact.
        var copy = System.Text.RegularExpressions.Regex.Match(product.Mail("p0@even.example").HtmlBody!, "https://mail.example.test(/w/[^\"]+)");
        if (copy.Success)
        {
            (await HtmlAsync(copy.Groups[1].Value)).ShouldContain("For VIPs");
        }
    }

    [Theory]
    [InlineData("""{ "all": [ { "activity": "email.opened", "within": "P30D" } ] }""", "window_not_allowed")]
    [InlineData("""{ "all": [ { "not": { "any": [ { "activity": "email.opened", "between": ["2026-01-01", "2026-02-01"] } ] } } ] }""", "window_not_allowed")]
    [InlineData("""{ "all": [ { "field": "no.such", "op": "is", "value": "x" } ] }""", "filter_invalid")]
    public async Task A_tree_that_conditional_content_does_not_take_stops_the_mail_and_not_a_contact(string tree, string code)
    {
        var account = await product.NewAccountAsync();
        using var answer = await account.App.PostAsJsonAsync(
            "messages/test", new { message = Message(Mailing.Content() with { Html = "", Design = Design(Section(null, Block("x", JsonElement.Parse(tree)))) }), to = new[] { "a@b.example" } }, Token);

        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await answer.Content.ReadAsStringAsync(Token)).ShouldContain(code);
    }

    [Fact]
    public async Task A_message_variable_is_edited_once_and_every_mail_after_that_says_it()
    {
        var account = await product.NewAccountAsync();
        await account.PostAsync("message-variables", new { name = "Offer", tag = "offer", content = "20% off for %FIRSTNAME|you%" });
        var made = await account.PostAsync("message-variables", new { name = "Sign-off", tag = "SIGN OFF", content = "Bye, %OWNER_FIRSTNAME|we%\nPS: %OFFER%" });
        var contact = await account.AddContactAsync("v1@var.example", "Vera");
        await using (var work = await account.BeginAsync())
        {
            await Sql.Of($"update contacts.contact set owner_id = {account.UserId} where account_id = {account.Id} and id = {contact}").ExecuteAsync(work, Token);
            await work.CommitAsync(Token);
        }

        await account.QueueAsync([contact], Mailing.Content("<p>%SIGN_OFF% %DEAL_TITLE% %DEAL_CLOSE+1D|ISO%</p><a href=\"https://x.example/?d=%DEAL_TITLE%\">y</a>", "%OFFER|x%"), runId: 5);
        await account.DispatchedAsync();

        ((string)made["tag"]!, (bool)made["is_locked"]!).ShouldBe(("SIGN_OFF", false));
        var mail = product.Mail("v1@var.example");
        mail.Subject.ShouldBe("20% off for Vera");
        mail.HtmlBody!.ShouldContain($"<p>Bye, Ada<br>PS: 20% off for Vera Deal &lt;{contact}&gt; 2026-12-25</p>");
        product.Deals.Asked.ShouldContain(q => q.ContactIds.Contains(contact) && q.Names.Contains("DEAL_CLOSE"));

        var listed = (await account.GetAsync("message-variables"))["variables"]!.AsArray();
        listed.Select(v => (string)v!["tag"]!).ShouldBe(["OFFER", "SIGN_OFF"], ignoreOrder: true);
        var tags = (await account.GetAsync("personalization-tags"))["tags"]!.AsArray().Select(t => ((string)t!["name"]!, (string)t["group"]!)).ToList();
        tags.ShouldContain(("SIGN_OFF", "Message variables"));
        tags.ShouldContain(("DEAL_TITLE", "Deal"));
        tags.Count(t => t.Item1 == "FIRSTNAME").ShouldBe(1);
    }

    [Theory]
    [InlineData("A", "x %B% y", "/content", "stands within itself")]
    [InlineData("C", "%IF AGE%x", "/content", "has no %/IF%")]
    [InlineData("FIRSTNAME", "x", "/tag", "is a tag of the product")]
    [InlineData("B", "x", "/tag", "already a message variable")]
    [InlineData("1st", "x", "/tag", "capital letters")]
    public async Task A_variable_that_cannot_be_used_is_refused(string tag, string content, string path, string says)
    {
        var account = await product.NewAccountAsync();
        await account.PostAsync("message-variables", new { name = "B", tag = "B", content = "b %A% b" });

        using var answer = await account.App.PostAsJsonAsync("message-variables", new { name = "N", tag, content }, Token);

        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var body = await answer.Content.ReadAsStringAsync(Token);
        body.ShouldContain(path);
        JsonNode.Parse(body)!.ToString().ShouldContain(says);
    }

    [Fact]
    public async Task API_v3_calls_them_personalizations()
    {
        var account = await product.NewAccountAsync();
        var made = await account.V3PostAsync("personalizations", new { personalization = new { tag = "promo", name = "Promo", format = "text", content = "20% off", listids = "2" } });
        var id = (string)made["personalization"]!["id"]!;

        ((string)made["personalization"]!["tag"]!, (string)made["personalization"]!["listids"]!).ShouldBe(("PROMO", "2"));
        ((string)(await account.V3PutAsync($"personalizations/{id}", new { personalization = new { content = "30% off" } }))["personalization"]!["content"]!).ShouldBe("30% off");
        (await account.V3GetAsync("personalizations?filter[name]=Promo"))["personalizations"]!.AsArray().Count.ShouldBe(1);
        using (var locked = await account.V3.PatchAsync(new Uri($"personalizations/{id}/lock", UriKind.Relative), null, Token))
        {
            ((bool)(await locked.Content.ReadFromJsonAsync<JsonNode>(Token))!["success"]!).ShouldBeTrue();
        }

        using (var refused = await account.App.DeleteAsync(new Uri($"message-variables/{id}", UriKind.Relative), Token))
        {
            refused.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        }

        using var gone = await account.V3.DeleteAsync(new Uri($"personalizations/bulkdelete?ids={id}", UriKind.Relative), Token);
        gone.StatusCode.ShouldBe(HttpStatusCode.OK);
        using var missing = await account.V3.GetAsync(new Uri($"personalizations/{id}", UriKind.Relative), Token);
        (await missing.Content.ReadAsStringAsync(Token)).ShouldContain($"No Result found for Personalization with id {id}");
    }

    [Fact]
    public async Task Checks_name_what_is_wrong_and_the_block_it_is_in()
    {
        var account = await product.NewAccountAsync();
        await account.AddContactAsync("c1@check.example", "");
        await account.AddContactAsync("c2@check.example", "Ben");
        var content = Mailing.Content(subject: "Hi %FIRSTNAME%") with
        {
            Html = "",
            Design = Design(Section(
                null,
                Block("Fine"),
                Block("Hello %FIRSTNMAE%, %IF AGE >%x%/IF%"),
                new { kind = "image", options = new { src = "https://x.example/a.png" } },
                new { kind = "html", options = new { html = "<p style=\"font-size:9px;color:#ddd;background-color:#fff\">The small print</p>" } })),
        };
        var broken = (await account.PostAsync("messages/checks", new { message = Message(content) }))["checks"]!.AsArray();
        var mended = content with { Design = JsonElement.Parse(content.Design!.Value.GetRawText().Replace("%IF AGE \\u003E%x%/IF%", "", StringComparison.Ordinal).Replace(", %IF AGE >%x%/IF%", "", StringComparison.Ordinal)) };
        var results = await account.PostAsync("messages/checks", new { message = Message(mended) });

        Codes(broken).ShouldContain(("template_invalid", "/sections/0/columns/0/blocks/1"));
        var found = Codes(results["checks"]!.AsArray());
        found.ShouldContain(("unknown_tag", "/sections/0/columns/0/blocks/1"));
        found.ShouldContain(("empty_tag", "/subject"));
        found.ShouldContain(("missing_alt", "/sections/0/columns/0/blocks/2"));
        found.ShouldContain(("tiny_text", "/sections/0/columns/0/blocks/3"));
        found.ShouldContain(("low_contrast", "/sections/0/columns/0/blocks/3"));
        found.ShouldContain(("missing_unsubscribe", ""));
        found.ShouldNotContain(f => f.Path == "/sections/0/columns/0/blocks/0");
        ((int)results["sample"]!).ShouldBe(2);

        // In HTML the place is counted in what was written, not in what is made of it.
        var html = Mailing.Content(subject: "Hi") with { Preheader = "First words", Html = "<p>Hi %NOSUCH%</p>\n<p>%IF in_array(\"VIP\", tags%x%/IF%</p>" };
        var own = (await account.PostAsync("messages/checks", new { message = Message(html) }))["checks"]!.AsArray().SelectMany(c => c!["findings"]!.AsArray()).ToList();
        ((string)own.Single(f => (string)f!["code"]! == "template_invalid")!["detail"]!).ShouldStartWith("Line 2, column ");
        using var refused = await account.App.PostAsJsonAsync("messages/preview", new { message = Message(html) }, Token);
        ((string)(await refused.Content.ReadFromJsonAsync<JsonNode>(Token))!["errors"]![0]!["message"]!).ShouldStartWith("Line 2, column ");

        var large = await account.PostAsync("messages/checks", new { message = Message(Mailing.Content($"<p>{new string('x', 110_000)}</p><img src=\"https://x.example/a.png\" alt=\"\">") with { Text = "." }) });
        var codes = Codes(large["checks"]!.AsArray());
        codes.ShouldContain(("too_large", ""));
        codes.ShouldContain(("mostly_images", ""));
        Codes((await account.PostAsync("messages/checks", new { message = Message(Mailing.Content(subject: "")) }))["checks"]!.AsArray()).ShouldContain(("no_subject", "/subject"));
    }

    [Fact]
    public async Task Links_and_images_are_tried_by_the_safe_road_and_spamd_says_what_it_thinks()
    {
        var account = await product.NewAccountAsync();
        await account.AddContactAsync("l1@check.example", "Lea");
        product.Site["/fine"] = (200, "ok");
        product.Site["/named?n=Lea"] = (200, "ok");
        product.Site["/nohead"] = (200, "ok");
        product.NoHead.Add("/nohead");
        product.Site["/moved"] = (302, "http://169.254.169.254/secret");
        product.Site["/heavy.png"] = (200, new string('x', 400_000));
        await product.Spamd.ReadyAsync();
        var html = $"""
            <p>Dear friend, this is a one time rip off with viagra.</p>
            <a href="{product.Url}/fine">a</a><a href="{product.Url}/named?n=%FIRSTNAME%">b</a><a href="{product.Url}/gone">c</a><a href="{product.Url}/moved">d</a>
            <a href="{product.Url}/nohead">f</a><a href="{product.Url}/account/unsubscribe?u=7">g</a><a href="{product.Url}/logout">h</a>
            <a href="http://127.0.0.1:1/inside">e</a><a href="%UNSUBSCRIBELINK%">u</a><img src="{product.Url}/heavy.png" alt="Heavy"><img src="{product.Url}/no.png" alt="None">
            """;
        var results = await account.PostAsync("messages/checks/slow", new { message = Message(Mailing.Content(html, "Really?! FREE")) });

        var found = results["checks"]!.AsArray().SelectMany(c => c!["findings"]!.AsArray()).Select(f => ((string)f!["code"]!, new Uri((string?)f["detail"] ?? "x:y").PathAndQuery)).ToList();
        found.ShouldContain(("broken_link", "/gone"));
        found.ShouldContain(("broken_link", "/moved"));
        found.ShouldContain(("broken_link", "/inside"));
        found.ShouldContain(("heavy_image", "/heavy.png"));
        found.ShouldContain(("broken_image", "/no.png"));
        found.ShouldNotContain(f => f.Item2 == "/fine" || f.Item2 == "/nohead" || f.Item2 == "/named?n=Lea");
        product.Asked.ShouldContain("/named?n=Lea");

        // Only the head, unless that is refused; and nothing that would act.
        product.Calls.Where(c => c.EndsWith("/fine", StringComparison.Ordinal)).ShouldBe(["HEAD /fine"]);
        product.Calls.Where(c => c.EndsWith("/nohead", StringComparison.Ordinal)).Order(StringComparer.Ordinal).ShouldBe(["GET /nohead", "HEAD /nohead"]);
        product.Asked.ShouldNotContain(p => p.Contains("unsubscribe", StringComparison.Ordinal) || p == "/logout");
        found.ShouldContain(("link_not_tried", "/account/unsubscribe?u=7"));
        found.ShouldContain(("link_not_tried", "/logout"));
        var spam = results["spam"]!;
        ((string)spam["state"]!).ShouldBe("failed", spam.ToJsonString());
        var rules = spam["rules"]!.AsArray().ToDictionary(r => (string)r!["rule"]!, r => (string?)r!["hint"], StringComparer.Ordinal);
        rules["DEAR_FRIEND"].ShouldNotBeNull().ShouldContain("%FIRSTNAME%");
        rules.ShouldContainKey("PLING_QUERY");
        rules.ShouldNotContainKey("NO_RELAYS");
        ((decimal)spam["score"]!).ShouldBeGreaterThan((decimal)spam["threshold"]!);
    }

    [Fact]
    public async Task A_campaigns_feeds_show_what_is_new_and_no_more_than_that()
    {
        var account = await product.NewAccountAsync();
        product.Site["/feed1"] = (200, Feed("one", "two"));
        var content = Mailing.Content($"<p>%RSS-FEED|URL:{product.Url}/feed1|SHOW:NEW%<b>%RSS:CHANNEL:TITLE%</b>%RSS-LOOP|LIMIT:5%<a href=\"%RSS:ITEM:LINK%\">%RSS:ITEM:TITLE|UPPER%</a>%RSS-LOOP%%RSS-FEED%</p>");
        var snapshots = product.Services.GetRequiredService<FeedSnapshots>();
        var freezer = product.Services.GetRequiredService<MessageFreezer>();
        var first = (await snapshots.TakeAsync(content, new HashSet<(string, string)>(), Token))!;
        long message;
        IReadOnlySet<(string, string)> sent;
        await using (var work = await account.BeginAsync())
        {
            message = await Sql.Of($"insert into messaging.message (account_id, name, created_at, updated_at) values ({account.Id}, 'Feed', now(), now()) returning id").FirstAsync<long>(work, Token);
            var tags = await freezer.TagsAsync(work.Transaction, account.Id, Token);
            var (version, isNew) = await freezer.FreezeAsync(work.Transaction, account.Id, message, content, tags, Token, first);
            isNew.ShouldBeTrue();
            var links = await Sql.Of($"select url from messaging.link where account_id = {account.Id} and message_version_id = {version.VersionId} order by no").ListAsync<string>(work, Token);
            links.ShouldBe(["https://feed.example/one", "https://feed.example/two"]);
            (await Sql.Of($"select html from messaging.message_version where account_id = {account.Id} and id = {version.VersionId}").FirstAsync<string>(work, Token))!
                .ShouldContain(">ABOUT ONE &lt;B&gt; &#37;EMAIL&#37;</a>");
            await FeedSnapshots.NoteAsync(work, account.Id, message, first, product.Now, Token);
            sent = await FeedSnapshots.SentAsync(work, account.Id, message, Token);
            var copy = await Sql.Of($"""
                insert into messaging.message (account_id, name, feed_message_id, created_at, updated_at) values ({account.Id}, 'Copy', {message}, now(), now()) returning id
                """).FirstAsync<long>(work, Token);
            (await FeedSnapshots.SentAsync(work, account.Id, copy, Token)).ShouldBe(sent, ignoreOrder: true);
            await FeedSnapshots.NoteAsync(work, account.Id, copy, first, product.Now, Token);
            (await FeedSnapshots.SentAsync(work, account.Id, message, Token)).Count.ShouldBe(2, "one book for both");
            await work.CommitAsync(Token);
        }

        first.NothingNew.ShouldBeFalse();
        (await snapshots.TakeAsync(content, sent, Token))!.NothingNew.ShouldBeTrue();
        product.Site["/feed1"] = (200, Feed("three", "one", "two"));
        await product.AdvanceAsync(TimeSpan.FromMinutes(6));
        (await snapshots.TakeAsync(content, sent, Token))!.Feeds.Single().Value.Items.ShouldHaveSingleItem().Link.ShouldBe("https://feed.example/three");
    }

    [Fact]
    public async Task A_campaign_sends_the_designers_feed_block_and_parts_for_some_and_its_summary_shows_the_editors_checks()
    {
        var account = await product.NewAccountAsync();
        product.Site["/feed2"] = (200, Feed("one", "two"));
        var list = await account.NewListAsync();
        var people = await account.PeopleAsync(list, 2, "block");
        var tag = await TagAsync(account, "VIP");
        await GiveAsync(account, people[0], tag);
        var id = await account.CampaignAsync("standard", list);
        var message = (await account.ShowAsync(id))["variants"]![0]!["message_id"]!.GetValue<long>();
        await account.PutAsync($"messages/{message}", new
        {
            name = "Mail",
            subject = "News",
            from_name = "Ann",
            from_address = "ann@sender.example",
            design = Design(
                Section(Tree(new { field = "tag", op = "has", value = tag }), Block("For VIPs")),
                Section(null, new { kind = "rss", options = new { url = product.Url + "/feed2", show = "new", items = 1 } }, new { kind = "image", options = new { src = product.Url + "/gone.png" } })),
        });

        var checks = (await account.GetAsync($"campaigns/{id}/checks?slow=true"))["checks"]!.AsArray();
        await account.LaunchAsync(id);
        await account.UntilAsync(id, "completed");

        var mail = checks.Single(c => (string)c!["key"]! == "content.mail")!["findings"]!.AsArray();
        mail.ShouldContain(f => (string)f!["code"]! == "missing_alt" && (string)f["severity"]! == "warning");
        (await account.GetAsync($"campaigns/{id}/checks"))["checks"]!.AsArray().ShouldNotContain(c => (string)c!["key"]! == "content.mail");
        product.Mail("block1@campaign.example").HtmlBody!.ShouldContain("For VIPs");
        var other = product.Mail("block2@campaign.example");
        other.HtmlBody!.ShouldNotContain("For VIPs");
        other.HtmlBody!.ShouldContain("About one");
        other.HtmlBody!.ShouldNotContain("About two", customMessage: "one item at most");
        other.HtmlBody!.ShouldNotContain("%RSS");
        other.HtmlBody!.ShouldNotContain("https://feed.example/one", customMessage: "its links are counted like all others");
        other.TextBody!.ShouldContain("About one");
    }

    [Fact]
    public async Task A_webhook_URL_takes_tags_behind_its_host_only()
    {
        var account = await product.NewAccountAsync();
        var merge = product.Services.GetRequiredService<IMerge>();
        var contact = await account.AddContactAsync("w@merge.example", "W & Co");
        await using var work = await account.BeginAsync();

        var urls = await merge.MergeAsync(work.Transaction, account.Id, "https://x.example/%FIRSTNAME%?e=%EMAIL%", MergePlace.Url, [contact, 999_999], product.Now, Token);

        urls.ShouldBe(new Dictionary<long, string> { [contact] = "https://x.example/W%20%26%20Co?e=w@merge.example" });
        merge.Problem("https://%FIRSTNAME%/", MergePlace.Url).ShouldNotBeNull();
        merge.Problem("Hello %FIRSTNAME%", MergePlace.Text).ShouldBeNull();
    }

    private static string Feed(params string[] items) => "<rss version=\"2.0\"><channel><title>News &amp; more</title><link>https://feed.example/</link>"
        + string.Concat(items.Select(i => $"<item><guid>{i}</guid><title>About {i} &lt;b&gt; %EMAIL%</title><link>https://feed.example/{i}</link><pubDate>Sat, 21 Nov 2026 09:30:00 GMT</pubDate></item>".Replace("&lt;b&gt;", "&amp;lt;b&amp;gt;", StringComparison.Ordinal)))
        + "</channel></rss>";

    private static List<(string Code, string Path)> Codes(JsonArray checks) =>
        [.. checks.SelectMany(c => c!["findings"]!.AsArray()).Select(f => ((string)f!["code"]!, (string)f["path"]!))];

    private static JsonElement Tree(object leaf) => JsonSerializer.SerializeToElement(new { all = new[] { leaf } });

    private static object Block(string text, JsonElement? conditions = null, string? showWhen = null) =>
        new { kind = "text", options = new { html = $"<p>{text}</p>" }, conditions, show_when = showWhen };

    private static object Section(JsonElement? conditions, params object[] blocks) => new { conditions, columns = new[] { new { blocks } } };

    private static readonly JsonSerializerOptions DesignOptions = new()
    {
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static JsonElement Design(params object[] sections) => JsonSerializer.SerializeToElement(new { version = 1, sections }, DesignOptions);

    private static object Message(MessageContent content) => new
    {
        name = "M",
        subject = content.Subject,
        from_name = content.FromName,
        from_address = content.FromAddress,
        html = content.Html,
        text = content.Text,
        design = content.Design,
    };

    private async Task<string> HtmlAsync(string path)
    {
        using var web = new HttpClient();
        return await web.GetStringAsync(new Uri(product.Address, path), Token);
    }

    private static async Task<long> TagAsync(TestAccount account, string name) => (long)(await account.PostAsync("tags", new { name }))["id"]!;

    private static async Task GiveAsync(TestAccount account, long contact, long tag)
    {
        await using var work = await account.BeginAsync();
        await Sql.Of($"insert into contacts.contact_tag (account_id, contact_id, tag_id, tagged_at) values ({account.Id}, {contact}, {tag}, now())").ExecuteAsync(work, CancellationToken.None);
        await work.CommitAsync(CancellationToken.None);
    }
}
