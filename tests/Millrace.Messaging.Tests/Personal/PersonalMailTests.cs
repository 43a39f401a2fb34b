using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Millrace.Kernel.Data;
using Millrace.Messaging.Tests.Sending;
using Millrace.TestKit;

namespace Millrace.Messaging.Tests.Personal;

/// <summary>1:1 e-mail: written, sent, read and answered. One product for all of it.</summary>
public sealed partial class PersonalMailTests(PersonalMailProduct product) : IClassFixture<PersonalMailProduct>
{
    private const string Person = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_mail_goes_through_the_accounts_server_without_a_way_out_and_tells_of_opens_and_clicks()
    {
        var account = await product.NewAccountAsync();
        var bob = await account.AddContactAsync("bob@platform.example");

        var id = await account.WriteAsync(bob, Writing.Draft(cc: "Carl <carl@platform.example>", bcc: "dora@platform.example"));
        var mail = await account.MailAsync(id, "sent");

        mail["recipients"]!.AsArray().Select(r => (string)r!["state"]!).ShouldBe(["sent", "sent", "sent"]);
        foreach (var to in new[] { "bob@platform.example", "carl@platform.example", "dora@platform.example" })
        {
            var copy = product.Mail(to);
            copy.Root.Header("List-Unsubscribe").ShouldBeNull();
            copy.From.ShouldContain(account.Email);
            copy.Root.DecodedHeader("Cc").ShouldBe("Carl <carl@platform.example>");
            copy.Root.Header("Bcc").ShouldBeNull();
            copy.Subject.ShouldBe("Hello Bob");
            copy.TextBody!.ShouldContain("Hi Bob");
            copy.TextBody!.ShouldNotContain("nsubscribe");
        }

        // The delivery log knows what it is about, though its content stands elsewhere.
        var log = (await account.GetAsync("sends"))["sends"]!.AsArray();
        log.Select(s => $"{s!["source"]} {s["subject"]}").ShouldBe(Enumerable.Repeat("personal Hello Bob", 3));
        ((string)(await account.GetAsync($"sends/{log[0]!["id"]}"))["send"]!["subject"]!).ShouldBe("Hello Bob");

        var html = product.Mail("bob@platform.example").HtmlBody!;
        await product.AdvanceAsync(TimeSpan.FromMinutes(1));
        await account.LogInAgainAsync();
        using var reader = Reader();
        (await reader.GetAsync(Local(OpenAddress().Match(html).Value), Token)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await reader.GetAsync(Local(OpenAddress().Match(html).Value), Token)).StatusCode.ShouldBe(HttpStatusCode.OK);
        using var followed = await reader.GetAsync(Local(LinkAddress().Match(html).Value), Token);
        followed.Headers.Location!.ToString().ShouldBe("https://acme.example/offer");
        using (var machine = Reader("Mozilla/5.0 (compatible; Googlebot/2.1)"))
        {
            await machine.GetAsync(Local(LinkAddress().Match(html).Value), Token);
        }

        mail = await account.GetAsync($"personal-mails/{id}");
        (mail["opens"]!.GetValue<int>(), mail["clicks"]!.GetValue<int>()).ShouldBe((2, 1));
        (await account.ActivitiesAsync(bob)).Select(a => a.Kind).ShouldBe(["personal.sent", "personal.opened", "personal.clicked"]);

        // The report by day: the mail to Bob, not its copies.
        var counted = (await account.GetAsync("reports/mails.events?filter=source:personal"))["answer"]!["figures"]!.AsArray();
        string[] known = ["sends", "delivered", "opened", "opens", "clicked", "clicks"];
        known.Select(k => (int)counted.Single(f => (string?)f!["key"] == k)!["value"]!.GetValue<decimal>()).ShouldBe([1, 1, 1, 2, 1, 1]);
        var stream = await account.GetAsync($"contacts/{bob}/activities");
        stream["items"]!.AsArray().Select(i => (string?)i!["detail"]).Distinct().ShouldBe(["Hello Bob"]);

        // Tokens are signed: another mail's address cannot be made up.
        (await reader.GetAsync(new Uri("/m/c/" + new string('A', 42), UriKind.Relative), Token)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_tag_without_a_value_blocks_until_one_is_given_and_given_values_are_never_read_as_tags_or_html()
    {
        var account = await product.NewAccountAsync();
        var eve = await account.AddContactAsync("eve@tags.example", firstName: "");

        var draft = await account.PutAsync($"contacts/{eve}/personal-draft", Writing.Draft(subject: "For %FIRSTNAME%", body: "<p>%FIRSTNAME% %EMAIL% %NOSUCHTAG%</p>"));
        draft["tags"]!.AsArray().ToDictionary(t => (string)t!["tag"]!, t => t!["is_missing"]!.GetValue<bool>())
            .ShouldBe(new Dictionary<string, bool> { ["%FIRSTNAME%"] = true, ["%EMAIL%"] = false, ["%NOSUCHTAG%"] = true });
        var (status, body) = await account.TryAsync(HttpMethod.Post, $"contacts/{eve}/personal-draft/send", new { values = new Dictionary<string, string> { ["%FIRSTNAME%"] = "x" } });
        status.ShouldBe(422);
        body["errors"]!.AsArray().Select(e => ((string)e!["code"]!, (string)e["path"]!)).ShouldBe([("tag_without_value", "/values/%NOSUCHTAG%")]);

        await account.PostAsync($"contacts/{eve}/personal-draft/send", new { values = new Dictionary<string, string> { ["%FIRSTNAME%"] = "%EMAIL% <b>&", ["%NOSUCHTAG%"] = "y" } });
        await Product.EventuallyAsync(() => Task.FromResult(product.Sink.Messages.Any(m => m.To.Contains("eve@tags.example"))), "the mail came", 60);
        var mail = product.Mail("eve@tags.example");
        mail.Subject.ShouldBe("For %EMAIL% <b>&");
        mail.HtmlBody!.ShouldContain("%EMAIL% &lt;b&gt;&amp; eve@tags.example y");

        // What was sent cannot be sent twice.
        (await account.TryAsync(HttpMethod.Post, $"contacts/{eve}/personal-draft/send", new { })).Status.ShouldBe(409);
    }

    [Fact]
    public async Task A_draft_survives_and_is_one_users_alone_and_bad_ones_are_told_by_field()
    {
        var account = await product.NewAccountAsync();
        var bob = await account.AddContactAsync("bob@drafts.example");
        var draft = await account.PutAsync(
            $"contacts/{bob}/personal-draft", Writing.Draft(body: "<p onclick=\"x()\">Hi</p><script>alert(1)</script><img src=\"javascript:x\"><a href=\"javascript:y\">z</a>"));
        ((string)draft["body"]!).ShouldBe("<p>Hi</p><img><a>z</a>");
        ((string)(await account.GetAsync($"contacts/{bob}/personal-draft"))["body"]!).ShouldBe("<p>Hi</p><img><a>z</a>");

        foreach (var (member, value, path) in new (string, string, string)[] { ("cc", "not an address", "/cc"), ("bcc", "a@b.example\r\nX: y", "/bcc"), ("subject", new string('x', 1001), "/subject") })
        {
            var bad = new Dictionary<string, object> { ["subject"] = "S", ["body"] = "B", [member] = value };
            var (status, body) = await account.TryAsync(HttpMethod.Put, $"contacts/{bob}/personal-draft", bad);
            (status, (string?)body["errors"]?[0]?["path"]).ShouldBe((422, path), member);
        }

        // A subject cannot break out of its line.
        await account.PutAsync($"contacts/{bob}/personal-draft", Writing.Draft(subject: "a\r\nBcc: x@y.example"));
        var (broken, said) = await account.TryAsync(HttpMethod.Post, $"contacts/{bob}/personal-draft/send", new { });
        (broken, (string?)said["errors"]?[0]?["path"]).ShouldBe((422, "/subject"));
        await account.MailAsync(await account.WriteAsync(bob), "sent");
        (await account.GetAsync($"contacts/{bob}/personal-draft"))["exists"]!.GetValue<bool>().ShouldBeFalse();
        var list = await account.GetAsync($"contacts/{bob}/personal-mails");
        list["mails"]!.AsArray().Count.ShouldBe(1);
    }

    [Fact]
    public async Task Files_are_stored_once_under_harmless_names_and_downloads_are_told()
    {
        var account = await product.NewAccountAsync();
        var (bob, carl) = (await account.AddContactAsync("bob@files.example"), await account.AddContactAsync("carl@files.example"));
        foreach (var (name, shown) in new (string, string)[] { ("../../etc/offer.pdf", "offer.pdf"), ("C:\\x\\offer.pdf", "offer.pdf"), ("a\u202Efdp.txt", "afdp.txt"), ("", "file") })
        {
            var (status, file) = await AttachAsync(account, bob, name, "the offer");
            (status, (string?)file["name"]).ShouldBe((201, shown), name);
        }

        foreach (var name in new[] { "run.exe", "run.EXE ", "x.js", "photo\u202Egpj.exe" })
        {
            (await AttachAsync(account, bob, name, "x")).Status.ShouldBe(422, name);
        }

        (await AttachAsync(account, bob, "big.txt", new string('x', (10 * 1024 * 1024) + 1))).Status.ShouldBe(413);
        await AttachAsync(account, carl, "same.txt", "the offer");
        (await CountAsync(account, "file")).ShouldBe(1);

        var linked = await account.WriteAsync(bob);
        var attached = await account.WriteAsync(carl, Writing.Draft(filesAsLinks: false));
        await account.MailAsync(linked, "sent");
        await account.MailAsync(attached, "sent");
        product.Mail("carl@files.example").Attachments.Select(a => (a.FileName, a.DecodeText())).ShouldBe([("same.txt", "the offer")]);
        var mail = product.Mail("bob@files.example");
        mail.Attachments.ShouldBeEmpty();
        using var reader = Reader();
        using var got = await reader.GetAsync(Local(FileAddress().Match(mail.HtmlBody!).Value), Token);
        (await got.Content.ReadAsStringAsync(Token)).ShouldBe("the offer");
        got.Content.Headers.ContentDisposition!.DispositionType.ShouldBe("attachment");
        got.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("sandbox");
        (await account.ActivitiesOfKindAsync(bob, "personal.file_downloaded")).ShouldHaveSingleItem().GetProperty("file").GetString().ShouldBe("offer.pdf");
        (await account.GetAsync($"personal-mails/{linked}"))["files"]![0]!["downloads"]!.GetValue<int>().ShouldBe(1);
    }

    [Fact]
    public async Task Who_called_a_mail_spam_gets_none_and_unsubscribed_people_do()
    {
        var account = await product.NewAccountAsync();
        var (angry, gone) = (await account.AddContactAsync("angry@gate.example"), await account.AddContactAsync("gone@gate.example"));
        await using (var work = await account.BeginAsync())
        {
            await Sql.Of($"""
                insert into messaging.suppression (account_id, address, reason, rank, suppressed_at)
                values ({account.Id}, 'angry@gate.example', 'complaint', 5, {product.Now}), ({account.Id}, 'gone@gate.example', 'unsubscribe', 4, {product.Now})
                """).ExecuteAsync(work, Token);
            await work.CommitAsync(Token);
        }

        ((string?)(await account.GetAsync($"contacts/{angry}/personal-draft"))["refusal"]).ShouldBe("complaint");
        await account.PutAsync($"contacts/{angry}/personal-draft", Writing.Draft());
        var (status, body) = await account.TryAsync(HttpMethod.Post, $"contacts/{angry}/personal-draft/send", new { });
        (status, (string?)body["errors"]?[0]?["code"]).ShouldBe((422, "complaint"));

        var id = await account.WriteAsync(gone, Writing.Draft(cc: "angry@gate.example"));
        var mail = await account.MailAsync(id, "sent");
        mail["recipients"]!.AsArray().Select(r => (string)r!["state"]!).ShouldBe(["sent", "refused"]);
        product.Sink.Messages.ShouldNotContain(m => m.To.Contains("angry@gate.example"));

        // A refusal of the other side is told in the stream, with its words.
        var bad = await account.AddContactAsync("x+r-550-5.1.1@gate.example");
        var failed = await account.MailAsync(await account.WriteAsync(bad), "failed");
        ((string)failed["recipients"]![0]!["reason"]!).ShouldBe("no_user");
        (await account.ActivitiesAsync(bad)).Select(a => a.Kind).ShouldContain("personal.bounced");
    }

    [Fact]
    public async Task Saved_responses_have_categories_are_searched_and_known_to_v3()
    {
        var account = await product.NewAccountAsync();
        var category = (await account.PostAsync("saved-response-categories", new { name = "Sales" }))["id"]!.GetValue<long>();
        (await account.TryAsync(HttpMethod.Post, "saved-response-categories", new { name = "Sales" })).Status.ShouldBe(409);
        var first = await account.PostAsync("saved-responses", new { title = "Prices", subject = "Our prices, %FIRSTNAME%", body = "<p>From <b>10 euro</b></p><script>x</script>", category_id = category });
        await account.PostAsync("saved-responses", new { title = "Hours", subject = "Hours", body = "<p>Nine to five</p>" });
        ((string)first["body"]!).ShouldBe("<p>From <b>10 euro</b></p>");
        async Task<string[]> Titles(string query) => [.. (await account.GetAsync("saved-responses" + query))["responses"]!.AsArray().Select(r => (string)r!["title"]!)];
        (await Titles("")).ShouldBe(["Hours", "Prices"]);
        (await Titles("?search=EURO%20prices")).ShouldBe(["Prices"]);
        (await Titles($"?category={category}")).ShouldBe(["Prices"]);
        (await Titles("?category=0")).ShouldBe(["Hours"]);
        (await account.TryAsync(HttpMethod.Post, "saved-responses", new { title = "T", subject = "%IF", body = "%IF x%" })).Status.ShouldBe(422);

        var bob = await account.AddContactAsync("bob@saved.example");
        await account.WriteAsync(bob, new { subject = "S", body = "<p>B</p>", response_id = first["id"]!.GetValue<long>() });
        (await account.GetAsync($"saved-responses/{first["id"]}"))["last_sent_at"].ShouldNotBeNull();

        using var missing = await account.V3.PostAsync(new Uri("savedResponses", UriKind.Relative), new StringContent("{\"savedResponse\":{}}", Encoding.UTF8, "application/json"), Token);
        missing.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        JsonNode.Parse(await missing.Content.ReadAsStringAsync(Token))!["errors"]!.AsArray().Select(e => ((string)e!["title"]!, (string)e["code"]!, (string)e["source"]!["pointer"]!))
            .ShouldBe(new[] { "title", "subject", "body" }.Select(a => ("This field is required.", "field_missing", $"/data/attributes/{a}")));
        var made = await account.V3PostAsync("savedResponses", new { savedResponse = new { title = "t", subject = "s", body = "b" } });
        var id = (string)made["savedResponse"]!["id"]!;
        made["savedResponse"]!["links"]!.AsObject().Select(l => l.Key).ShouldBe(["user", "savedResponseCategorySavedResponse"]);
        ((string)(await account.V3PutAsync($"savedResponses/{id}", new { savedResponse = new { title = "t2" } }))["savedResponse"]!["title"]!).ShouldBe("t2");
        ((string)(await account.V3GetAsync("savedResponses"))["meta"]!["total"]!).ShouldBe("3");
        using var deleted = await account.V3.DeleteAsync(new Uri($"savedResponses/{id}", UriKind.Relative), Token);
        deleted.StatusCode.ShouldBe(HttpStatusCode.OK);
        using var gone = await account.V3.GetAsync(new Uri($"savedResponses/{id}", UriKind.Relative), Token);
        (await gone.Content.ReadAsStringAsync(Token)).ShouldContain($"No Result found for SavedResponse with id {id}");
        (await account.App.DeleteAsync(new Uri($"saved-response-categories/{category}", UriKind.Relative), Token)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await Titles("?category=0")).ShouldBe(["Hours", "Prices"]);
    }

    private static HttpClient MakeReader(Uri address, string agent)
    {
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = address };
        client.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", agent);
        return client;
    }

    private HttpClient Reader(string agent = Person) => MakeReader(product.Address, agent);

    /// <summary>The same address on the server of the test.</summary>
    private static Uri Local(string url) => new(new Uri(url).AbsolutePath, UriKind.Relative);

    [Fact]
    public async Task The_same_file_put_on_and_taken_off_by_several_at_once_stays_while_a_mail_has_it()
    {
        var account = await product.NewAccountAsync();
        var people = await Task.WhenAll(Enumerable.Range(0, 3).Select(i => account.AddContactAsync($"p{i}@files.example")));
        foreach (var person in people)
        {
            await AttachAsync(account, person, "first.txt", $"own {person}");
        }

        await Task.WhenAll(people.Select(async (person, i) =>
        {
            for (var round = 0; round < 15; round++)
            {
                var (status, body) = await AttachAsync(account, person, "same.txt", "the same");
                status.ShouldBe(201, body.ToJsonString());
                if (i > 0 || round < 14)
                {
                    using var gone = await account.App.DeleteAsync(new Uri($"contacts/{person}/personal-draft/files/{body["no"]}", UriKind.Relative), Token);
                    ((int)gone.StatusCode).ShouldBeLessThan(300, await gone.Content.ReadAsStringAsync(Token));
                }
            }
        }));

        (await CountAsync(account, "file")).ShouldBe(4, "three of their own, and the one that the first still has");
    }

    private static async Task<(int Status, JsonNode Body)> AttachAsync(TestAccount account, long contact, string name, string content)
    {
        using var file = new ByteArrayContent(Encoding.UTF8.GetBytes(content));
        file.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        using var response = await account.App.PostAsync(new Uri($"contacts/{contact}/personal-draft/files?name={Uri.EscapeDataString(name)}", UriKind.Relative), file, Token);
        return ((int)response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync(Token))!);
    }

    private static async Task<long> CountAsync(TestAccount account, string table)
    {
        await using var work = await account.BeginAsync();
        return table == "file" ? await Sql.Of($"select count(*) from personal.file where account_id = {account.Id}").FirstAsync<long>(work, Token) : 0;
    }

    [GeneratedRegex(@"https://mail\.example\.test/m/o/[A-Za-z0-9_-]+")]
    private static partial Regex OpenAddress();

    [GeneratedRegex(@"https://mail\.example\.test/m/c/[A-Za-z0-9_-]+")]
    private static partial Regex LinkAddress();

    [GeneratedRegex(@"https://mail\.example\.test/m/f/[A-Za-z0-9_-]+")]
    private static partial Regex FileAddress();
}
