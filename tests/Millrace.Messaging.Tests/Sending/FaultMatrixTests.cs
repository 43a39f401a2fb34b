using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Millrace.Kernel.Data;
using Millrace.Mail.Receiving;
using Millrace.TestKit;

namespace Millrace.Messaging.Tests.Sending;

/// <summary>
/// Every way in which a mail server can err, at each stage, as one table: what becomes of the mail, when it is tried again, what its address is told to have
/// done. One mail per row, all sent at once; what concerns the connection or the account has an account of its own. What comes late has tests of its own
/// (<see cref="LateServerTests"/>): here a server may take as long as a real one, so that a busy machine is no fault.
/// </summary>
public sealed class FaultMatrixTests(MailProduct product) : IClassFixture<MailProduct>
{
    /// <summary>Directive, state, class, kind of bounce (if any), least and most minutes until the next attempt.</summary>
    private static readonly (string Directive, string State, string Class, string? Bounce, double Least, double Most)[] Mails =
    [
        ("plain", "sent", "sent", null, 0, 0), ("multiline", "sent", "sent", null, 0, 0), ("split", "sent", "sent", null, 0, 0), ("tarpit-100", "sent", "sent", null, 0, 0),
        ("idleclose", "sent", "sent", null, 0, 0), ("acceptlate-0.3", "sent", "sent", null, 0, 0),

        // MAIL
        ("m-421-4.3.2", "deferred", "busy", null, 3.9, 6.1), ("m-450", "deferred", "temporary", null, 3.9, 6.1), ("m-451-4.7.0", "deferred", "throttled", null, 30, 37),
        ("m-452-4.3.1", "deferred", "temporary", null, 3.9, 6.1), ("m-550-5.7.1", "deferred", "sender_config", null, 60, 73), ("m-553", "deferred", "sender_config", null, 60, 73),
        ("m-552-5.3.4", "failed", "too_big", "soft", 0, 0), ("m-550-5.7.26", "deferred", "auth_failed", null, 60, 73), ("drop-mail", "deferred", "host_down", null, 3.9, 6.1),
        ("garbage-mail", "deferred", "protocol", null, 3.9, 6.1),

        // RCPT, temporary
        ("r-421-4.3.2", "deferred", "busy", null, 3.9, 6.1), ("r-421-4.7.0", "deferred", "throttled", null, 30, 37), ("r-450", "deferred", "temporary", null, 3.9, 6.1),
        ("r-450-4.7.28", "deferred", "throttled", null, 30, 37), ("r-451-4.7.650", "deferred", "throttled", null, 30, 37), ("r-451-4.7.26", "deferred", "auth_failed", null, 60, 73),
        ("r-451-4.4.1", "deferred", "temporary", null, 3.9, 6.1), ("r-452-4.2.2", "deferred", "mailbox_full", null, 24 * 60 - 1, 24 * 60 + 1),
        ("r-499", "deferred", "temporary", null, 3.9, 6.1),

        // RCPT, permanent
        ("r-500", "failed", "our_bug", "block", 0, 0), ("r-504", "failed", "our_bug", "block", 0, 0), ("r-555", "failed", "our_bug", "block", 0, 0),
        ("r-521", "failed", "other_permanent", "soft", 0, 0), ("r-525", "failed", "inactive", "hard", 0, 0), ("r-550-5.1.1", "failed", "no_user", "hard", 0, 0),
        ("r-550-5.1.2", "failed", "no_user", "hard", 0, 0), ("r-553-5.1.3", "failed", "no_user", "hard", 0, 0), ("r-551-5.1.6", "failed", "no_user", "hard", 0, 0),
        ("r-550-5.1.10", "failed", "bad_domain", "hard", 0, 0), ("r-550-5.2.1", "failed", "inactive", "hard", 0, 0), ("r-550-5.7.13", "failed", "inactive", "hard", 0, 0),
        ("r-550-5.7.17", "failed", "inactive", "hard", 0, 0), ("r-550-5.7.18", "failed", "inactive", "hard", 0, 0), ("r-550-5.4.1", "failed", "maybe_no_user", "soft", 0, 0),
        ("r-550-5.4.4", "deferred", "routing", null, 24 * 60 - 1, 24 * 60 + 1), ("r-550-5.6.0", "failed", "content_form", "block", 0, 0),
        ("r-550-5.7.1", "failed", "blocked", "block", 0, 0), ("r-550-5.7.26", "deferred", "auth_failed", null, 60, 73), ("r-550-5.7.515", "deferred", "auth_failed", null, 60, 73),
        ("r-552-5.2.2", "deferred", "mailbox_full", null, 24 * 60 - 1, 24 * 60 + 1), ("r-552-5.3.4", "failed", "too_big", "soft", 0, 0), ("r-550-5.2.3", "failed", "too_big", "soft", 0, 0),
        ("r-552", "failed", "too_big", "soft", 0, 0), ("r-550", "failed", "other_permanent", "soft", 0, 0), ("r-554", "failed", "other_permanent", "soft", 0, 0),
        ("r-599", "failed", "other_permanent", "soft", 0, 0), ("drop-rcpt", "deferred", "host_down", null, 3.9, 6.1),
        ("garbage", "deferred", "protocol", null, 3.9, 6.1), ("long-8k", "deferred", "protocol", null, 3.9, 6.1),

        // DATA
        ("d-421-4.3.2", "deferred", "busy", null, 3.9, 6.1), ("d-451-4.3.0", "deferred", "temporary", null, 3.9, 6.1), ("d-503-5.5.1", "failed", "our_bug", "block", 0, 0),
        ("d-554-5.7.1", "failed", "blocked", "block", 0, 0), ("d-550-5.1.1", "failed", "no_user", "hard", 0, 0), ("drop-data", "deferred", "host_down", null, 3.9, 6.1),
        ("garbage-data", "deferred", "protocol", null, 3.9, 6.1), ("d-250", "deferred", "protocol", null, 3.9, 6.1),

        // Body and final dot: what got no sensible answer may have been taken.
        ("dot-421-4.4.5", "deferred", "busy", null, 3.9, 6.1), ("dot-450", "deferred", "temporary", null, 3.9, 6.1), ("dot-452-4.2.2", "deferred", "mailbox_full", null, 24 * 60 - 1, 24 * 60 + 1),
        ("dot-421-4.7.28", "deferred", "throttled", null, 30, 37), ("dot-550-5.1.1", "failed", "no_user", "hard", 0, 0), ("dot-550-5.7.1", "failed", "blocked", "block", 0, 0),
        ("dot-552-5.3.4", "failed", "too_big", "soft", 0, 0), ("dot-554-5.6.0", "failed", "content_form", "block", 0, 0), ("dot-554", "failed", "other_permanent", "soft", 0, 0),
        ("drop-body", "ambiguous", "host_down", null, .9, 1.1), ("drop-dot", "ambiguous", "host_down", null, .9, 1.1), ("acceptdrop", "ambiguous", "host_down", null, .9, 1.1),
        ("accept-rst", "ambiguous", "host_down", null, .9, 1.1), ("garbage-dot", "ambiguous", "protocol", null, .9, 1.1), ("long-8k-dot", "ambiguous", "protocol", null, .9, 1.1),
        ("dot-354", "ambiguous", "protocol", null, .9, 1.1),
    ];

    /// <summary>Directives of the whole server, how we speak to it, the class, whether the account's sending is put on hold.</summary>
    private static readonly (string Directives, string Tls, string Class, bool Pauses)[] Servers =
    [
        ("refused", "none", "host_down", false), ("drop-banner", "none", "host_down", false), ("banner-421-4.3.2", "none", "busy", false), ("banner-554-5.7.1", "none", "host_block", false),
        ("garbage-banner", "none", "protocol", false), ("drop-ehlo", "none", "host_down", false),
        ("ehlo-421", "none", "busy", false), ("ehlo-550-5.7.1", "none", "host_block", false), ("long-8k-ehlo", "none", "protocol", false), ("noext", "none", "sent", false),
        ("nostarttls", "start_tls", "tls", false), ("badcert", "start_tls", "tls", false), ("notls-after-starttls", "start_tls", "protocol", false), ("plain", "implicit", "tls", false),
        ("noauth", "none", "account", true), ("m-530-5.7.0", "none", "account", true), ("r-454-4.7.0", "none", "account", true), ("r-535-5.7.8", "none", "account", true),
        ("m-534", "none", "account", true), ("m-538", "none", "account", true),
    ];

    [Fact]
    public async Task What_is_said_of_one_mail_decides_over_that_mail()
    {
        var account = await product.NewAccountAsync();
        var byContact = new Dictionary<long, int>();
        for (var i = 0; i < Mails.Length; i++)
        {
            byContact[await account.AddContactAsync($"{Mails[i].Directive}+{i}@d{i}.matrix.example")] = i;
        }

        // Who refuses the sender refuses it for all mail: each of these has a sender of its own.
        foreach (var (contact, i) in byContact.Where(c => Mails[c.Value].Class == "sender_config"))
        {
            await account.QueueAsync([contact], Mailing.Content() with { FromAddress = $"ann@sender{i}.example" }, step: $"own{i}");
        }

        await account.QueueAsync([.. byContact.Where(c => Mails[c.Value].Class != "sender_config").Select(c => c.Key)]);
        var sends = await account.DispatchedAsync(60);
        var bounces = (await ListAsync<BounceRow>(account, Sql.Of($"select contact_id, kind, class from messaging.bounce where account_id = {account.Id}"))).ToDictionary(b => b.ContactId);
        var marked = await ListAsync<long>(account, Sql.Of($"select id from contacts.contact where account_id = {account.Id} and bounced_at is not null"));

        var wrong = new List<string>();
        foreach (var send in sends)
        {
            var (directive, state, @class, bounce, least, most) = Mails[byContact[send.ContactId]];
            var wait = (send.NextAt - product.Now)?.TotalMinutes;
            var told = bounces.GetValueOrDefault(send.ContactId)?.Kind;
            if ((send.State, send.Reason, told) != (state, @class, bounce) || send.Attempts != 1 || marked.Contains(send.ContactId) != (bounce == "hard")
                || (wait is null) != (most == 0) || (wait is { } minutes && (minutes < (least * .8) - .5 || minutes > most)))
            {
                wrong.Add($"{directive}: {send.State} {send.Reason} bounce {told} attempts {send.Attempts} next in {wait:0.0} min");
            }
        }

        wrong.ShouldBeEmpty();
        sends.Count.ShouldBe(Mails.Length);

        // The conversation of each is kept.
        var refused = sends.Single(s => Mails[byContact[s.ContactId]].Directive == "r-550-5.1.1");
        var attempt = (await account.GetAsync($"sends/{refused.Id}"))["attempts"]!.AsArray().ShouldHaveSingleItem()!;
        attempt["dialogue"]!.GetValue<string>().ShouldContain("< 550 5.1.1 as asked");
        attempt["dialogue"]!.GetValue<string>().ShouldContain("> MAIL FROM:<");
        var taken = sends.Single(s => Mails[byContact[s.ContactId]].Directive == "plain");
        var done = (await account.GetAsync($"sends/{taken.Id}"))["attempts"]!.AsArray().ShouldHaveSingleItem()!;
        (done["stage"]!.GetValue<string>(), done["dialogue"]!.GetValue<string>().Contains("> [message, ", StringComparison.Ordinal)).ShouldBe(("done", true));
        (await account.GetAsync($"sends?search={refused.SentTo!.Replace("+", "%2B", StringComparison.Ordinal)}"))["sends"]!.AsArray().ShouldHaveSingleItem();
        (await account.GetAsync("sends?search=d3.matrix"))["sends"]!.AsArray().ShouldHaveSingleItem();
        (await account.GetAsync($"sends?until={product.Now.AddHours(-1):yyyy-MM-ddTHH:mm:ssZ}"))["sends"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_wrong_with_a_server_or_an_account_holds_up_all_its_mail_and_counts_against_nobody()
    {
        using var certificate = Certificate();
        var rows = await Task.WhenAll(Servers.Select(async row =>
        {
            var options = row.Tls == "none" ? new SmtpReceiverOptions() : new SmtpReceiverOptions { Certificate = certificate };
            await using var sink = FaultSink.Start(options);
            sink.Directives = row.Directives;
            var account = await product.NewAccountAsync();
            var port = row.Directives == "refused" ? 9 : sink.Port; // nobody listens there
            var user = row.Directives == "noauth" ? "user" : null;
            await account.PutAsync("sending/smtp", new { host = "127.0.0.1", port, tls = row.Tls, user_name = user, password = user });
            await account.QueueAsync([await account.AddContactAsync("plain@server.example")]);
            var send = (await account.DispatchedAsync(60)).ShouldHaveSingleItem();
            var pause = (await account.GetAsync("sending"))["pause"];
            var bounced = await ListAsync<long>(account, Sql.Of($"select count(*) from messaging.bounce where account_id = {account.Id}"));
            var right = send.State == (row.Class == "sent" ? "sent" : "deferred") && send.Reason == row.Class && (pause is not null) == row.Pauses && bounced[0] == 0
                && send.Attempts == (row.Pauses ? 0 : 1) && sink.Count == (row.Class == "sent" ? 1 : 0);
            return right ? null : $"{row.Directives}/{row.Tls}: {send.State} {send.Reason} attempts {send.Attempts} paused {pause is not null} taken {sink.Count}";
        }));

        rows.OfType<string>().ShouldBeEmpty();
    }

    [Fact]
    public async Task Too_many_recipients_is_tried_again_at_once_but_not_for_ever()
    {
        var account = await product.NewAccountAsync();
        await account.QueueAsync([await account.AddContactAsync("r-452-4.5.3+many@many.example")]);

        await Product.EventuallyAsync(async () => (await account.SendsAsync())[0] is { State: "deferred", Attempts: 5 } s && s.NextAt > product.Now.AddMinutes(3), "five attempts, then the schedule");
        (await account.SendsAsync())[0].Reason.ShouldBe("session_limit");
    }

    /// <summary>At DATA for the signature (one domain), at MAIL for the sender (all domains); who is refused, and who is not touched by it.</summary>
    [Theory]
    [InlineData("r-550-5.7.26", "auth_failed", "many@strict.example", "free@lenient.example")]
    [InlineData("m-550-5.7.1", "sender_config", "many@lenient.example", null)]
    public async Task A_refusal_of_the_sender_holds_up_all_its_mail_until_one_probe_passes(string directive, string reason, string held, string? free)
    {
        await using var sink = FaultSink.Start();
        var account = await product.NewAccountAsync();
        await account.PutAsync("sending/smtp", new { host = "127.0.0.1", port = sink.Port, tls = "none" });
        await account.QueueAsync([await account.AddContactAsync($"{directive}@strict.example")]);
        await account.DispatchedAsync();

        var (name, domain) = (held.Split('@')[0], held.Split('@')[1]);
        var waiting = new List<long>();
        for (var i = 0; i < 20; i++)
        {
            waiting.Add(await account.AddContactAsync($"{name}{i}@{domain}"));
        }

        await account.QueueAsync(waiting, step: "later");
        await account.DispatchedAsync();
        (await account.SendsAsync()).Where(s => waiting.Contains(s.ContactId)).ShouldAllBe(s => s.State == "deferred" && s.Reason == "sender_held" && s.Attempts == 0);
        sink.Count.ShouldBe(0);
        var shown = await account.GetAsync("deliverability");
        var hold = shown["holds"]!.AsArray().ShouldHaveSingleItem()!;
        (hold["sender_domain"]!.GetValue<string>(), hold["to_domain"]!.GetValue<string>(), hold["reason"]!.GetValue<string>())
            .ShouldBe(("sender.example", reason == "auth_failed" ? "strict.example" : "", reason));
        hold["reply"]!.GetValue<string>().ShouldStartWith("550 5.7.");
        shown["warnings"]!.AsArray().ShouldContain(w => w!["code"]!.GetValue<string>() == "sender_held" && w["severity"]!.GetValue<string>() == "error");
        if (free is not null)
        {
            await account.QueueAsync([await account.AddContactAsync(free)], step: "elsewhere");
            await account.DispatchedAsync();
            sink.Count.ShouldBe(1, "another domain takes it as ever");
        }

        // Still refused: one mail finds out, the others wait on.
        sink.Directives = directive;
        await product.AdvanceAsync(TimeSpan.FromMinutes(6));
        await Product.EventuallyAsync(async () => (await account.SendsAsync()).Count(s => s.Attempts > 0 && waiting.Contains(s.ContactId)) == 1, "one mail probes");
        await account.DispatchedAsync();
        (await account.SendsAsync()).Count(s => waiting.Contains(s.ContactId) && s.Attempts == 0 && s.State == "deferred").ShouldBe(19);

        // Mended: the next probe passes and takes all others with it, at once.
        sink.Directives = "";
        await product.AdvanceAsync(TimeSpan.FromMinutes(16));
        await Product.EventuallyAsync(async () => (await account.SendsAsync()).Count(s => waiting.Contains(s.ContactId) && s.State == "sent") >= 19, "what waited has gone");
        (await account.GetAsync("deliverability"))["holds"]!.AsArray().ShouldBeEmpty();
        (await account.SendsAsync()).Where(s => s.State == "sent").ShouldAllBe(s => s.Attempts == 1);
    }

    private static async Task<List<T>> ListAsync<T>(TestAccount account, Sql question)
    {
        await using var work = await account.BeginAsync();
        return await question.ListAsync<T>(work, CancellationToken.None);
    }

    private static X509Certificate2 Certificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(200));
    }

    private sealed record BounceRow(long ContactId, string Kind, string Class);
}
