using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Millrace.TestKit;

namespace Millrace.Product.Tests.Journeys;

/// <summary>From a file of addresses to a click and a farewell, over HTTP and SMTP only.</summary>
public sealed partial class WelcomeJourneyTests(MailProduct product) : IClassFixture<MailProduct>
{
    private const string Document = """
        { "name": "Welcome", "create": true,
          "triggers": [ { "type": "list.subscribed", "list": "Newsletter" } ],
          "steps": [
            { "id": "mark", "type": "tag.add", "tag": "newcomer" },
            { "id": "hello", "type": "email.send", "subject": "Welcome, %FIRSTNAME|there%", "from": { "name": "Ann", "address": "ann@sender.example" },
              "html": "<p>Hi %FIRSTNAME|there%, <a href=\"https://shop.example/start?who=%EMAIL%\">begin here</a></p>" },
            { "id": "two_days", "type": "wait.for", "duration": "P2D" },
            { "id": "fork", "type": "flow.if", "conditions": { "all": [ { "activity": "email.clicked", "step": "hello" } ] },
              "yes": [ { "id": "keen", "type": "tag.add", "tag": "engaged" } ],
              "no": [ { "id": "quiet", "type": "tag.add", "tag": "silent" } ] },
            { "id": "one_day", "type": "wait.for", "duration": "P1D" },
            { "id": "more", "type": "email.send", "subject": "More", "from": { "address": "ann@sender.example" }, "html": "<p>More for %FIRSTNAME%</p>" } ] }
        """;

    private readonly HttpClient _reader = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = product.Address };

    [Fact]
    public async Task Imported_people_are_welcomed_move_on_by_their_click_and_are_left_alone_once_they_unsubscribe()
    {
        var account = await product.NewAccountAsync();
        await account.PutAsync("mail-tracking", new { filter_machines = true, utm = (object?)null });
        var list = (long)(await account.PostAsync("lists", new { name = "Newsletter" }))["id"]!;
        var automation = (await account.PostAsync("automations/import?activate=true", JsonNode.Parse(Document)!))["id"]!;
        await ImportAsync(account, "email,first\nada@welcome.example,Ada\nbob@welcome.example,Bob\n", list);
        var (ada, bob) = (await ContactAsync(account, "ada@welcome.example"), await ContactAsync(account, "bob@welcome.example"));

        var mail = (await product.MailsAsync("ada@welcome.example", 1))[0];
        mail.Subject.ShouldBe("Welcome, Ada");
        (await product.MailsAsync("bob@welcome.example", 1))[0].Subject.ShouldBe("Welcome, Bob");
        await account.BecomesAsync(ada, "waiting: mark=done hello=done");
        await account.BecomesAsync(bob, "waiting: mark=done hello=done");

        await product.AdvanceAsync(TimeSpan.FromMinutes(5));
        await ClickAsync(mail.HtmlBody!);
        await product.AdvanceAsync(TimeSpan.FromDays(2));
        account = await product.ReturnAsync(account);
        await account.BecomesAsync(ada, "waiting: mark=done hello=done two_days=waited fork=yes keen=done");
        await account.BecomesAsync(bob, "waiting: mark=done hello=done two_days=waited fork=no quiet=done");

        await UnsubscribeAsync(mail.Root.Header("List-Unsubscribe")!, mail.Root.Header("List-Unsubscribe-Post")!);
        await product.AdvanceAsync(TimeSpan.FromDays(1) + TimeSpan.FromMinutes(1));
        account = await product.ReturnAsync(account);
        await account.BecomesAsync(ada, "completed: mark=done hello=done two_days=waited fork=yes keen=done one_day=waited more=skipped_unsubscribed");
        await account.BecomesAsync(bob, "completed: mark=done hello=done two_days=waited fork=no quiet=done one_day=waited more=done");
        (await product.MailsAsync("bob@welcome.example", 2))[1].Subject.ShouldBe("More");
        product.Received("ada@welcome.example").Count.ShouldBe(1);
        await NothingIsLostAsync(account, ada);

        await PixelAsync(mail.HtmlBody!, "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0");
        await PixelAsync((await product.MailsAsync("bob@welcome.example", 2))[0].HtmlBody!, "curl/8.5.0");
        await ReportedAsync(account, $"reports/automation.mails?subject_id={automation}");
        await ReportedAsync(account, "reports/account.mails");
    }

    /// <summary>Three mails; Ada's was opened and clicked, each counted once, and unsubscribed from. What a scanner fetched for Bob is no open, as the account filters machines.</summary>
    private static async Task ReportedAsync(TestAccount account, string report)
    {
        var figures = string.Empty;
        await TestKit.Product.EventuallyAsync(
            async () =>
            {
                figures = string.Join(' ', (await account.GetAsync(report))["answer"]!["figures"]!.AsArray()
                    .Select(f => string.Create(CultureInfo.InvariantCulture, $"{f!["key"]}={(decimal?)f["value"]:0.##}")));
                return figures == "sent=3 opened=0.33 clicked=0.33 bounced=0 unsubscribed=0.33";
            },
            $"the numbers of {report}");
    }

    private async Task PixelAsync(string html, string browser)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Pixel().Match(html).Groups[1].Value);
        request.Headers.TryAddWithoutValidation("User-Agent", browser);
        using var answer = await _reader.SendAsync(request, TestContext.Current.CancellationToken);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private static async Task ImportAsync(TestAccount account, string csv, long list)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(csv)) { Headers = { ContentType = new MediaTypeHeaderValue("text/csv") } };
        using var uploaded = await account.App.PostAsync(new Uri("imports?name=people.csv", UriKind.Relative), content, TestContext.Current.CancellationToken);
        var text = await uploaded.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        uploaded.IsSuccessStatusCode.ShouldBeTrue(text);
        var import = JsonNode.Parse(text)!["id"];
        await account.PostAsync($"imports/{import}/start", new
        {
            delimiter = ",",
            has_header = true,
            columns = new object[] { new { target = "email" }, new { target = "first_name" } },
            lists = new[] { list },
        });
        JsonNode view = new JsonObject();
        await TestKit.Product.EventuallyAsync(async () => (string?)(view = await account.GetAsync($"imports/{import}"))["state"] == "finished", "the import is over");
        ((long)view["created"]!).ShouldBe(2);
    }

    private static async Task<long> ContactAsync(TestAccount account, string email)
    {
        var found = (await account.V3GetAsync($"contacts?email={email}"))["contacts"]!.AsArray().ShouldHaveSingleItem()!;
        return long.Parse((string)found["id"]!, CultureInfo.InvariantCulture);
    }

    private async Task ClickAsync(string html)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Link().Match(html).Groups[1].Value);
        request.Headers.TryAddWithoutValidation("User-Agent", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36");
        using var answer = await _reader.SendAsync(request, TestContext.Current.CancellationToken);
        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        answer.Headers.Location!.OriginalString.ShouldStartWith("https://shop.example/start?who=ada");
    }

    /// <summary>As a mail provider does it, RFC 8058: one POST to the address in the header, without cookies.</summary>
    private async Task UnsubscribeAsync(string header, string body)
    {
        body.ShouldBe("List-Unsubscribe=One-Click");
        var address = header.Split(',').Select(p => p.Trim(' ', '<', '>')).Single(p => p.StartsWith("https://", StringComparison.Ordinal));
        using var form = new FormUrlEncodedContent([new("List-Unsubscribe", "One-Click")]);
        using var answer = await _reader.PostAsync(new Uri(address[MailProduct.PublicUrl.Length..], UriKind.Relative), form, TestContext.Current.CancellationToken);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    /// <summary>The contact's own history tells the whole story, each thing once.</summary>
    private static async Task NothingIsLostAsync(TestAccount account, long contact)
    {
        var kinds = (await account.ActivitiesAsync(contact)).Select(a => a.Kind).ToList();
        foreach (var kind in new[]
        {
            "contact.created", "list.subscribed", "automation.entered", "email.sent", "email.clicked", "email.unsubscribed", "automation.completed",
        })
        {
            kinds.Count(k => k == kind).ShouldBe(1, $"{kind} in {string.Join(' ', kinds)}");
        }
    }

    [GeneratedRegex("https://mail\\.example\\.test(/c/[A-Za-z0-9_-]+)")]
    private static partial Regex Link();

    [GeneratedRegex("https://mail\\.example\\.test(/o/[A-Za-z0-9_-]+)")]
    private static partial Regex Pixel();
}
