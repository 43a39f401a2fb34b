using Millrace.Messaging.Tests.Sending;
using Millrace.TestKit;

namespace Millrace.Messaging.Tests.Catcher;

public sealed class CaughtMailTests(Product product) : IClassFixture<Product>
{
    [Fact]
    public async Task Without_a_mail_server_mail_is_caught_and_can_be_looked_at_to_the_last_byte()
    {
        var account = await product.NewAccountAsync();
        await account.PostAsync("sender-domains", new { domain = "sender.example" });
        var contact = await account.AddContactAsync("new@comer.example");
        await account.QueueAsync([contact], Mailing.Content("<p>Hi %FIRSTNAME%</p><script>alert(1)</script>"));
        (await account.DispatchedAsync()).ShouldHaveSingleItem().State.ShouldBe("sent");

        var caught = (await account.GetAsync("caught-mail"))["mails"]!.AsArray().ShouldHaveSingleItem()!;
        caught["subject"]!.GetValue<string>().ShouldBe("Hello Bob");
        caught["to"]!.GetValue<string>().ShouldBe("new@comer.example");
        var mail = await account.GetAsync($"caught-mail/{caught["id"]}");
        mail["text"]!.GetValue<string>().ShouldContain("Hi Bob");
        mail["dkim"]!.AsArray().ShouldHaveSingleItem()!["status"]!.GetValue<string>().ShouldBe("pass");
        mail["headers"]!.AsArray().Select(h => h!["name"]!.GetValue<string>()).ShouldContain("List-Unsubscribe-Post");

        using var html = await account.App.GetAsync(new Uri($"caught-mail/{caught["id"]}/html", UriKind.Relative), TestContext.Current.CancellationToken);
        html.Headers.GetValues("Content-Security-Policy").Single().ShouldStartWith("sandbox");
        var body = await html.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        body.ShouldContain("Hi Bob");
        body.ShouldNotContain("<script");
        using var source = await account.App.GetAsync(new Uri($"caught-mail/{caught["id"]}/source", UriKind.Relative), TestContext.Current.CancellationToken);
        (await source.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldStartWith("DKIM-Signature:");
    }

    [Fact]
    public async Task Caught_mail_is_found_by_words_paged_kept_apart_by_account_and_cleared()
    {
        var (account, other) = (await product.NewAccountAsync(), await product.NewAccountAsync());
        for (var i = 0; i < 3; i++)
        {
            await account.QueueAsync([await account.AddContactAsync($"c{i}@page.example")], runId: i, content: Mailing.Content(subject: $"Letter {i}"), step: $"s{i}");
        }

        await account.DispatchedAsync();

        (await account.GetAsync("caught-mail?search=letter%201"))["mails"]!.AsArray().ShouldHaveSingleItem();
        var first = await account.GetAsync("caught-mail?limit=2");
        first["mails"]!.AsArray().Count.ShouldBe(2);
        (await account.GetAsync($"caught-mail?limit=2&before={first["next"]}"))["mails"]!.AsArray().Count.ShouldBe(1);
        (await other.GetAsync("caught-mail"))["mails"]!.AsArray().ShouldBeEmpty();
        using var foreign = await other.App.GetAsync(new Uri($"caught-mail/{first["mails"]![0]!["id"]}", UriKind.Relative), TestContext.Current.CancellationToken);
        ((int)foreign.StatusCode).ShouldBe(404);

        (await account.App.DeleteAsync(new Uri("caught-mail", UriKind.Relative), TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();
        (await account.GetAsync("caught-mail"))["mails"]!.AsArray().ShouldBeEmpty();
    }
}
