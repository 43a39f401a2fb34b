using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Millrace.Kernel.Data;
using Millrace.Messaging.Contracts;
using Millrace.Messaging.Tests.Sending;
using Millrace.Messaging.Transactional.Events;
using Millrace.TestKit;

namespace Millrace.Messaging.Tests.Transactional;

public sealed class TransactionalTests(MailProduct product) : IClassFixture<MailProduct>
{
    private const string Person = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_token_opens_its_own_server_and_nothing_after_it_is_revoked()
    {
        var desk = await Desk.OpenAsync(product);
        var other = await Desk.OpenAsync(product);
        var sent = await desk.PostAsync("email", Mail("own@token.example"));
        sent.Status.ShouldBe(200);

        (await other.GetAsync($"messages/outbound/{sent.Body["MessageID"]}/details")).Body["ErrorCode"]!.GetValue<int>().ShouldBe(701);
        var view = await desk.Account.GetAsync($"mail-servers/{desk.Id}");
        view.ToJsonString().ShouldNotContain(desk.Token);
        var tokenId = view["tokens"]![0]!["id"]!.GetValue<long>();
        using (var revoked = await desk.Account.App.DeleteAsync(new Uri($"mail-tokens/{tokenId}", UriKind.Relative), Token))
        {
            revoked.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        }

        var refused = await desk.PostAsync("email", Mail("own@token.example"));
        (refused.Status, refused.Body["ErrorCode"]!.GetValue<int>()).ShouldBe((401, 10));
        desk.Http.DefaultRequestHeaders.Remove("X-Postmark-Server-Token");
        (await desk.GetAsync("server")).Status.ShouldBe(401);
    }

    [Fact]
    public async Task The_same_request_with_the_same_key_is_one_mail_however_often_it_comes()
    {
        var desk = await Desk.OpenAsync(product);

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => desk.PostAsync("email", Mail("once@key.example"), "key-1")));
        var other = await desk.PostAsync("email", Mail("twice@key.example"), "key-1");

        answers.Select(a => a.Body.ToJsonString()).Distinct().ShouldHaveSingleItem();
        (other.Status, other.Body["ErrorCode"]!.GetValue<int>()).ShouldBe((422, 300));
        (await desk.Account.DispatchedAsync()).ShouldHaveSingleItem().SentTo.ShouldBe("once@key.example");
    }

    /// <summary>Code, and the members that are different from a good mail.</summary>
    [Theory]
    [InlineData(300, "From", "nobody")]
    [InlineData(300, "To", "")]
    [InlineData(300, "To", "a@b.example\r\nBcc: c@d.example")]
    [InlineData(300, "Cc", "x@y")]
    [InlineData(300, "Subject", "a\r\nBcc: c@d.example")]
    [InlineData(300, "TextBody", "")]
    [InlineData(300, "TextBody", "a\0b")]
    [InlineData(300, "Tag", "a\nb")]
    [InlineData(300, "TrackLinks", "Perhaps")]
    [InlineData(1235, "MessageStream", "nowhere")]
    [InlineData(1236, "MessageStream", "inbound")]
    [InlineData(300, "Headers", "[{\"Name\":\"Bcc\",\"Value\":\"x@y.example\"}]")]
    [InlineData(300, "Headers", "[{\"Name\":\"X-A\",\"Value\":\"a\\r\\nBcc: x@y.example\"}]")]
    [InlineData(300, "Headers", "[{\"Name\":\"X A\",\"Value\":\"a\"}]")]
    [InlineData(411, "Attachments", "[{\"Name\":\"run.exe\",\"Content\":\"aGk=\",\"ContentType\":\"application/octet-stream\"}]")]
    [InlineData(300, "Attachments", "[{\"Name\":\"a.txt\",\"Content\":\"no base64!\",\"ContentType\":\"text/plain\"}]")]
    [InlineData(300, "Attachments", "[{\"Name\":\"a.png\",\"Content\":\"aGk=\",\"ContentType\":\"image/png\",\"ContentID\":\"cid:a b>\"}]")]
    [InlineData(300, "Metadata", "{\"a name that is far too long\":\"x\"}")]
    [InlineData(403, "To", "{}")]
    public async Task What_is_wrong_with_a_mail_is_said_by_its_code_and_nothing_is_sent(int code, string member, string value)
    {
        var desk = await Desk.OpenAsync(product);
        var mail = new Dictionary<string, object?> { ["From"] = "shop@sender.example", ["To"] = "x@codes.example", ["Subject"] = "S", ["TextBody"] = "T" };
        mail[member] = value.Length > 0 && value[0] is '[' or '{' ? JsonDocument.Parse(value).RootElement : value;

        var (status, body) = await desk.PostAsync("email", mail);

        (status, body["ErrorCode"]!.GetValue<int>()).ShouldBe((422, code), body.ToJsonString());
        (await desk.Account.SendsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Limits_of_batches_recipients_and_bodies_are_kept()
    {
        var desk = await Desk.OpenAsync(product);
        var many = string.Join(',', Enumerable.Range(0, 51).Select(i => $"r{i}@limits.example"));

        (await desk.PostAsync("email/batch", Enumerable.Range(0, 501).Select(i => Mail($"b{i}@limits.example")))).Body["ErrorCode"]!.GetValue<int>().ShouldBe(410);
        (await desk.PostAsync("email", Mail(many))).Body["ErrorCode"]!.GetValue<int>().ShouldBe(300);
        (await desk.PostAsync("email/batch", Array.Empty<object>())).Status.ShouldBe(200);
        using var broken = await desk.Http.PostAsync(new Uri("email", UriKind.Relative), new StringContent("{\"From\":"), Token);
        (await broken.Content.ReadAsStringAsync(Token)).ShouldContain("\"ErrorCode\":402");
        using var half = await desk.Http.PostAsync(new Uri("email", UriKind.Relative), new StringContent("{\"From\":\"a@b.example\",\"Metadata\":{\"a\":\"\\ud800\"}}"), Token);
        half.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var batch = await desk.PostAsync("email/batch", Enumerable.Range(0, 500).Select(i => Mail($"b{i}@limits.example")));
        batch.Body.AsArray().Count(a => a!["ErrorCode"]!.GetValue<int>() == 0).ShouldBe(500);
        (await desk.Account.DispatchedAsync(60)).Count(s => s.State == "sent").ShouldBe(500);
        product.Sink.Messages.Count(m => m.To[0].EndsWith("@limits.example", StringComparison.Ordinal)).ShouldBe(500);
    }

    [Fact]
    public async Task An_address_suppressed_after_the_mail_was_taken_gets_nothing()
    {
        var desk = await Desk.OpenAsync(product);
        var stream = (await desk.Account.GetAsync($"mail-servers/{desk.Id}"))["streams"]![0]!["id"]!.GetValue<long>();
        await using (var work = await desk.Account.BeginAsync())
        {
            await Sql.Of($"insert into messaging.pause (account_id, reason, paused_at) values ({desk.Account.Id}, 'test', {product.Now})").ExecuteAsync(work, Token);
            await work.CommitAsync(Token);
        }

        await desk.PostAsync("email", Mail("late@gate.example, fine@gate.example"));
        await desk.Account.PostAsync($"mail-streams/{stream}/suppressions", new { address = "Late@gate.example" });
        // A pass that has seen the pause must have written it down before the pause goes, or it would put them off afterwards.
        await Product.EventuallyAsync(async () => (await desk.Account.SendsAsync()).All(s => s.State is "deferred" or "suppressed"), "both are put off");
        await using (var work = await desk.Account.BeginAsync())
        {
            await Sql.Of($"delete from messaging.pause where account_id = {desk.Account.Id}").ExecuteAsync(work, Token);
            await Sql.Of($"update messaging.send set next_at = {product.Now} where account_id = {desk.Account.Id} and next_at is not null").ExecuteAsync(work, Token);
            await work.CommitAsync(Token);
        }

        IReadOnlyList<SendRow> sends = [];
        await Product.EventuallyAsync(async () => (sends = await desk.Account.SendsAsync()).All(s => s.NextAt is null), "both are settled");
        sends.Select(s => s.State).Order(StringComparer.Ordinal).ShouldBe(["sent", "suppressed"]);
        product.Sink.Messages.ShouldNotContain(m => m.To.Contains("late@gate.example"));
        (await desk.PostAsync("email", Mail("late@gate.example"))).Body["ErrorCode"]!.GetValue<int>().ShouldBe(406);
        await desk.Account.PostAsync($"mail-streams/{stream}/suppressions/lift", new { address = "late@gate.example" });
        (await desk.PostAsync("email", Mail("late@gate.example"))).Body["ErrorCode"]!.GetValue<int>().ShouldBe(0);
    }

    [Fact]
    public async Task Opens_and_clicks_of_a_contact_stand_in_its_timeline_and_are_counted_once()
    {
        var desk = await Desk.OpenAsync(product);
        var contact = await desk.Account.AddContactAsync("reader@events.example");
        var sent = await desk.PostAsync("email", new
        {
            From = "shop@sender.example",
            To = "Reader@events.example",
            Subject = "Receipt",
            HtmlBody = "<a href='https://shop.example/r'>r</a>",
            Tag = "receipt",
            TrackOpens = true,
            TrackLinks = "HtmlOnly",
        });
        await desk.Account.DispatchedAsync();
        await product.AdvanceAsync(TimeSpan.FromSeconds(10));
        var html = product.Mail("Reader@events.example").HtmlBody!;
        using var reader = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        reader.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", Person);
        foreach (var kind in new[] { "o", "o", "c" })
        {
            using var answer = await reader.GetAsync(new Uri(product.Address, Regex.Match(html, $"https://mail.example.test(/{kind}/[^\"']+)").Groups[1].Value), Token);
            (answer.Headers.Location?.OriginalString ?? "").ShouldBe(kind == "c" ? "https://shop.example/r" : "");
        }

        await desk.ToldAsync();
        (await desk.Account.ActivitiesAsync(contact)).Select(a => a.Kind).ShouldBe(["transactional.delivered", "transactional.opened", "transactional.opened", "transactional.clicked"]);
        var overview = (await desk.GetAsync("stats/outbound?tag=receipt")).Body;
        (overview["Opens"]!.GetValue<int>(), overview["UniqueOpens"]!.GetValue<int>(), overview["TotalClicks"]!.GetValue<int>()).ShouldBe((2, 1, 1));
        var opens = (await desk.GetAsync($"messages/outbound/opens/{sent.Body["MessageID"]}")).Body;
        opens["Opens"]!.AsArray().Select(o => o!["FirstOpen"]!.GetValue<bool>()).ShouldBe([false, true]);
        var id = (await desk.Account.GetAsync($"mail-servers/{desk.Id}/mails"))["mails"]![0]!["id"]!.GetValue<long>();
        var view = await desk.Account.GetAsync($"transactional-mails/{id}");
        view["events"]!.AsArray().Select(e => e!["kind"]!.GetValue<string>()).ShouldBe(["submitted", "delivered", "opened", "opened", "clicked"]);
        (await reader.GetStringAsync(new Uri(product.Address, view["preview_url"]!.GetValue<string>()), Token)).ShouldContain("https://shop.example/r");
    }

    [Fact]
    public async Task A_broadcast_bears_a_way_out_that_leaves_its_stream_only()
    {
        var desk = await Desk.OpenAsync(product);
        await desk.PostAsync("email", new { From = "shop@sender.example", To = "leaver@broadcast.example", Subject = "News", HtmlBody = "<p>News</p>", MessageStream = "broadcast" });
        await desk.Account.DispatchedAsync();
        var mail = product.Mail("leaver@broadcast.example");
        mail.Root.Header("List-Unsubscribe-Post").ShouldBe("List-Unsubscribe=One-Click");
        mail.HtmlBody.ShouldNotBeNull().ShouldContain("Unsubscribe</a>");

        using var web = new HttpClient();
        using var answer = await web.PostAsync(
            new Uri(product.Address, new Uri(mail.Root.Header("List-Unsubscribe")!.Trim('<', '>')).PathAndQuery), new FormUrlEncodedContent([new("List-Unsubscribe", "One-Click")]), Token);

        answer.EnsureSuccessStatusCode();
        (await desk.PostAsync("email", Mail("leaver@broadcast.example") with { MessageStream = "broadcast" })).Body["ErrorCode"]!.GetValue<int>().ShouldBe(406);
        (await desk.PostAsync("email", Mail("leaver@broadcast.example"))).Body["ErrorCode"]!.GetValue<int>().ShouldBe(0);
        await using var work = await desk.Account.BeginAsync();
        (await Sql.Of($"select count(*) from messaging.suppression where account_id = {desk.Account.Id}").FirstAsync<long>(work, Token)).ShouldBe(0);
    }

    [Fact]
    public async Task Webhooks_get_the_documented_shapes_and_a_complaint_suppresses_for_good()
    {
        var desk = await Desk.OpenAsync(product);
        var hook = await desk.PostAsync("webhooks", new
        {
            Url = "https://hooks.example.com/in",
            HttpAuth = new { Username = "u", Password = "secret-p" },
            HttpHeaders = new[] { new { Name = "X-Key", Value = "k" } },
            Triggers = new { Delivery = new { Enabled = true }, SpamComplaint = new { Enabled = true }, SubscriptionChange = new { Enabled = true } },
        });
        hook.Status.ShouldBe(200);
        await desk.PostAsync("email", Mail("hook@hooks.example") with { Tag = "t" });
        var send = (await desk.Account.DispatchedAsync()).ShouldHaveSingleItem();
        var feedback = product.Services.GetRequiredService<ITransactionalFeedback>();
        await using (var work = await desk.Account.BeginAsync())
        {
            (await feedback.ComplainedAsync(work.Transaction, desk.Account.Id, send.Id, "abuse", Token)).ShouldBeTrue();
            (await feedback.BouncedAsync(work.Transaction, desk.Account.Id, 999_999_999, true, "no_user", null, Token)).ShouldBeFalse("there is no such send");
            await work.CommitAsync(Token);
        }

        await desk.ToldAsync();
        (await desk.PostAsync("message-streams/outbound/suppressions/delete", new { Suppressions = new[] { new { EmailAddress = "hook@hooks.example" } } }))
            .Body["Suppressions"]![0]!["Status"]!.GetValue<string>().ShouldBe("Failed");
        await using var look = await desk.Account.BeginAsync();
        var inbound = product.Services.GetRequiredService<ITransactionalInbound>();
        await desk.PostAsync("webhooks", new { Url = "https://hooks.example.com/mail", MessageStream = "inbound", Triggers = new { Inbound = new { Enabled = true } } });
        (await inbound.AccountOfAsync($"S{desk.Id}+ticket9@in.example", Token)).ShouldBe(desk.Account.Id);
        await using (var work = await desk.Account.BeginAsync())
        {
            // A thousand units of the subject are kept; here they would end in half a character.
            var raw = System.Text.Encoding.UTF8.GetBytes($"From: Ann <ann@a.example>\r\nTo: s1@in.example\r\nSubject: Help {new string('x', 994)}\U0001F331\r\n\r\nPlease\r\n> quoted\r\n");
            (await inbound.TakeAsync(work.Transaction, desk.Account.Id, "ann@a.example", $"s{desk.Id}+ticket9@in.example", raw, Token)).ShouldBeTrue();
            (await inbound.TakeAsync(work.Transaction, desk.Account.Id, "ann@a.example", "s999999@in.example", raw, Token)).ShouldBeFalse();
            await work.CommitAsync(Token);
        }

        var came = (await desk.GetAsync("messages/inbound")).Body["InboundMessages"]!.AsArray().ShouldHaveSingleItem()!;
        (came["MailboxHash"]!.GetValue<string>(), came["StrippedTextReply"]!.GetValue<string>()).ShouldBe(("ticket9", "Please"));
        var calls = await Sql.Of($"select body, headers::text from integrations.webhook_delivery where account_id = {desk.Account.Id} order by id").ListAsync<Call>(look, Token);
        calls.Take(2).Select(c => JsonDocument.Parse(c.Body).RootElement.GetProperty("RecordType").GetString()).ShouldBe(["Delivery", "SpamComplaint"]);
        JsonDocument.Parse(calls.Last().Body).RootElement.GetProperty("Subject").GetString()!.ShouldStartWith("Help xxx");
        calls[0].Headers.ShouldContain("application/json");
        calls[0].Headers.ShouldContain("X-Key");
        JsonDocument.Parse(calls[0].Body).RootElement.GetProperty("Recipient").GetString().ShouldBe("hook@hooks.example");
        (await Sql.Of($"select count(*) from messaging.mail_webhook where account_id = {desk.Account.Id} and position('secret-p'::bytea in secret) > 0").FirstAsync<long>(look, Token)).ShouldBe(0);
        foreach (var url in new[] { "http://127.0.0.1/x", "https://127.0.0.1/x", "ftp://x.example/", "https://user:pw@x.example/" })
        {
            (await desk.PostAsync("webhooks", new { Url = url })).Status.ShouldBe(422, url);
        }

        // A password is kept for the host it was given for, and told to no other.
        foreach (var (url, status) in new[] { ("https://hooks.example.com/other", HttpStatusCode.OK), ("https://elsewhere.example/in", HttpStatusCode.UnprocessableEntity) })
        {
            using var changed = await desk.Account.App.PutAsJsonAsync($"mail-webhooks/{hook.Body["ID"]}", new { url, wants = new[] { "delivered" }, user_name = "u" }, Token);
            changed.StatusCode.ShouldBe(status, url);
        }

        // The same by the API that knows no questions: what is not given anew is not told to another host.
        hook = await desk.PostAsync("webhooks", new { Url = "https://hooks.example.com/in", HttpAuth = new { Username = "u", Password = "p" }, HttpHeaders = new[] { new { Name = "X-Key", Value = "k" } } });
        foreach (var (url, user, headers) in new[] { ("https://hooks.example.com/other", "u", 1), ("https://elsewhere.example/in", "", 0) })
        {
            using var changed = await desk.Http.PutAsJsonAsync($"webhooks/{hook.Body["ID"]}", new { Url = url }, Token);
            var body = JsonNode.Parse(await changed.Content.ReadAsStringAsync(Token))!;
            ((string?)body["Url"], (string?)body["HttpAuth"]?["Username"] ?? "", body["HttpHeaders"]!.AsArray().Count).ShouldBe((url, user, headers));
        }
    }

    [Fact]
    public async Task Content_is_forgotten_when_its_time_is_over_and_what_became_of_it_stays()
    {
        var desk = await Desk.OpenAsync(product);
        var sent = await desk.PostAsync("email", Mail("old@forget.example"));
        await desk.Account.DispatchedAsync();
        await desk.ToldAsync();
        await using (var work = await desk.Account.BeginAsync())
        {
            await Sql.Of($"update messaging.mail set submitted_at = submitted_at - interval '46 days' where account_id = {desk.Account.Id}").ExecuteAsync(work, Token);
            await work.CommitAsync(Token);
        }

        await product.Services.GetRequiredService<ForgetMails>().RunOnceAsync(Token);

        var details = (await desk.GetAsync($"messages/outbound/{sent.Body["MessageID"]}/details")).Body;
        details["TextBody"]!.GetValue<string>().ShouldBeEmpty();
        details["MessageEvents"]!.AsArray().ShouldHaveSingleItem()!["Type"]!.GetValue<string>().ShouldBe("Delivered");
    }

    private static Draft Mail(string to) => new("shop@sender.example", to, "Hello", "Text", null, null);

    private sealed record Draft(string From, string To, string Subject, string TextBody, string? MessageStream, string? Tag);

    private sealed record Call(string Body, string Headers);
}
