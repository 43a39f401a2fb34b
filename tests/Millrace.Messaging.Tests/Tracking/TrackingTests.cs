using System.Net;
using System.Text.RegularExpressions;
using Millrace.Kernel.Data;
using Millrace.Messaging.Tests.Sending;
using Millrace.TestKit;

namespace Millrace.Messaging.Tests.Tracking;

public sealed partial class TrackingTests(MailProduct product) : IClassFixture<MailProduct>
{
    private const string Person = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36";
    private readonly HttpClient _reader = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = product.Address };

    [Fact]
    public async Task A_click_is_recorded_and_leads_to_the_stored_target_with_merged_values_encoded()
    {
        var (account, contact, html) = await SentAsync("<a href=\"https://shop.example/%EMAIL%?n=%FIRSTNAME%\">look</a>");
        await product.AdvanceAsync(TimeSpan.FromSeconds(10));

        using var answer = await GetAsync(Path(html, "c"), Person);

        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        answer.Headers.Location!.OriginalString.ShouldBe($"https://shop.example/{Address(account)}?n=Bob");
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
        answer.Headers.GetValues("Content-Security-Policy").ShouldBe(["default-src 'none'"]);
        var click = (await account.ActivitiesOfKindAsync(contact, "email.clicked")).ShouldHaveSingleItem();
        click.GetProperty("link").GetInt32().ShouldBe(1);
        click.GetProperty("machine").GetString().ShouldBeNull();
        (await account.ActivitiesOfKindAsync(contact, "email.opened")).Count.ShouldBe(1, "a click without an open is an open too");
    }

    [Fact]
    public async Task Head_redirects_and_counts_nothing()
    {
        var (account, contact, html) = await SentAsync("<a href=\"https://shop.example/a\">look</a>");

        using var request = new HttpRequestMessage(HttpMethod.Head, Path(html, "c"));
        using var answer = await _reader.SendAsync(request, TestContext.Current.CancellationToken);

        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        answer.Headers.Location!.OriginalString.ShouldBe("https://shop.example/a");
        (await account.ActivitiesOfKindAsync(contact, "email.clicked")).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(Person, 10, null)]
    [InlineData("Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)", 10, null)]
    [InlineData("Mozilla/5.0", 10, "privacy")]
    [InlineData("curl/8.5", 10, "scanner")]
    [InlineData("", 10, "scanner")]
    [InlineData(Person, 0, "too_soon")]
    public async Task An_open_says_whether_a_person_did_it(string agent, int secondsAfter, string? machine)
    {
        var (account, contact, html) = await SentAsync("<p>Hi</p>");
        await product.AdvanceAsync(TimeSpan.FromSeconds(secondsAfter));

        using var answer = await GetAsync(Path(html, "o"), agent);

        answer.Content.Headers.ContentType!.MediaType.ShouldBe("image/gif");
        (await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)).Length.ShouldBe(43);
        (await account.ActivitiesOfKindAsync(contact, "email.opened")).ShouldHaveSingleItem().GetProperty("machine").GetString().ShouldBe(machine);
    }

    [Fact]
    public async Task A_person_who_clicks_after_a_proxy_has_opened_has_opened_too_and_once()
    {
        var (account, contact, html) = await SentAsync("<a href=\"https://a.example/1\">1</a>");
        await product.AdvanceAsync(TimeSpan.FromSeconds(10));
        (await GetAsync(Path(html, "o"), "Mozilla/5.0")).Dispose();
        (await GetAsync(Path(html, "c"), Person)).Dispose();
        (await GetAsync(Path(html, "c"), Person)).Dispose();

        (await account.ActivitiesOfKindAsync(contact, "email.opened")).Select(o => o.GetProperty("machine").GetString()).ShouldBe(["privacy", null]);
        (await account.ActivitiesOfKindAsync(contact, "email.clicked")).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Following_three_links_at_once_is_a_machine()
    {
        var (account, contact, html) = await SentAsync(
            "<a href=\"https://a.example/1\">1</a><a href=\"https://a.example/2\">2</a><a href=\"https://a.example/3\">3</a>");
        await product.AdvanceAsync(TimeSpan.FromSeconds(10));
        foreach (var path in Regex.Matches(html, "https://mail.example.test(/c/[^\"]+)").Select(m => m.Groups[1].Value).Take(3))
        {
            (await GetAsync(path, Person)).Dispose();
        }

        (await account.ActivitiesOfKindAsync(contact, "email.clicked")).Select(c => c.GetProperty("machine").GetString()).ShouldBe([null, null, "many_links"]);
    }

    [Fact]
    public async Task A_bad_token_gives_the_same_page_whatever_is_wrong_and_the_pixel_gives_its_bytes()
    {
        var (_, _, html) = await SentAsync("<a href=\"https://shop.example/a\">look</a>");
        var good = Path(html, "c");
        var flipped = good[..^1] + (good[^1] == 'A' ? 'B' : 'A');
        var pages = new List<string>();
        foreach (var path in new[] { flipped, "/c/x", "/u/" + good[3..], "/w/" + good[3..], "/c/" + Path(html, "o")[3..] })
        {
            using var answer = await GetAsync(path, Person);
            answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
            pages.Add(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }

        pages.Distinct().ShouldHaveSingleItem();
        // Where a link leads is stored, not asked for.
        using var asked = await GetAsync(good + "?url=https://evil.example/", Person);
        asked.Headers.Location!.Host.ShouldBe("shop.example");
        using var pixel = await GetAsync("/o/nonsense", Person);
        pixel.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await pixel.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)).Length.ShouldBe(43);
    }

    [Fact]
    public async Task One_click_unsubscribes_at_once_and_twice_is_once()
    {
        var (account, contact, html) = await SentAsync("<p>Hi</p>");
        for (var i = 0; i < 2; i++)
        {
            using var form = new FormUrlEncodedContent([new("List-Unsubscribe", "One-Click")]);
            using var answer = await _reader.PostAsync(new Uri(Path(html, "u"), UriKind.Relative), form, TestContext.Current.CancellationToken);
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
            (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldBeEmpty();
            answer.Headers.Contains("Set-Cookie").ShouldBeFalse();
        }

        (await account.ActivitiesOfKindAsync(contact, "email.unsubscribed")).ShouldHaveSingleItem().GetProperty("way").GetString().ShouldBe("one_click");
        (await account.QueueAsync([contact], runId: 2)).ShouldBe(["unsubscribed"]);
    }

    [Fact]
    public async Task Showing_the_unsubscribe_page_changes_nothing_and_its_form_unsubscribes_from_the_lists_of_the_mail()
    {
        var account = await product.NewAccountAsync();
        var contact = await account.AddContactAsync(Address(account));
        var (news, offers) = (await AddListAsync(account, contact, "News"), await AddListAsync(account, contact, "Offers"));
        await account.QueueAsync([contact], lists: [news]);
        await account.DispatchedAsync();
        var path = Path(product.Mail(Address(account)).HtmlBody!, "u");

        using var page = await GetAsync(path, Person);
        var shown = await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        shown.ShouldContain("News");
        shown.ShouldNotContain(Address(account));
        page.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("form-action 'self'");
        (await StatusesAsync(account, contact)).ShouldBe([(news, "active"), (offers, "active")]);

        using var form = new FormUrlEncodedContent([new("scope", "these"), new("reason", new string('n', 499) + "\U0001F331 too many")]);
        using var answer = await _reader.PostAsync(new Uri(path, UriKind.Relative), form, TestContext.Current.CancellationToken);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await StatusesAsync(account, contact)).ShouldBe([(news, "unsubscribed"), (offers, "active")]);
        (await account.ActivitiesOfKindAsync(contact, "email.unsubscribed")).ShouldHaveSingleItem().GetProperty("reason").GetString().ShouldBe(new string('n', 499), "five hundred units would end in half a character");
        (await account.QueueAsync([contact], runId: 2, lists: [news])).ShouldBe(["unsubscribed"]);
        (await account.QueueAsync([contact], runId: 3, lists: [offers])).ShouldBe([null]);
    }

    [Fact]
    public async Task Readers_choose_their_lists_and_names_where_looking_changes_nothing()
    {
        var account = await product.NewAccountAsync();
        var contact = await account.AddContactAsync(Address(account));
        var news = await AddListAsync(account, contact, "News <b>");
        var offers = await AddListAsync(account, contact, "Offers");
        await using (var work = await account.BeginAsync())
        {
            await Sql.Of($"update contacts.list set reminder = 'Once a <week>' where account_id = {account.Id} and id = {news}").ExecuteAsync(work, CancellationToken.None);
            await Sql.Of($"insert into contacts.list (account_id, name, string_id, created_at, updated_at) values ({account.Id}, 'Secret', 'secret', {product.Now}, {product.Now})")
                .ExecuteAsync(work, CancellationToken.None);
            await work.CommitAsync(CancellationToken.None);
        }

        await account.PostAsync("brand-kits", new { name = "Acme", look = new { button_colour = "#aa0011", logo = "https://acme.example/logo.png" } });
        await account.QueueAsync([contact], Mailing.Content("<a href=\"%UPDATELINK%\">Choices</a> <a href=\"%UNSUBSCRIBELINK%\">Leave</a>"), lists: [news]);
        (await account.DispatchedAsync()).ShouldHaveSingleItem().State.ShouldBe("sent");
        var html = product.Mail(Address(account)).HtmlBody!;
        var path = Path(html, "p");

        for (var i = 0; i < 3; i++)
        {
            using var looked = await GetAsync(path, "curl/8.5");
            looked.StatusCode.ShouldBe(HttpStatusCode.OK);
        }

        (await StatusesAsync(account, contact)).ShouldBe([(news, "active"), (offers, "active")]);
        using var shown = await GetAsync(path, Person);
        var page = await shown.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        page.ShouldContain("News &lt;b&gt;");
        page.ShouldContain("Once a &lt;week&gt;");
        page.ShouldContain("value=\"Bob\"");
        page.ShouldContain("#aa0011");
        page.ShouldContain("https://acme.example/logo.png");
        page.ShouldNotContain("Secret");
        page.ShouldNotContain(Address(account));
        page.ShouldNotContain("<script");
        var policy = shown.Headers.GetValues("Content-Security-Policy").Single();
        policy.ShouldContain("default-src 'none'");
        page.ShouldContain($"nonce=\"{Regex.Match(policy, "'nonce-([^']+)'").Groups[1].Value}\"");
        using (var leave = await GetAsync(Path(html, "u"), Person))
        {
            (await leave.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain(path, customMessage: "the way to fewer instead of none");
        }

        // One list is left, the name is changed; a list that was not on the page, and one it never was on, stay as they are.
        (await SaveAsync(("action", "save"), ("shown", $"{news}"), ("list", "999999"), ("first_name", " Robert "), ("last_name", "Builder"))).ShouldContain("saved");
        (await StatusesAsync(account, contact)).ShouldBe([(news, "unsubscribed"), (offers, "active")]);
        (await account.ActivitiesOfKindAsync(contact, "email.unsubscribed")).ShouldHaveSingleItem().GetProperty("way").GetString().ShouldBe("preferences");
        var person = await account.GetAsync($"contacts/{contact}");
        ((string?)person["first_name"], (string?)person["last_name"]).ShouldBe(("Robert", "Builder"));
        (await account.QueueAsync([contact], runId: 2, lists: [news])).ShouldBe(["unsubscribed"]);

        // Twice is once; coming back is allowed, since it is the reader's own doing.
        await SaveAsync(("action", "save"), ("shown", $"{news}"), ("first_name", "Robert"), ("last_name", "Builder"));
        (await account.ActivitiesOfKindAsync(contact, "email.unsubscribed")).Count.ShouldBe(1);
        await SaveAsync(("action", "save"), ("shown", $"{news}"), ("shown", $"{offers}"), ("list", $"{news}"), ("list", $"{offers}"));
        (await StatusesAsync(account, contact)).ShouldBe([(news, "active"), (offers, "active")]);

        // What is not our form's, or is too long, changes nothing.
        await SaveAsync(("shown", $"{news}"));
        (await SaveAsync(("action", "save"), ("shown", $"{news}"), ("first_name", new string('x', 101)), ("last_name", ""))).ShouldContain("At most", Case.Insensitive);
        (await StatusesAsync(account, contact)).ShouldBe([(news, "active"), (offers, "active")]);
        (await SaveAsync(("action", "all"))).ShouldContain("You are unsubscribed");
        (await StatusesAsync(account, contact)).ShouldBe([(news, "unsubscribed"), (offers, "unsubscribed")]);

        async Task<string> SaveAsync(params (string Name, string Value)[] fields)
        {
            using var form = new FormUrlEncodedContent(fields.Select(f => KeyValuePair.Create(f.Name, f.Value)));
            using var answer = await _reader.PostAsync(new Uri(path, UriKind.Relative), form, TestContext.Current.CancellationToken);
            return await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task The_web_copy_is_the_same_mail_in_a_sandbox()
    {
        var (_, _, html) = await SentAsync("<p>Hi %FIRSTNAME%</p><a href=\"%WEBCOPY%\">In the browser</a>");

        using var answer = await GetAsync(Path(html, "w"), Person);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("Hi Bob");
        answer.Headers.GetValues("Content-Security-Policy").Single().ShouldStartWith("sandbox");
    }

    [Fact]
    public async Task Thousands_of_opens_at_once_are_all_durable_when_answered()
    {
        var (account, contact, html) = await SentAsync("<p>Hi</p>");
        var path = Path(html, "o");

        await Task.WhenAll(Enumerable.Range(0, 400).Select(async _ => (await GetAsync(path, Person)).Dispose()));

        (await account.ActivitiesOfKindAsync(contact, "email.opened")).Count.ShouldBe(400);
    }

    private static string Path(string html, string kind) => Regex.Match(html, $"https://mail.example.test(/{kind}/[A-Za-z0-9_-]+)").Groups[1].Value;

    private static string Address(TestAccount account) => $"reader{account.Id}@track.example";

    private async Task<HttpResponseMessage> GetAsync(string path, string agent)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("User-Agent", agent);
        return await _reader.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private async Task<(TestAccount Account, long Contact, string Html)> SentAsync(string html)
    {
        var account = await product.NewAccountAsync();
        await account.FilterMachinesAsync();
        var contact = await account.AddContactAsync(Address(account));
        await account.QueueAsync([contact], Mailing.Content(html));
        (await account.DispatchedAsync()).ShouldHaveSingleItem().State.ShouldBe("sent");
        return (account, contact, product.Mail(Address(account)).HtmlBody.ShouldNotBeNull());
    }

    private static async Task<long> AddListAsync(TestAccount account, long contact, string name)
    {
        await using var work = await account.BeginAsync();
        var now = account.Product.Now;
        var list = await Sql.Of($"""
            with l as (insert into contacts.list (account_id, name, string_id, created_at, updated_at)
                       values ({account.Id}, {name}, {name.ToLowerInvariant()}, {now}, {now}) returning id)
            insert into contacts.subscription (account_id, contact_id, list_id, status, created_at, updated_at)
            select {account.Id}, {contact}, id, 'active', {now}, {now} from l returning list_id
            """).FirstAsync<long>(work, CancellationToken.None);
        await work.CommitAsync(CancellationToken.None);
        return list;
    }

    private static async Task<List<(long, string)>> StatusesAsync(TestAccount account, long contact)
    {
        await using var work = await account.BeginAsync();
        var rows = await Sql.Of($"select list_id, status from contacts.subscription where account_id = {account.Id} and contact_id = {contact} order by list_id")
            .ListAsync<Standing>(work, CancellationToken.None);
        return [.. rows.Select(r => (r.List, r.Status))];
    }

    private sealed record Standing(long List, string Status);
}
