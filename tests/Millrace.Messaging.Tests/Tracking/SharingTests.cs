using System.Net;
using Millrace.Kernel.Data;
using Millrace.Messaging.Tests.Sending;

namespace Millrace.Messaging.Tests.Tracking;

/// <summary>Readers who forward a mail or share it: what goes out names and tracks nobody who should not be, and the reader did it once.</summary>
public sealed partial class TrackingTests
{
    private const string Forwarding = "<p>Hi %FIRSTNAME%</p><a href=\"https://shop.example/?a=1&amp;b=2\">look</a> <a href=\"%FORWARD2FRIEND%\">tell</a> <a href=\"%SOCIALSHARE-LINKEDIN%\">in</a> <a href=\"%SOCIALSHARE%\">all</a>";

    [Fact]
    public async Task A_forwarded_mail_goes_to_friends_as_a_copy_that_tracks_nobody_and_cannot_unsubscribe_its_reader()
    {
        var (account, contact, html) = await SentAsync(Forwarding);
        var page = Path(html, "f");
        using var shown = await GetAsync(page, Person);
        var form = await shown.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        form.ShouldNotContain(Address(account));
        form.ShouldNotContain("<script");
        (string, string)[] filled =
        [
            ("form", "77"), ("name", "Ann <b>Ray</b>"), ("note", "Look at \"this\" & <img src=x onerror=alert(1)>"),
            ("friend", $"Fred{account.Id}@friend.example"), ("friend", $"gone{account.Id}@friend.example"), ("friend", ""), ("friend", $"never{account.Id}@excluded.example"),
        ];
        await using (var work = await account.BeginAsync())
        {
            await Sql.Of($"""
                with x as (insert into messaging.suppression (account_id, address, reason, rank, detail, suppressed_at)
                           values ({account.Id}, {$"gone{account.Id}@friend.example"}, 'complaint', 5, '', {product.Now}) returning 1)
                insert into messaging.exclusion (account_id, mode, pattern, created_at) select {account.Id}, 'domain', 'excluded.example', {product.Now} from x
                """).ExecuteAsync(work, CancellationToken.None);
            await work.CommitAsync(CancellationToken.None);
        }

        for (var i = 0; i < 2; i++)
        {
            (await PostAsync(page, filled)).ShouldBe((HttpStatusCode.OK, "Thank you"));
        }

        await account.SettledAsync();
        (await account.DispatchedAsync()).Count.ShouldBe(2, "one friend only, and once");
        var copy = product.Mail($"fred{account.Id}@friend.example");
        copy.Subject.ShouldStartWith("Fwd: ");
        var body = copy.HtmlBody.ShouldNotBeNull();
        body.ShouldContain("<strong>Ann &lt;b&gt;Ray&lt;/b&gt;</strong> forwarded this");
        body.ShouldContain("&lt;img src=x");
        body.ShouldContain("Hi Bob");
        body.ShouldContain("href=\"https://shop.example/?a=1&amp;b=2\"");
        copy.TextBody.ShouldNotBeNull().ShouldContain("https://shop.example/?a=1&b=2");
        foreach (var way in new[] { "/c/", "/o/", "/u/", "/w/", "/s/", "/l/", "data:image" })
        {
            body.ShouldNotContain(way);
        }

        var told = (await account.ActivitiesOfKindAsync(contact, "email.forwarded")).ShouldHaveSingleItem();
        told.GetProperty("friends").GetInt32().ShouldBe(3);
        (await account.ActivitiesOfKindAsync(contact, "email.sent")).Count.ShouldBe(1);
        long campaign;
        await using (var work = await account.BeginAsync())
        {
            campaign = await Sql.Of($"select id from messaging.campaign where account_id = {account.Id}").FirstAsync<long>(work, CancellationToken.None);
        }

        var figures = (await account.GetAsync($"reports/campaign.overview?subject_id={campaign}"))["answer"]!["figures"]!.AsArray();
        ((long)figures.Single(f => (string?)f!["key"] == "forwarded")!["value"]!).ShouldBe(1);
        ((long)figures.Single(f => (string?)f!["key"] == "sends")!["value"]!).ShouldBe(1);
        (await account.GetAsync($"campaigns/{campaign}/people?of=forwarded"))["people"]!.AsArray().Count.ShouldBe(1);

        // Whoever unsubscribes in the copy wants no forwarded mails; the reader stays what they are, and nobody has become a contact.
        var stop = System.Text.RegularExpressions.Regex.Match(body, "https://mail.example.test(/f/stop/[A-Za-z0-9_-]+)").Groups[1].Value;
        using (var asked = await GetAsync(stop, Person))
        {
            asked.StatusCode.ShouldBe(HttpStatusCode.OK);
        }

        (await PostAsync(stop, [("List-Unsubscribe", "One-Click")])).Status.ShouldBe(HttpStatusCode.OK);
        (await account.QueueAsync([contact], Mailing.Content(Forwarding), runId: 2)).ShouldBe([null]);
        await account.DispatchedAsync();
        var second = Path(Millrace.Mail.Mime.MimeParser.Parse(product.Sink.Messages.Last(m => m.To.Contains(Address(account))).Bytes).HtmlBody!, "f");
        (await PostAsync(second, filled)).ShouldBe((HttpStatusCode.OK, "Thank you"));
        (await account.DispatchedAsync()).Count.ShouldBe(3, "he has refused");
        await using (var work = await account.BeginAsync())
        {
            (await Sql.Of($"select count(*) from contacts.contact where account_id = {account.Id}").FirstAsync<long>(work, CancellationToken.None)).ShouldBe(1);
        }
    }

    [Fact]
    public async Task The_form_for_forwarding_says_what_is_wrong_keeps_what_was_written_and_has_an_end()
    {
        var (account, _, html) = await SentAsync(Forwarding);
        var page = Path(html, "f");
        (await PostAsync(page, [("form", "1"), ("name", "Ann"), ("friend", "no \"address\"")])).ShouldBe((HttpStatusCode.UnprocessableEntity, "Forward this e-mail"));
        (await PostAsync(page, [("form", "1"), ("name", ""), ("friend", "a@friend.example")])).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await PostAsync(page, [("form", "1"), ("name", "Ann"), ("note", "see https://shop.example"), ("friend", "a@friend.example")])).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await PostAsync(page, [("form", "1"), ("name", "Ann"), ("friend", "a@friend.example"), ("website", "x")])).ShouldBe((HttpStatusCode.OK, "Thank you"));
        (await PostAsync("/f/nonsense", [("name", "Ann")])).Status.ShouldBe(HttpStatusCode.NotFound);
        (await account.SendsAsync()).Count.ShouldBe(1, "nothing went out");
        for (var i = 0; i < 5; i++)
        {
            var five = Enumerable.Range(0, 5).Select(n => ("friend", $"f{i}-{n}-{account.Id}@friend.example"));
            (await PostAsync(page, [("form", $"{10 + i}"), ("name", "Ann"), .. five])).Status.ShouldBe(i < 4 ? HttpStatusCode.OK : HttpStatusCode.TooManyRequests);
        }

        (await account.SendsAsync()).Count.ShouldBe(21);
    }

    [Fact]
    public async Task Sharing_leads_to_the_network_with_a_copy_that_names_nobody_and_machines_share_nothing()
    {
        var (account, contact, html) = await SentAsync(Forwarding);
        var link = Path(html, "s");
        (await GetAsync(link, Person)).Dispose(); // Sooner than anyone reads.
        await product.AdvanceAsync(TimeSpan.FromSeconds(10));
        (await GetAsync(link, "curl/8.5")).Dispose();
        (await account.ActivitiesOfKindAsync(contact, "email.shared")).ShouldBeEmpty();

        using var answer = await GetAsync(link, Person);
        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        var target = answer.Headers.Location!.OriginalString;
        target.ShouldStartWith("https://www.linkedin.com/sharing/share-offsite/?url=https%3A%2F%2Fmail.example.test%2Fv%2F");
        (await account.ActivitiesOfKindAsync(contact, "email.shared")).ShouldHaveSingleItem().GetProperty("network").GetString().ShouldBe("linkedin");

        using var copy = await GetAsync(new Uri(Uri.UnescapeDataString(target[(target.IndexOf('=', StringComparison.Ordinal) + 1)..])).AbsolutePath, Person);
        copy.Headers.GetValues("Content-Security-Policy").Single().ShouldStartWith("sandbox");
        var page = await copy.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        page.ShouldContain("https://shop.example/?a=1&amp;b=2");
        page.ShouldContain("https://www.linkedin.com/sharing/");
        page.ShouldNotContain("Bob");
        page.ShouldNotContain("/u/");
        page.ShouldNotContain("/f/");

        var chooser = System.Text.RegularExpressions.Regex.Matches(html, "https://mail.example.test(/s/[A-Za-z0-9_-]+)")[1].Groups[1].Value;
        using var choice = await GetAsync(chooser, Person);
        System.Text.RegularExpressions.Regex.Count(await choice.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), "href=\"/s/").ShouldBe(7);
    }

    private async Task<(HttpStatusCode Status, string Title)> PostAsync(string path, (string Name, string Value)[] fields)
    {
        using var form = new FormUrlEncodedContent(fields.Select(f => KeyValuePair.Create(f.Name, f.Value)));
        using var answer = await _reader.PostAsync(new Uri(path, UriKind.Relative), form, TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return (answer.StatusCode, System.Text.RegularExpressions.Regex.Match(text, "<h1>(.*?)</h1>").Groups[1].Value);
    }
}
