using System.Net.Http.Json;
using Millrace.Kernel.Data;
using Millrace.Messaging.Tests.Sending;

namespace Millrace.Messaging.Tests.Messages;

public sealed class SendTestTests(MailProduct product) : IClassFixture<MailProduct>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Content_goes_as_a_test_to_given_addresses_merged_for_a_contact_and_counts_nowhere()
    {
        var account = await product.NewAccountAsync();
        var contact = await account.AddContactAsync("zoe@test.example", "Zoe");

        var queued = await account.PostAsync("messages/test", new { message = Letter(), to = new[] { "team@try.example", " boss@try.example" }, contact_id = contact });

        queued["queued"]!.GetValue<int>().ShouldBe(2);
        await account.DispatchedAsync();
        var mail = product.Mail("boss@try.example");
        mail.Subject.ShouldBe("[Test] Hello Zoe");
        mail.HtmlBody.ShouldNotBeNull().ShouldContain("https://shop.example/");
        product.Sink.Messages.ShouldNotContain(m => m.To.Contains("zoe@test.example"));
        (await account.ActivitiesOfKindAsync(contact, "email.sent")).ShouldBeEmpty();
        (await account.GetAsync("messages"))["messages"]!.AsArray().ShouldBeEmpty();
        var log = await account.GetAsync("sends");
        log["sends"]!.AsArray().Select(s => s!["source"]!.GetValue<string>()).Distinct().ShouldBe(["test"]);

        // Whoever tries out the unsubscribe link of a test does not unsubscribe the contact.
        var link = mail.Root.Header("List-Unsubscribe")!.Trim('<', '>');
        using var web = new HttpClient();
        using var answer = await web.PostAsync(new Uri(product.Address, new Uri(link).PathAndQuery), new FormUrlEncodedContent([new("List-Unsubscribe", "One-Click")]), Token);
        answer.EnsureSuccessStatusCode();
        (await account.QueueAsync([contact])).ShouldBe([null]);
    }

    [Fact]
    public async Task The_unsubscribe_page_of_a_test_says_that_it_was_one()
    {
        var account = await product.NewAccountAsync();
        var contact = await account.AddContactAsync("tess@test.example", "Tess");
        await account.PostAsync("messages/test", new { message = Letter(), to = new[] { "tester@try.example" }, contact_id = contact });
        await account.DispatchedAsync();
        var link = new Uri(product.Address, new Uri(product.Mail("tester@try.example").Root.Header("List-Unsubscribe")!.Trim('<', '>')).PathAndQuery);

        using var web = new HttpClient();
        (await web.GetStringAsync(link, Token)).ShouldContain("This link came in a test mail");
        using var answer = await web.PostAsync(link, new FormUrlEncodedContent([new("scope", "all"), new("reason", "none")]), Token);
        var page = await answer.Content.ReadAsStringAsync(Token);

        answer.EnsureSuccessStatusCode();
        page.ShouldContain("This was a test");
        page.ShouldNotContain("You are unsubscribed");
        (await account.ActivitiesOfKindAsync(contact, "email.unsubscribed")).ShouldBeEmpty();
        (await account.QueueAsync([contact])).ShouldBe([null]);
    }

    [Fact]
    public async Task Without_addresses_it_goes_to_oneself()
    {
        var account = await product.NewAccountAsync();

        await account.PostAsync("messages/test", new { message = Letter() });
        await account.DispatchedAsync();

        product.Mail(account.Email).Subject.ShouldBe("[Test] Hello there");
    }

    [Fact]
    public async Task What_cannot_be_sent_is_named_and_nothing_is_queued()
    {
        var account = await product.NewAccountAsync();
        await using (var work = await account.BeginAsync())
        {
            await Sql.Of($"""
                insert into messaging.suppression (account_id, address, reason, rank, suppressed_at) values ({account.Id}, 'dead@try.example', 'hard', 3, {product.Now})
                """).ExecuteAsync(work, CancellationToken.None);
            await work.CommitAsync(CancellationToken.None);
        }

        foreach (var (body, path) in new (object, string)[]
        {
            (new { message = Letter(), to = new[] { "a@b.example", "nobody" } }, "/to/1"),
            (new { message = Letter(), to = Array.Empty<string>() }, "/to"),
            (new { message = Letter(), to = new[] { "Dead@try.example" } }, "/to/0"),
            (new { message = Letter(), contact_id = 987654 }, "/contact_id"),
            (new { message = new { name = "x", subject = "", html = "<p>x</p>" } }, "/message/subject"),
        })
        {
            using var refused = await account.App.PostAsJsonAsync("messages/test", body, Token);
            ((int)refused.StatusCode).ShouldBe(422);
            (await refused.Content.ReadAsStringAsync(Token)).ShouldContain($"\"{path}\"");
        }

        (await account.SendsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task After_sixty_in_an_hour_it_says_when_to_come_back()
    {
        var account = await product.NewAccountAsync();
        var to = Enumerable.Range(0, 10).Select(i => $"t{i}@many.example").ToArray();
        for (var i = 0; i < 6; i++)
        {
            await account.PostAsync("messages/test", new { message = Letter(), to });
        }

        using var refused = await account.App.PostAsJsonAsync("messages/test", new { message = Letter() }, Token);
        ((int)refused.StatusCode).ShouldBe(429);
        refused.Headers.RetryAfter!.Delta!.Value.TotalMinutes.ShouldBeInRange(0, 60);
        await product.AdvanceAsync(TimeSpan.FromHours(1));
        await account.PostAsync("messages/test", new { message = Letter() });
    }

    [Fact]
    public async Task The_mail_server_is_tried_out_with_a_mail_when_an_address_is_given()
    {
        var account = await product.NewAccountAsync();
        var server = new { host = "127.0.0.1", port = product.Sink.Port, tls = "none", to = "smtp@try.example" };

        var result = await account.PostAsync("sending/smtp/test", server);

        (result["ok"]!.GetValue<bool>(), result["sent_to"]!.GetValue<string>()).ShouldBe((true, "smtp@try.example"));
        product.Mail("smtp@try.example").Subject.ShouldBe("Test of your mail server");
        (await account.SendsAsync()).ShouldBeEmpty();
        (await account.PostAsync("sending/smtp/test", server with { to = "r-550+no@try.example" }))["ok"]!.GetValue<bool>().ShouldBeFalse();
        (await account.PostAsync("sending/smtp/test", server with { to = "" }))["sent_to"].ShouldBeNull();
    }

    [Fact]
    public async Task Two_who_edit_the_same_mail_do_not_overwrite_each_other_unseen()
    {
        var account = await product.NewAccountAsync();
        var made = await account.PostAsync("messages", Letter());
        using var mine = new HttpRequestMessage(HttpMethod.Put, $"messages/{made["id"]}") { Content = JsonContent.Create(Letter()), Headers = { { "If-Match", "\"1\"" } } };
        using var saved = await account.App.SendAsync(mine, Token);
        saved.EnsureSuccessStatusCode();
        using var theirs = new HttpRequestMessage(HttpMethod.Put, $"messages/{made["id"]}") { Content = JsonContent.Create(Letter()), Headers = { { "If-Match", "\"1\"" } } };
        using var refused = await account.App.SendAsync(theirs, Token);

        ((int)refused.StatusCode).ShouldBe(412);
        (await account.GetAsync($"messages/{made["id"]}"))["revision"]!.GetValue<int>().ShouldBe(2);
    }

    private static object Letter() => new
    {
        name = "Letter",
        subject = "Hello %FIRSTNAME|there%",
        html = "<p>Hi <a href=\"https://shop.example/\">shop</a></p>",
        from_address = "ann@sender.example",
    };
}
