using Microsoft.Extensions.DependencyInjection;
using Millrace.Kernel.Data;
using Millrace.Mail.Mime;
using Millrace.Messaging.Inbound;
using Millrace.Messaging.Links;
using Millrace.Messaging.Tests.Sending;
using Millrace.Messaging.Tests.Transactional;
using Millrace.TestKit;

namespace Millrace.Messaging.Tests.Inbound;

public sealed partial class InboundTests(InboundProduct product) : IClassFixture<InboundProduct>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_hard_bounce_told_later_makes_the_address_unusable_and_is_counted_once()
    {
        var (account, contact, send) = await SentAsync("later@hard.example");
        var dsn = InboundMails.Dsn("5.1.1", "550 5.1.1 <later@hard.example>: Recipient address rejected: User unknown");

        (await product.ReceiveAsync(product.AddressFor(account, send).ToUpperInvariant(), dsn)).Accepted.ShouldBeTrue();
        (await product.ReceiveAsync(product.AddressFor(account, send), dsn)).Accepted.ShouldBeTrue();

        (await account.WorkedOnAsync(2)).ShouldAllBe(r => r.Kind == "bounce" && r.Reason == "no_user" && r.ContactId == contact);
        var bounce = (await account.ActivitiesOfKindAsync(contact, "email.bounced")).ShouldHaveSingleItem();
        (bounce.GetProperty("hard").GetBoolean(), bounce.GetProperty("type").GetString(), bounce.GetProperty("code").GetInt32()).ShouldBe((true, "hard", 550));
        (await account.QueueAsync([contact], runId: 2)).ShouldBe(["bounced"]);
        (await account.AskAsync<long>(Sql.Of($"select count(*) from messaging.bounce where account_id = {account.Id}"))).ShouldBe(1);
        var listed = (await account.GetAsync("inbound-mail?kind=bounce"))["mails"]!.AsArray();
        listed.Count.ShouldBe(2);
        (await account.GetAsync($"inbound-mail/{listed[0]!["id"]}"))["text"]!.GetValue<string>().ShouldContain("sorry");
    }

    [Fact]
    public async Task Three_soft_bounces_of_three_campaigns_in_a_row_stop_an_address_and_a_delivered_mail_between_starts_anew()
    {
        var account = await product.NewAccountAsync();
        var contact = await account.AddContactAsync("full@soft.example");
        var soft = InboundMails.Dsn("4.2.2", "452 4.2.2 Mailbox full");
        var (mails, run) = (0, 100);
        // Twice the same campaign is one; the fourth is delivered, so it takes three more.
        foreach (var (step, isBounced) in new[] { ("one", true), ("one", true), ("two", true), ("three", false), ("four", true), ("five", true) })
        {
            var send = await NextAsync(account, contact, step, ++run);
            mails += isBounced ? 1 : 0;
            if (isBounced)
            {
                await product.ReceiveAsync(product.AddressFor(account, send), soft);
                await account.WorkedOnAsync(mails);
            }
        }

        (await account.AskAsync<bool>(Sql.Of($"select bounced_at is null from contacts.contact where account_id = {account.Id} and id = {contact}"))).ShouldBeTrue();
        await product.ReceiveAsync(product.AddressFor(account, await NextAsync(account, contact, "six", 900)), soft);
        await account.WorkedOnAsync(mails + 1);

        (await account.AskAsync<bool>(Sql.Of($"select bounced_at is not null from contacts.contact where account_id = {account.Id} and id = {contact}"))).ShouldBeTrue();
        (await account.QueueAsync([contact], runId: 99, step: "seven")).ShouldBe(["bounced"]);
        (await account.ActivitiesOfKindAsync(contact, "email.bounced")).ShouldAllBe(a => a.GetProperty("type").GetString() == "soft");

        await product.AdvanceAsync(TimeSpan.FromDays(91));
        await product.Services.GetRequiredService<ForgetInbound>().RunOnceAsync(Token);
        (await account.QueueAsync([contact], runId: 100, step: "seven")).ShouldBe([null]);
    }

    [Fact]
    public async Task Blocks_delays_and_absence_notes_change_nothing()
    {
        var account = await product.NewAccountAsync();
        var contact = await account.AddContactAsync("good@blocked.example");
        string[] mails =
        [
            InboundMails.Dsn("5.7.1", "554 5.7.1 Service unavailable; client host blocked using zen.spamhaus.org"), InboundMails.Dsn("5.7.26", "550 5.7.26 DMARC policy"),
            InboundMails.Dsn("5.7.0", "550 5.7.0 Message considered spam"), InboundMails.Dsn("4.4.1", "connect timed out", "delayed"),
            "From: Bob <good@blocked.example>\nAuto-Submitted: auto-replied\nSubject: Out of office\n\nBack on Monday\n",
        ];
        for (var i = 0; i < mails.Length; i++)
        {
            await product.ReceiveAsync(product.AddressFor(account, await NextAsync(account, contact, $"step{i}", i + 1)), mails[i]);
        }

        var rows = await account.WorkedOnAsync(mails.Length);

        rows.Select(r => r.Kind).ShouldBe(["bounce", "bounce", "bounce", "delay", "auto_reply"]);
        rows.Take(3).Select(r => r.Reason).ShouldBe(["blocked", "auth_failed", "blocked"]);
        (await account.ActivitiesOfKindAsync(contact, "email.bounced")).Select(a => a.GetProperty("type").GetString()).ShouldBe(["block", "block", "block"]);
        (await account.QueueAsync([contact], runId: 99, step: "after")).ShouldBe([null]);
    }

    [Fact]
    public async Task A_forged_bounce_is_kept_unmatched_and_stops_nobody()
    {
        // Abuse input 140.
        var account = await product.NewAccountAsync();
        var contact = await account.AddContactAsync("victim@forged.example");
        var send = await NextAsync(account, contact, "hello", 1);
        var path = await ReturnPathAsync(account, "forged.example");
        var real = TokenAddress.Write(TokenPurpose.Bounce, path, account.Id, send, product.Services.GetRequiredService<TokenKeys>());
        var forged = real[..5] + (real[5] == 'a' ? 'b' : 'a') + real[6..];
        var dsn = InboundMails.Dsn("5.1.1", "550 5.1.1 User unknown", recipient: "victim@forged.example");

        (await product.ReceiveAsync(forged, dsn)).Accepted.ShouldBeTrue();
        (await product.ReceiveAsync("postmaster@" + path, dsn)).Accepted.ShouldBeTrue();
        (await product.ReceiveAsync("ann@" + path, dsn)).Reply!.Code.ShouldBe(550);
        (await product.ReceiveAsync(forged.Replace(path, "mail.example.test", StringComparison.Ordinal), dsn)).Reply!.Code.ShouldBe(550);
        (await product.ReceiveAsync("b+aaaa@stranger.example", dsn)).Reply!.Code.ShouldBe(550);

        (await account.WorkedOnAsync(2)).ShouldAllBe(r => r.Kind == "unmatched" && r.SendId == null);
        (await account.ActivitiesOfKindAsync(contact, "email.bounced")).ShouldBeEmpty();
        (await account.QueueAsync([contact], runId: 2)).ShouldBe([null]);
        (await product.ReceiveAsync(forged, dsn)).Accepted.ShouldBeTrue();
        (await product.ReceiveAsync(forged, dsn)).Reply!.Code.ShouldBe(550); // so many a day

        // A token of one account's mail at another account's domain is nobody's.
        var other = await product.NewAccountAsync();
        var stolen = TokenAddress.Write(TokenPurpose.Bounce, path, other.Id, 1, product.Services.GetRequiredService<TokenKeys>());
        (await product.ReceiveAsync(stolen, dsn)).Accepted.ShouldBeFalse();
    }

    [Fact]
    public async Task What_comes_back_of_transactional_mails_reaches_their_stream_and_mail_for_streams_comes_in()
    {
        var desk = await Desk.OpenAsync(product);
        foreach (var to in new[] { "gone@letters.example", "cross@letters.example", "angry@letters.example" })
        {
            (await desk.PostAsync("email", new { From = "shop@sender.example", To = to, Subject = "Order", TextBody = "Thanks" })).Status.ShouldBe(200);
        }

        var sends = await desk.Account.DispatchedAsync();
        var feedback = (await desk.Account.GetAsync("inbound-setup"))["feedback_addresses"]![0]!.GetValue<string>();
        var dsn = InboundMails.Dsn("5.1.1", "550 5.1.1 User unknown", recipient: "gone@letters.example");
        await product.ReceiveAsync(product.AddressFor(desk.Account, sends[0].Id), dsn);
        await product.ReceiveAsync(product.AddressFor(desk.Account, sends[0].Id), dsn);
        await product.ReceiveAsync(product.AddressFor(desk.Account, sends[1].Id), InboundMails.Arf("X-Any: thing"));
        await product.ReceiveAsync(feedback, InboundMails.Arf($"Message-ID: {product.Mail("angry@letters.example").MessageId}"));
        (await desk.Account.WorkedOnAsync(4)).Select(r => r.Kind).ShouldBe(["bounce", "bounce", "complaint", "complaint"]);

        (await desk.Account.AskAsync<string>(Sql.Of($"""
            select string_agg(e.kind || ' ' || r.address, ', ' order by e.id) from messaging.mail_event e
            join messaging.mail_recipient r on r.account_id = e.account_id and r.mail_id = e.mail_id and r.no = e.recipient_no
            where e.account_id = {desk.Account.Id} and e.kind in ('bounced', 'complained')
            """))).ShouldBe("bounced gone@letters.example, complained cross@letters.example, complained angry@letters.example");
        (await desk.Account.AskAsync<string>(Sql.Of($"""
            select string_agg(address || ' ' || reason, ', ' order by address) from messaging.stream_suppression where account_id = {desk.Account.Id}
            """))).ShouldBe("angry@letters.example spam_complaint, cross@letters.example spam_complaint, gone@letters.example hard_bounce");

        (await product.ReceiveAsync($"s{desk.Id}+ticket9@in.example", "From: Ann <ann@a.example>\nSubject: Help\n\nPlease\n", "ann@a.example")).Accepted.ShouldBeTrue();
        (await product.ReceiveAsync("s999999@in.example", "From: Ann <ann@a.example>\n\nPlease\n")).Accepted.ShouldBeFalse();
        (await desk.GetAsync("messages/inbound")).Body["InboundMessages"]!.AsArray().ShouldHaveSingleItem()!["MailboxHash"]!.GetValue<string>().ShouldBe("ticket9");
    }

    [Fact]
    public async Task A_complaint_unsubscribes_from_everything_and_hides_the_address_for_good()
    {
        var (account, contact, _) = await SentAsync("angry@complains.example");
        var list = await ListAsync(account, contact);
        var original = product.Mail("angry@complains.example");
        var feedback = (await account.GetAsync("inbound-setup"))["feedback_addresses"]![0]!.GetValue<string>();

        await product.ReceiveAsync(feedback, InboundMails.Arf($"List-Unsubscribe: {original.Root.Header("List-Unsubscribe")}"));
        await product.ReceiveAsync(feedback, InboundMails.Arf($"Message-ID: {original.MessageId}"));
        await product.ReceiveAsync(feedback, InboundMails.Arf("Message-ID: <1.999999@elsewhere.example>"));
        await product.ReceiveAsync(feedback, InboundMails.Arf($"Message-ID: {original.MessageId}", "not-spam"));

        (await account.WorkedOnAsync(4)).Select(r => r.Kind).ShouldBe(["complaint", "complaint", "unmatched", "unmatched"]);
        (await account.ActivitiesOfKindAsync(contact, "email.complained")).ShouldHaveSingleItem().GetProperty("type").GetString().ShouldBe("abuse");
        (await account.AskAsync<string>(Sql.Of($"select status from contacts.subscription where account_id = {account.Id} and contact_id = {contact} and list_id = {list}"))).ShouldBe("unsubscribed");
        (await account.QueueAsync([contact], runId: 2)).ShouldBe(["complaint"]);
        using var lifted = await account.App.DeleteAsync(new Uri("suppressions?address=angry@complains.example", UriKind.Relative), Token);
        ((int)lifted.StatusCode).ShouldBe(409);
    }

    [Fact]
    public async Task A_reply_is_logged_and_goes_on_to_the_real_address_as_it_came()
    {
        var account = await product.NewAccountAsync();
        var contact = await account.AddContactAsync("carol@answers.example");
        var content = Mailing.Content() with { ReplyTo = "carols-desk@shop.example", TrackReplies = true };
        await account.QueueAsync([contact], content);
        var send = (await account.DispatchedAsync()).ShouldHaveSingleItem();
        var replyTo = MailAddressOf(product.Mail("carol@answers.example").Root.Header("Reply-To")!);
        replyTo.ShouldStartWith("r+");

        const string body = "From: Carol <carol@answers.example>\nSubject: Re: Hello\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\nYes, please! \u00e4\n.dot\n";
        (await product.ReceiveAsync(replyTo, body, "carol@answers.example")).Accepted.ShouldBeTrue();
        await product.ReceiveAsync(replyTo, "From: Carol <carol@answers.example>\nSubject: Automatic reply: Hello\nAuto-Submitted: auto-replied\n\nAway\n");

        var rows = await account.WorkedOnAsync(2);
        rows.Select(r => (r.Kind, r.Sender, r.SendId, r.ContactId)).ShouldBe([("reply", "carol@answers.example", send.Id, contact), ("auto_reply", "carol@answers.example", send.Id, contact)]);
        (await account.ActivitiesOfKindAsync(contact, "email.replied")).ShouldHaveSingleItem().GetProperty("mail_subject").GetString().ShouldBe("Re: Hello");
        await Product.EventuallyAsync(async () => (await account.InboundAsync())[0].ForwardState == "sent", "the reply has gone on");
        (await account.InboundAsync())[1].ForwardState.ShouldBeNull();
        var forwarded = product.Sink.Messages.Single(m => m.To.Contains("carols-desk@shop.example"));
        forwarded.From.ShouldBe(replyTo);
        var mail = MimeParser.Parse(forwarded.Bytes);
        (mail.From, mail.TextBody!.TrimEnd()).ShouldBe(("Carol <carol@answers.example>", "Yes, please! \u00e4\r\n.dot"));
        mail.Root.Header("X-Millrace-Forwarded").ShouldBe(replyTo);

        // What was sent on comes back: a loop, and it ends here.
        await product.ReceiveAsync(replyTo, System.Text.Encoding.UTF8.GetString(forwarded.Bytes.Span));
        (await account.WorkedOnAsync(3))[2].ForwardState.ShouldBeNull();
    }

    [Fact]
    public async Task Hostile_mail_is_taken_shown_as_text_and_its_html_runs_nothing()
    {
        var (account, _, send) = await SentAsync("hostile@shown.example");
        var hostile = "From: \"<script>alert(1)</script>\" <x@y.example>\nSubject: =?utf-8?q?=00=1b[31m<img_src=x_onerror=alert(1)>?=\nContent-Type: text/html\n\n<script>alert(1)</script><img src=https://spy.example/x.png>\n";
        await product.ReceiveAsync(product.AddressFor(account, send), hostile);
        await product.ReceiveAsync(product.AddressFor(account, send), "\u0000\u0001: \n\n");
        await product.ReceiveAsync(product.AddressFor(account, send), "Content-Type: multipart/mixed; boundary=x\n\n--x\n--x\n--x--");

        var rows = await account.WorkedOnAsync(3);

        rows.ShouldAllBe(r => r.Kind != "failed");
        using var html = await account.App.GetAsync(new Uri($"inbound-mail/{rows[0].Id}/html", UriKind.Relative), Token);
        html.Headers.GetValues("Content-Security-Policy").Single().ShouldStartWith("sandbox allow-popups");
        html.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("default-src 'none'; img-src data:");
        using var source = await account.App.GetAsync(new Uri($"inbound-mail/{rows[0].Id}/source", UriKind.Relative), Token);
        source.Content.Headers.ContentType!.MediaType.ShouldBe("text/plain");
        foreach (var row in rows)
        {
            await account.GetAsync($"inbound-mail/{row.Id}");
        }

        var other = await product.NewAccountAsync();
        ((int)(await other.App.GetAsync(new Uri($"inbound-mail/{rows[0].Id}", UriKind.Relative), Token)).StatusCode).ShouldBe(404);
    }

    [Fact]
    public async Task Too_large_a_mail_is_refused_and_of_bounces_the_beginning_is_kept()
    {
        var (account, _, send) = await SentAsync("large@size.example");
        var line = new string('x', 70) + "\n";

        (await product.ReceiveAsync(product.AddressFor(account, send), InboundMails.Dsn("5.1.1", "550 5.1.1 no") + string.Concat(Enumerable.Repeat(line, 20_000)))).Accepted.ShouldBeTrue();
        (await product.ReceiveAsync(product.AddressFor(account, send), "Subject: x\n\n" + string.Concat(Enumerable.Repeat(line, 40_000)))).Reply!.Code.ShouldBe(552);

        (await account.WorkedOnAsync(1))[0].Kind.ShouldBe("bounce");
        (await account.AskAsync<int>(Sql.Of($"select length(raw) from messaging.inbound_mail where account_id = {account.Id}"))).ShouldBe(1024 * 1024);
    }

    [Fact]
    public async Task A_mail_is_answered_well_when_it_is_stored_and_what_follows_happens_once_however_often_it_is_cut_off_or_comes_again()
    {
        var account = await product.NewAccountAsync();
        var contacts = new[] { await account.AddContactAsync("cut1@off.example"), await account.AddContactAsync("cut2@off.example"), await account.AddContactAsync("cut3@off.example") };
        await account.QueueAsync(contacts, Mailing.Content() with { ReplyTo = "cutoff@shop.example", TrackReplies = true });
        var sends = (await account.DispatchedAsync()).Select(s => s.Id).ToArray();
        var list = await ListAsync(account, contacts[2]);
        await using (var owner = new Npgsql.NpgsqlConnection(product.OwnerConnectionString))
        {
            await owner.OpenAsync(Token);
            await Sql.Of($"create function public.refuse_mail() returns trigger language plpgsql as 'begin if new.mail_from = ''refused@db.example'' then raise exception ''full''; end if; return new; end'")
                .ExecuteAsync(owner, Token);
            await Sql.Of($"create constraint trigger refuse_mail after insert on messaging.inbound_mail deferrable initially deferred for each row execute function public.refuse_mail()").ExecuteAsync(owner, Token);
        }

        // Refused by the database in the very commit: the sender is not told that it was taken.
        (await product.ReceiveAsync(product.AddressFor(account, sends[0]), "Subject: x\n\nx\n", "refused@db.example")).Reply!.Code.ShouldBe(451);

        var cuts = new System.Collections.Concurrent.ConcurrentDictionary<long, int>();
        var worker = product.Services.GetRequiredService<ProcessInbound>();
        worker.BeforeCommit = id => cuts.AddOrUpdate(id, 1, (_, n) => n + 1) <= 2 ? throw new IOException("cut off") : Task.CompletedTask;
        try
        {
            var reply = $"From: <cut2@off.example>\nMessage-ID: <1@off.example>\nSubject: Re\n\nYes\n";
            await product.ReceiveAsync(product.AddressFor(account, sends[0]), InboundMails.Dsn("5.1.1", "550 5.1.1 unknown"));
            await product.ReceiveAsync(product.AddressFor(account, sends[1], reply: true), reply, "cut2@off.example");
            await product.ReceiveAsync(product.AddressFor(account, sends[1], reply: true), reply, "cut2@off.example");
            await product.ReceiveAsync(product.AddressFor(account, sends[2]), InboundMails.Arf("X-Any: thing"));
            (await account.WorkedOnAsync(4)).Select(r => (r.Kind, r.Reason)).ShouldBe([("bounce", "no_user"), ("reply", null), ("reply", "repeated"), ("complaint", "abuse")]);
        }
        finally
        {
            worker.BeforeCommit = null;
        }

        cuts.Values.ShouldAllBe(n => n == 3);
        await account.SettledAsync();
        foreach (var (contact, kind) in contacts.Zip(["email.bounced", "email.replied", "email.complained"]))
        {
            (await account.ActivitiesOfKindAsync(contact, kind)).Count.ShouldBe(1, kind);
        }

        (await account.AskAsync<long>(Sql.Of($"select count(*) from messaging.bounce where account_id = {account.Id}"))).ShouldBe(1);
        (await account.AskAsync<string>(Sql.Of($"select status from contacts.subscription where account_id = {account.Id} and list_id = {list}"))).ShouldBe("unsubscribed");
        await Product.EventuallyAsync(async () => (await account.InboundAsync())[1].ForwardState == "sent", "the reply has gone on");
        product.Sink.Messages.Count(m => m.To.Contains("cutoff@shop.example")).ShouldBe(1);
    }

    private async Task<(TestAccount Account, long Contact, long Send)> SentAsync(string email)
    {
        var account = await product.NewAccountAsync();
        var contact = await account.AddContactAsync(email);
        return (account, contact, await NextAsync(account, contact, "hello", 1));
    }

    private static async Task<long> NextAsync(TestAccount account, long contact, string step, long run)
    {
        (await account.QueueAsync([contact], runId: run, step: step)).ShouldBe([null]);
        return (await account.DispatchedAsync())[^1].Id;
    }

    private static async Task<string> ReturnPathAsync(TestAccount account, string domain)
    {
        var made = await account.PostAsync("sender-domains", new { domain });
        var path = "bounce." + domain;
        await account.PutAsync($"sender-domains/{made["id"]}/return-path", new { return_path = path });
        return path;
    }

    private static async Task<long> ListAsync(TestAccount account, long contact)
    {
        var made = await account.V3PostAsync("lists", new { list = new { name = "News" } });
        var list = long.Parse(made["list"]!["id"]!.GetValue<string>(), System.Globalization.CultureInfo.InvariantCulture);
        await account.V3PostAsync("contactLists", new { contactList = new { list, contact, status = 1 } });
        return list;
    }

    private static string MailAddressOf(string header) => header.Split('<', '>') is [_, var inner, ..] ? inner : header;
}
