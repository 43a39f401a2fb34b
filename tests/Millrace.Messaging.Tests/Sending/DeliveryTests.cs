using Millrace.Kernel.Data;
using Millrace.Mail.Dkim;
using Millrace.Mail.Mime;
using Millrace.Mail.Receiving;
using Millrace.TestKit;

namespace Millrace.Messaging.Tests.Sending;

public sealed class DeliveryTests(MailProduct product) : IClassFixture<MailProduct>
{
    [Fact]
    public async Task A_queued_mail_arrives_personalised_with_all_headers_and_is_logged()
    {
        var account = await product.NewAccountAsync();
        var contact = await account.AddContactAsync("bob@arrives.example");

        (await account.QueueAsync([contact], Mailing.Content("<p>Hi %FIRSTNAME%, <a href=\"https://shop.example/x?a=1\">look</a></p>"))).ShouldBe([null]);
        var send = (await account.DispatchedAsync()).ShouldHaveSingleItem();

        send.State.ShouldBe("sent");
        send.SentTo.ShouldBe("bob@arrives.example");
        var mail = product.Mail("bob@arrives.example");
        mail.Subject.ShouldBe("Hello Bob");
        mail.From.ShouldBe("Ann <ann@sender.example>");
        mail.MessageId.ShouldBe(FormattableString.Invariant($"<{send.Id}.{account.Id}@sender.example>"));
        var html = mail.HtmlBody.ShouldNotBeNull();
        html.ShouldContain("Hi Bob");
        html.ShouldContain("https://mail.example.test/c/");
        html.ShouldNotContain("shop.example");
        html.ShouldContain("https://mail.example.test/o/");
        mail.TextBody.ShouldNotBeNull().ShouldContain("Hi Bob");
        mail.Root.Header("List-Unsubscribe").ShouldNotBeNull().ShouldStartWith("<https://mail.example.test/u/");
        mail.Root.Header("List-Unsubscribe-Post").ShouldBe("List-Unsubscribe=One-Click");
        mail.Root.Header("List-Id").ShouldNotBeNull();
        mail.Root.Header("Feedback-ID").ShouldNotBeNull();
        (await account.ActivitiesOfKindAsync(contact, "email.sent")).ShouldHaveSingleItem().GetProperty("send_id").GetInt64().ShouldBe(send.Id);
    }

    /// <summary>A server may end a connection between two messages: by itself, or with a word.</summary>
    [Theory]
    [InlineData("drop-after-3")]
    [InlineData("421-after-3")]
    public async Task A_connection_that_ends_between_two_mails_costs_neither_an_attempt(string directive)
    {
        await using var sink = FaultSink.Start();
        sink.Directives = directive;
        var account = await product.NewAccountAsync();
        await account.PutAsync("sending/smtp", new { host = "127.0.0.1", port = sink.Port, tls = "none" });
        await account.QueueAsync([.. await Task.WhenAll(Enumerable.Range(0, 100).Select(i => account.AddContactAsync($"p{i}@between.example")))]);

        var sends = await account.DispatchedAsync(60);
        sends.Where(s => s is not { State: "sent", Attempts: 1 }).ShouldBeEmpty();
        sink.Count.ShouldBe(100);
    }

    [Fact]
    public async Task Mail_from_a_set_up_domain_carries_a_signature_that_verifies_with_the_record_we_gave()
    {
        var account = await product.NewAccountAsync();
        var domain = await account.PostAsync("sender-domains", new { domain = "Sender.Example" });
        var record = domain["records"]!.AsArray().Single(r => r!["purpose"]!.GetValue<string>() == "dkim")!;
        var contact = await account.AddContactAsync("signed@arrives.example");
        await account.QueueAsync([contact]);
        await account.DispatchedAsync();

        var bytes = product.Sink.Messages.Single(m => m.To.Contains("signed@arrives.example")).Bytes;
        var results = await DkimVerifier.VerifyAsync(
            bytes, (name, _) => ValueTask.FromResult(name == record["host"]!.GetValue<string>() ? record["value"]!.GetValue<string>() : null),
            TestContext.Current.CancellationToken);

        results.ShouldHaveSingleItem().Status.ShouldBe(DkimStatus.Pass);
        MimeParser.Parse(bytes).Root.Header("DKIM-Signature").ShouldNotBeNull().ShouldContain("List-Unsubscribe-Post");
    }

    [Fact]
    public async Task The_same_recipient_of_the_same_source_is_mailed_once_however_often_it_is_queued()
    {
        var account = await product.NewAccountAsync();
        var contact = await account.AddContactAsync("once@arrives.example");

        await account.QueueAsync([contact, contact]);
        await account.QueueAsync([contact]);
        await account.DispatchedAsync();

        (await account.SendsAsync()).ShouldHaveSingleItem();
        product.Sink.Messages.Count(m => m.To.Contains("once@arrives.example")).ShouldBe(1);
    }

    [Fact]
    public async Task A_marketing_mail_gets_the_footer_it_lacks_and_no_second_one()
    {
        var account = await product.NewAccountAsync();
        var (lacking, complete) = (await account.AddContactAsync("lacking@footer.example"), await account.AddContactAsync("complete@footer.example"));
        await account.QueueAsync([lacking], Mailing.Content("<p>Hello</p>"), step: "a");
        await account.QueueAsync(
            [complete], Mailing.Content("<p>Hello</p><p>%SENDER-INFO%</p><a href=\"%UNSUBSCRIBELINK%\">Leave</a>"), step: "b");
        await account.DispatchedAsync();

        var added = product.Mail("lacking@footer.example").HtmlBody.ShouldNotBeNull();
        added.ShouldContain("https://mail.example.test/u/");
        added.ShouldContain("1 Test Street");
        var own = product.Mail("complete@footer.example").HtmlBody.ShouldNotBeNull();
        own.Split("https://mail.example.test/u/").Length.ShouldBe(2);
    }

    [Fact]
    public async Task Custom_fields_and_tags_reach_the_mail()
    {
        var account = await product.NewAccountAsync();
        var contact = await account.AddContactAsync("fields@arrives.example");
        await using (var work = await account.BeginAsync())
        {
            await Sql.Of($"""
                with f as (insert into contacts.field (account_id, name, key, type, created_at, updated_at)
                           values ({account.Id}, 'City', 'CITY', 'text', {product.Now}, {product.Now}) returning id)
                insert into contacts.field_value (account_id, contact_id, field_id, value, updated_at)
                select {account.Id}, {contact}, id, 'Köln <1>', {product.Now} from f
                """).ExecuteAsync(work, CancellationToken.None);
            await work.CommitAsync(CancellationToken.None);
        }

        await account.QueueAsync([contact], Mailing.Content("<p>City: %CITY%</p>"));
        await account.DispatchedAsync();

        product.Mail("fields@arrives.example").HtmlBody.ShouldNotBeNull().ShouldContain("City: Köln &lt;1&gt;");
    }

    [Fact]
    public async Task Bad_content_is_refused_before_anything_is_queued()
    {
        var account = await product.NewAccountAsync();
        var contact = await account.AddContactAsync("bad@arrives.example");

        foreach (var content in new[]
        {
            Mailing.Content("<p>%IF %EMAIL% == 'x'%</p>"), Mailing.Content(subject: "Hi\r\nBcc: x@y.zz"), Mailing.Content(subject: " "),
            Mailing.Content() with { FromAddress = "a@b@c.dd" },
        })
        {
            await Should.ThrowAsync<Kernel.Errors.InvalidInputException>(() => account.QueueAsync([contact], content));
        }

        (await account.SendsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_domain_is_never_sent_more_than_its_cap()
    {
        var account = await product.NewAccountAsync();
        var contacts = new List<long>();
        for (var i = 0; i < 16; i++)
        {
            contacts.Add(await account.AddContactAsync($"c{i}@slow.example"));
        }

        await account.QueueAsync(contacts);
        await account.DispatchedAsync();

        var times = product.Sink.Messages.Where(m => m.To[0].EndsWith("@slow.example", StringComparison.Ordinal)).Select(m => m.ReceivedAt).Order().ToList();
        times.Count.ShouldBe(16);
        for (var i = 5; i < times.Count; i++)
        {
            (times[i] - times[i - 5]).TotalSeconds.ShouldBeGreaterThan(1.0);
        }
    }

    [Fact]
    public async Task Pausing_holds_mail_back_and_resuming_lets_it_go()
    {
        var account = await product.NewAccountAsync();
        var contact = await account.AddContactAsync("paused@arrives.example");
        await account.PostAsync("sending/pause", new { });
        await account.QueueAsync([contact]);
        (await account.DispatchedAsync()).ShouldHaveSingleItem().Reason.ShouldBe("paused");

        await account.PostAsync("sending/resume", new { });
        await Product.EventuallyAsync(async () => (await account.SendsAsync())[0].State == "sent", "sent after resuming");
    }

    [Fact]
    public async Task The_smtp_password_can_be_written_and_not_read_and_the_connection_tried()
    {
        var account = await product.NewAccountAsync();
        var server = new { host = "127.0.0.1", port = product.Sink.Port, tls = "none", user_name = (string?)null, password = "secret" };
        (await account.PostAsync("sending/smtp/test", server))["ok"]!.GetValue<bool>().ShouldBeTrue();

        await account.PutAsync("sending/smtp", server);
        var shown = await account.GetAsync("sending");
        shown["source"]!.GetValue<string>().ShouldBe("account");
        shown["smtp"]!["has_secret"]!.GetValue<bool>().ShouldBeTrue();
        shown.ToJsonString().ShouldNotContain("\"secret\"");

        var refused = await account.PostAsync("sending/smtp/test", new { host = "127.0.0.1", port = 1, tls = "none", user_name = (string?)null, password = "" });
        refused["ok"]!.GetValue<bool>().ShouldBeFalse();
        refused["stage"]!.GetValue<string>().ShouldBe("connect");
    }
}
