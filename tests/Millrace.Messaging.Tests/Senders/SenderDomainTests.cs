using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Millrace.Messaging.Links;
using Millrace.Messaging.Tests.Sending;
using Millrace.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace Millrace.Messaging.Tests.Senders;

/// <summary>A mail server, and a name server beside it.</summary>
public class DomainProduct : MailProduct
{
    public DnsServer Dns { get; } = DnsServer.Start();

    protected override IEnumerable<KeyValuePair<string, string?>> Settings =>
    [
        .. base.Settings,
        new("Millrace:Dns:Servers", FormattableString.Invariant($"127.0.0.1:{Dns.Port}")),
        new("Millrace:Dns:Patience", "0.3"),
        new("Millrace:Sending:SpfTerm", "include:spf.server.example"),
    ];

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Dns.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}

public sealed class SenderDomainTests(DomainProduct product) : IClassFixture<DomainProduct>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_domain_is_pending_until_its_key_is_found_and_says_what_is_wrong_with_each_record()
    {
        var account = await product.NewAccountAsync();
        var domain = await account.PostAsync("sender-domains", new { domain = "Wrong.example" });
        domain["state"]!.GetValue<string>().ShouldBe("pending");
        var (id, dkim) = (domain["id"]!.GetValue<long>(), Record(domain, "dkim"));
        product.Dns.With("wrong.example", "TXT", "unrelated", "v=spf1 include:other.example -all").With("other.example", "TXT", "v=spf1 ip4:192.0.2.1 -all")
            .With(dkim["host"]!.GetValue<string>(), "TXT", "v=DKIM1; k=rsa; p=AAAA");

        // The pass that the new domain has woken may have looked before the records were there.
        var checkedNow = await FoundAsync(account, id, d => Record(d, "dkim")["state"]!.GetValue<string>() == "wrong");

        checkedNow["state"]!.GetValue<string>().ShouldBe("failed");
        checkedNow["checked_at"].ShouldNotBeNull();
        Record(checkedNow, "dkim")["state"]!.GetValue<string>().ShouldBe("wrong");
        Record(checkedNow, "dkim")["found"]![0]!.GetValue<string>().ShouldBe("v=DKIM1; k=rsa; p=AAAA");
        Record(checkedNow, "dmarc")["state"]!.GetValue<string>().ShouldBe("missing");
        Record(checkedNow, "spf")["state"]!.GetValue<string>().ShouldBe("wrong");
        Record(checkedNow, "spf")["value"]!.GetValue<string>().ShouldBe("v=spf1 include:spf.server.example include:other.example -all");

        // Two strings in quotes is how most providers store a long key; it comes out as one.
        product.Dns.With(dkim["host"]!.GetValue<string>(), "TXT", dkim["value"]!.GetValue<string>()).With("_dmarc.wrong.example", "TXT", "v=DMARC1; p=reject")
            .With("other.example", "TXT", "v=spf1 include:spf.server.example -all");
        await product.AdvanceAsync(TimeSpan.FromMinutes(16));
        await Product.EventuallyAsync(async () => (await ListAsync(account))["state"]!.GetValue<string>() == "verified", "the background pass has found the key", 60);

        var verified = await ListAsync(account);
        verified["records"]!.AsArray().Select(r => r!["state"]!.GetValue<string>()).Distinct().ShouldBe(["ok"]);
    }

    [Fact]
    public async Task A_verified_domain_outlives_silence_and_two_misses_but_not_three()
    {
        var account = await product.NewAccountAsync();
        var (id, host) = await VerifiedAsync(account, "gone.example");

        product.Dns.Silent(host);
        Record(await CheckAsync(account, id), "dkim")["state"]!.GetValue<string>().ShouldBe("unknown");
        (await ListAsync(account))["state"]!.GetValue<string>().ShouldBe("verified");
        product.Dns.Silent(host, false).Without(host, "TXT");
        var states = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            states.Add((await CheckAsync(account, id))["state"]!.GetValue<string>());
        }

        states.ShouldBe(["verified", "verified", "failed"]);
    }

    [Fact]
    public async Task The_domain_added_twice_by_the_provider_is_recognised()
    {
        var account = await product.NewAccountAsync();
        var domain = await account.PostAsync("sender-domains", new { domain = "twice.example" });
        product.Dns.With(Record(domain, "dkim")["host"]!.GetValue<string>() + ".twice.example", "TXT", "v=DKIM1; p=x");

        await FoundAsync(account, domain["id"]!.GetValue<long>(), d => Record(d, "dkim")["message"]!.GetValue<string>().Contains("added the domain once more", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Bounces_go_to_the_return_path_once_it_leads_here_and_the_address_names_the_mail()
    {
        var account = await product.NewAccountAsync();
        var (id, _) = await VerifiedAsync(account, "paths.example");
        using var refused = await account.App.PutAsJsonAsync($"sender-domains/{id}/return-path", new { return_path = "bounce.other.example" }, Token);
        ((int)refused.StatusCode).ShouldBe(422);
        var set = await account.PutAsync($"sender-domains/{id}/return-path", new { return_path = "Bounce.paths.example" });
        Record(set, "return_path")["value"]!.GetValue<string>().ShouldBe("10 mail.example.test");
        Record(set, "spf")["host"]!.GetValue<string>().ShouldBe("bounce.paths.example");
        var content = Mailing.Content() with { FromAddress = "ann@news.paths.example" };

        await account.QueueAsync([await account.AddContactAsync("before@verp.example")], content);
        await account.DispatchedAsync();
        From("before@verp.example").ShouldBe("ann@news.paths.example");

        product.Dns.With("bounce.paths.example", "MX", "10 mail.example.test");
        Record(await CheckAsync(account, id), "return_path")["state"]!.GetValue<string>().ShouldBe("ok");
        await account.QueueAsync([await account.AddContactAsync("after@verp.example")], content, runId: 2);
        var send = (await account.DispatchedAsync()).Single(s => s.SentTo == "after@verp.example");
        var envelope = From("after@verp.example");
        envelope.ShouldEndWith("@bounce.paths.example");
        BounceAddress.TryRead(envelope.ToUpperInvariant(), product.Services.GetRequiredService<TokenKeys>(), out var ofAccount, out var ofSend).ShouldBeTrue();
        (ofAccount, ofSend).ShouldBe((account.Id, send.Id));
    }

    [Fact]
    public async Task Senders_of_unverified_domains_are_warned_about_or_refused_as_the_account_says()
    {
        var account = await product.NewAccountAsync();
        var contact = await account.AddContactAsync("held@policy.example");
        var made = await account.PostAsync("automations/import", JsonNode.Parse("""
            { "name": "Mail", "create": true, "steps": [
              { "id": "hello", "type": "email.send", "subject": "Hi", "html": "<p>Hi</p>", "from": { "name": "Ann", "address": "ann@policy.example" } } ] }
            """)!);
        var automation = long.Parse(made["id"]!.ToString(), System.Globalization.CultureInfo.InvariantCulture);
        (await ProblemAsync(account, automation)).ShouldBe(("warning", "/steps/0/from/address"));

        await account.PutAsync("sender-policy", new { refuse_unverified = true });
        (await ProblemAsync(account, automation)).ShouldBe(("error", "/steps/0/from/address"));
        using var publish = await account.App.PostAsJsonAsync($"automations/{automation}/publish", new { }, Token);
        ((int)publish.StatusCode).ShouldBe(422);
        (await publish.Content.ReadAsStringAsync(Token)).ShouldContain("sender_not_verified");
        var content = Mailing.Content() with { FromAddress = "ann@policy.example" };
        await account.QueueAsync([contact], content);
        var held = (await account.DispatchedAsync()).ShouldHaveSingleItem();
        (held.State, held.Reason).ShouldBe(("deferred", "sender_not_verified"));

        var (id, _) = await VerifiedAsync(account, "policy.example");
        await Product.EventuallyAsync(async () => (await account.SendsAsync())[0].State == "sent", "what was held goes out once the domain is verified");
        (await account.PostAsync($"automations/{automation}/check", new { }))["problems"]!.AsArray()
            .ShouldNotContain(p => p!["code"]!.GetValue<string>() == "sender_not_verified");
        id.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task A_new_key_is_published_first_signs_once_it_is_seen_and_the_old_one_stays_a_week()
    {
        var account = await product.NewAccountAsync();
        var (id, oldHost) = await VerifiedAsync(account, "rotate.example");
        var content = Mailing.Content() with { FromAddress = "ann@rotate.example" };
        var rotating = await account.PostAsync($"sender-domains/{id}/keys", new { });
        rotating["is_rotating"]!.GetValue<bool>().ShouldBeTrue();
        var next = Record(rotating, "dkim_next");
        next["host"]!.GetValue<string>().ShouldNotBe(oldHost);
        using var twice = await account.App.PostAsJsonAsync($"sender-domains/{id}/keys", new { }, Token);
        ((int)twice.StatusCode).ShouldBe(409);

        Record(await CheckAsync(account, id), "dkim_next")["state"]!.GetValue<string>().ShouldBe("missing");
        await account.QueueAsync([await account.AddContactAsync("before@rotation.example")], content);
        await account.DispatchedAsync();
        SelectorOf("before@rotation.example").ShouldBe(oldHost.Split('.')[0]);

        product.Dns.With(next["host"]!.GetValue<string>(), "TXT", next["value"]!.GetValue<string>());
        var turned = await FoundAsync(account, id, d => d["records"]!.AsArray().Any(r => r!["purpose"]!.GetValue<string>() == "dkim_old"));
        (turned["is_rotating"]!.GetValue<bool>(), turned["state"]!.GetValue<string>()).ShouldBe((false, "verified"));
        Record(turned, "dkim")["host"]!.GetValue<string>().ShouldBe(next["host"]!.GetValue<string>());
        Record(turned, "dkim_old")["host"]!.GetValue<string>().ShouldBe(oldHost);
        await account.QueueAsync([await account.AddContactAsync("after@rotation.example")], content, runId: 2);
        await account.DispatchedAsync();
        SelectorOf("after@rotation.example").ShouldBe(next["host"]!.GetValue<string>().Split('.')[0]);

        await product.AdvanceAsync(TimeSpan.FromDays(7.1));
        await account.LogInAgainAsync();
        await FoundAsync(account, id, d => d["old_key_until"] is null);
    }

    [Fact]
    public async Task Links_bear_the_domains_own_name_once_it_leads_here()
    {
        var account = await product.NewAccountAsync();
        var (id, _) = await VerifiedAsync(account, "links.example");
        using var refused = await account.App.PutAsJsonAsync($"sender-domains/{id}/tracking", new { tracking_host = "click.other.example" }, Token);
        ((int)refused.StatusCode).ShouldBe(422);
        var set = await account.PutAsync($"sender-domains/{id}/tracking", new { tracking_host = "Click.links.example" });
        (Record(set, "tracking")["type"]!.GetValue<string>(), Record(set, "tracking")["value"]!.GetValue<string>()).ShouldBe(("CNAME", "mail.example.test"));
        var content = Mailing.Content("<p><a href=\"https://shop.example/\">Go</a></p>") with { FromAddress = "ann@links.example" };
        await account.QueueAsync([await account.AddContactAsync("early@tracked.example")], content);
        await account.DispatchedAsync();
        product.Mail("early@tracked.example").HtmlBody.ShouldNotBeNull().ShouldContain("https://mail.example.test/c/");

        product.Dns.With("click.links.example", "CNAME", "mail.example.test");
        await FoundAsync(account, id, d => Record(d, "tracking")["state"]!.GetValue<string>() == "ok");
        await account.QueueAsync([await account.AddContactAsync("late@tracked.example")], content, runId: 2);
        await account.DispatchedAsync();
        var mail = product.Mail("late@tracked.example");
        mail.HtmlBody.ShouldNotBeNull().ShouldContain("https://click.links.example/c/");
        mail.HtmlBody.ShouldNotBeNull().ShouldContain("https://click.links.example/o/");
        mail.Root.Header("List-Unsubscribe")!.ShouldStartWith("<https://click.links.example/u/");
    }

    private string SelectorOf(string to) =>
        Millrace.Mail.Dkim.DkimTags.Read(product.Mail(to).Root.Header("DKIM-Signature")!)["s"];

    private static async Task<(string Severity, string Path)> ProblemAsync(TestAccount account, long automation)
    {
        var problem = (await account.PostAsync($"automations/{automation}/check", new { }))["problems"]!.AsArray()
            .Single(p => p!["code"]!.GetValue<string>() == "sender_not_verified")!;
        return (problem["severity"]!.GetValue<string>(), problem["path"]!.GetValue<string>());
    }

    private async Task<(long Id, string Host)> VerifiedAsync(TestAccount account, string domain)
    {
        var made = await account.PostAsync("sender-domains", new { domain });
        var (id, dkim) = (made["id"]!.GetValue<long>(), Record(made, "dkim"));
        product.Dns.With(dkim["host"]!.GetValue<string>(), "TXT", dkim["value"]!.GetValue<string>());
        await FoundAsync(account, id, d => d["state"]!.GetValue<string>() == "verified");
        return (id, dkim["host"]!.GetValue<string>());
    }

    private async Task<JsonNode> FoundAsync(TestAccount account, long id, Func<JsonNode, bool> isIt)
    {
        JsonNode found = new JsonObject();
        await Product.EventuallyAsync(async () => isIt(found = await CheckAsync(account, id)), "the check finds what the name server says");
        return found;
    }

    private async Task<JsonNode> CheckAsync(TestAccount account, long id)
    {
        await product.AdvanceAsync(TimeSpan.FromSeconds(3)); // what was asked a moment ago is not asked again
        return await account.PostAsync($"sender-domains/{id}/check", new { });
    }

    private static async Task<JsonNode> ListAsync(TestAccount account) => (await account.GetAsync("sender-domains"))["domains"]![0]!;

    private static JsonNode Record(JsonNode domain, string purpose) => domain["records"]!.AsArray().Single(r => r!["purpose"]!.GetValue<string>() == purpose)!;

    private string From(string to) => product.Sink.Messages.Single(m => m.To.Contains(to)).From;
}
