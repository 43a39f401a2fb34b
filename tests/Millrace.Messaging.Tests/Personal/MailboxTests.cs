using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Millrace.Activities.Contracts;
using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;
using Millrace.Mail.Mime;
using Millrace.Messaging.Tests.Sending;
using Millrace.TestKit;

namespace Millrace.Messaging.Tests.Personal;

/// <summary>Connected mailboxes, against Dovecot.</summary>
public sealed partial class PersonalMailTests
{
    [Fact]
    public async Task By_a_mailbox_a_mail_is_sent_filed_once_and_answers_of_contacts_come_into_the_stream_once()
    {
        var account = await product.NewAccountAsync();
        var user = await account.ConnectAsync(product);
        var bob = await account.AddContactAsync("bob@answers.example");
        await product.Dovecot.DeliverAsync(user, "From: bob@answers.example\nSubject: unrelated\nMessage-ID: <1@x>\n\nNothing of ours.\n");

        var id = await account.WriteAsync(bob);
        var mail = await account.MailAsync(id, "sent");
        ((string)mail["from_address"]!).ShouldBe($"{user}@box.example");
        var sent = product.ByMailbox("bob@answers.example");
        sent.From.ShouldBe($"Ada at work <{user}@box.example>");
        await Product.EventuallyAsync(async () => (string)(await account.GetAsync($"personal-mails/{id}"))["filing"]! == "done", "the copy is filed", 60);

        // The copy in the folder of sent mail bears the same Message-ID, and counts nothing when its owner looks at it.
        await using (var box = await product.Dovecot.OpenAsync(user))
        {
            await box.ExamineAsync("Sent Things", Token);
            var uid = (await box.SearchMessageIdAsync(sent.MessageId!, Token)).ShouldHaveSingleItem();
            var copy = MimeParser.Parse((await box.FetchAsync(uid, 100_000, Token))!.Content);
            copy.HtmlBody!.ShouldContain("https://acme.example/offer");
            copy.HtmlBody!.ShouldNotContain("/m/");
        }

        await product.Dovecot.DeliverAsync(user, Answer("Bob <BOB@answers.example>", "<a1@x>", sent.MessageId!, "Yes, please \u0007<script>"));
        await product.Dovecot.DeliverAsync(user, Answer("stranger@answers.example", "<a2@x>", sent.MessageId!, "Me too"));
        await product.Dovecot.DeliverAsync(user, Answer("bob@answers.example", "<a3@x>", sent.MessageId!, "I am away", "Auto-Submitted: auto-replied\n"));
        await product.Dovecot.DeliverAsync(user, Answer("bob@answers.example", "<a4@x>", "<nobody@nowhere>", "To another mail"));
        await account.ReadThroughAsync(1);
        await account.ReadThroughAsync(1);
        (await account.RepliesAsync()).ShouldBe(1);
        var reply = (await account.GetAsync($"personal-mails/{id}"))["replies"]!.AsArray().ShouldHaveSingleItem()!;
        ((string)reply["text"]!, (string)reply["from"]!).ShouldBe(("Yes, please <script>", "bob@answers.example"));
        (await account.ActivitiesAsync(bob)).Select(a => a.Kind).ShouldBe(["personal.sent", "personal.replied"]);

        // Numbered anew: all is read again, and nothing is kept twice.
        product.Dovecot.Renumber(user);
        await product.Dovecot.DeliverAsync(user, Answer("bob@answers.example", "<a5@x>", sent.MessageId!, "One more thing"));
        await account.ReadThroughAsync(2);
        (await account.RepliesAsync()).ShouldBe(2);
        var figures = (await account.GetAsync("reports/mails.events?filter=source:personal"))["answer"]!["rows"]!.AsArray();
        figures.Sum(r => r!["values"]![9]!.GetValue<decimal>()).ShouldBe(1, "one mail was answered");
        figures.Sum(r => r!["values"]![10]!.GetValue<decimal>()).ShouldBe(2, "twice");
    }

    [Fact]
    public async Task A_mail_starts_automations_when_it_is_sent_and_at_its_first_answer_each_once()
    {
        var account = await product.NewAccountAsync();
        var bob = await account.AddContactAsync("bob@automated.example");
        var (onSent, onReply, off) = (await AutomationAsync("Sent"), await AutomationAsync("Answered"), await AutomationAsync("Off", isActive: false));
        var draft = new { subject = "Hello", body = "<p>Hi</p>", start_when_sent = onSent, start_when_replied = onReply };

        // Without a mailbox answers are not seen; an automation that takes nobody is refused by its field.
        await account.PutAsync($"contacts/{bob}/personal-draft", draft);
        var (status, problem) = await account.TryAsync(HttpMethod.Post, $"contacts/{bob}/personal-draft/send", new { });
        (status, (string?)problem["errors"]![0]!["path"]).ShouldBe((422, "/start_when_replied"));
        (status, problem) = await account.TryAsync(HttpMethod.Put, $"contacts/{bob}/personal-draft", new { subject = "Hello", body = "<p>Hi</p>", start_when_sent = off });
        (status, (string?)problem["errors"]![0]!["path"], (string?)problem["errors"]![0]!["code"]).ShouldBe((422, "/start_when_sent", "automation_inactive"));

        var user = await account.ConnectAsync(product);
        var id = await account.WriteAsync(bob, draft);
        await account.MailAsync(id, "sent");
        await account.SettledAsync();
        (await RunsAsync()).ShouldBe([(onSent, 1)]);
        var sent = product.ByMailbox("bob@automated.example");
        foreach (var answer in new[] { "<b1@x>", "<b2@x>" })
        {
            await product.Dovecot.DeliverAsync(user, Answer("bob@automated.example", answer, sent.MessageId!, "Yes"));
        }

        await account.ReadThroughAsync(2);
        await account.SettledAsync();
        (await RunsAsync()).ShouldBe([(onSent, 1), (onReply, 1)]);
        var starts = (await account.GetAsync($"personal-mails/{id}"))["starts"]!.AsArray();
        starts.Select(s => $"{s!["cause"]} {s["automation"]} {s["reason"] ?? "entered"}").ShouldBe(["sent Sent entered", "replied Answered entered"]);

        // A repeated batch finds it done; the next mail, whose contact has been in, says why it did not start.
        var automate = product.Services.GetRequiredService<Millrace.PersonalMail.Automations.AutomateMail>();
        await using (var work = await account.BeginAsync())
        {
            var data = JsonSerializer.SerializeToElement(new { });
            await automate.ReactAsync(
                new ReactionBatch(work.Transaction, account.Id, product.Now, [new ActivityEntry(1, bob, "personal.sent", id, null, null, product.Now, data)]), Token);
            await work.CommitAsync(Token);
        }

        (await RunsAsync()).ShouldBe([(onSent, 1), (onReply, 1)]);
        var again = await account.WriteAsync(bob, new { subject = "Again", body = "<p>Hi</p>", start_when_sent = onSent });
        await account.MailAsync(again, "sent");
        await account.SettledAsync();
        ((string?)(await account.GetAsync($"personal-mails/{again}"))["starts"]!.AsArray().ShouldHaveSingleItem()!["reason"]).ShouldBe("entry_rule");

        async Task<long> AutomationAsync(string name, bool isActive = true)
        {
            var made = long.Parse((await account.PostAsync($"automations/import?activate={(isActive ? "true" : "false")}", JsonNode.Parse($$"""
                { "name": "{{name}}", "create": true, "entry": "once", "steps": [ { "id": "rest", "type": "wait.for", "duration": "P1D" } ] }
                """)!))["id"]!.ToString(), CultureInfo.InvariantCulture);
            return made;
        }

        async Task<List<(long, long)>> RunsAsync()
        {
            await using var work = await account.BeginAsync();
            return [.. (await Sql.Of($"select automation_id, count(*) from automations.run where account_id = {account.Id} and contact_id = {bob} group by 1 order by 1")
                .ListAsync<Ran>(work, Token)).Select(r => (r.Automation, r.Runs))];
        }
    }

    private sealed record Ran(long Automation, long Runs);

    [Fact]
    public async Task A_mail_that_comes_back_into_the_mailbox_is_marked_with_the_servers_words_once_and_absence_notes_are_no_answers()
    {
        var account = await product.NewAccountAsync();
        var user = await account.ConnectAsync(product);
        var (bob, carl, eve, away) = (
            await account.AddContactAsync("bob@back.example"), await account.AddContactAsync("carl@back.example", "Carl"), await account.AddContactAsync("eve@back.example", "Eve"),
            await account.AddContactAsync("away@back.example", "Away"));
        var ids = new List<(long Mail, string MessageId)>();
        foreach (var (contact, address, cc) in new[] { (bob, "bob@back.example", ""), (carl, "carl@back.example", "dora@back.example"), (eve, "eve@back.example", ""), (away, "away@back.example", "") })
        {
            var id = await account.WriteAsync(contact, Writing.Draft(cc: cc));
            await account.MailAsync(id, "sent");
            ids.Add((id, product.ByMailbox(address).MessageId!));
        }

        // What the mailbox's own server refuses at once is weighed the same.
        var none = await account.AddContactAsync("r-550-5.1.1@back.example", "None");
        await account.MailAsync(await account.WriteAsync(none), "failed");
        (await account.ActivitiesAsync(none)).Single(a => a.Kind == "personal.bounced").Data.GetProperty("kind").GetString().ShouldBe("hard");

        // As Postfix writes it, without a reference in its own header; and as qmail does, in words alone.
        foreach (var mail in new[]
        {
            Report("bob@back.example", "failed", "5.1.1", "550 5.1.1 <bob@back.example>: User unknown \u0007<b>", ids[0].MessageId),
            Report("DORA@back.example", "failed", "5.2.2", "552 5.2.2 Mailbox full", ids[1].MessageId),
            Report("carl@back.example", "delayed", "4.4.1", "451 4.4.1 No answer from host", ids[1].MessageId),
            Report("carl@back.example", "failed", "5.1.1", "550 5.1.1 User unknown", "<somebody-else@x>"),
            "Return-Path: <>\nFrom: MAILER-DAEMON@there.example\nSubject: failure notice\nMessage-ID: <q1@there.example>\n\nHi. This is the qmail-send program.\n\n<eve@back.example>:\n"
                + $"Sorry, no mailbox here by that name. (#5.1.1)\n\n--- Below this line is a copy of the message.\n\nMessage-ID: {ids[2].MessageId}\nSubject: Hello\n\nHi\n",
            // A person who quotes a report is no mail system.
            $"From: carl@back.example\nSubject: look\nMessage-ID: <p1@x>\nReferences: <nobody@x>\n\ncarl@back.example: 550 5.1.1 unknown {ids[1].MessageId}\n",
        })
        {
            await product.Dovecot.DeliverAsync(user, mail);
        }

        var no = 0;
        foreach (var mark in new[] { "Auto-Submitted: auto-replied\n", "X-Autoreply: yes\n", "Precedence: bulk\n", "Auto-Submitted: auto-generated (rejected)\n", "X-Auto-Response-Suppress: All\nX-MS-Exchange-Inbox-Rules-Loop: away@back.example\n" })
        {
            await product.Dovecot.DeliverAsync(user, Answer("away@back.example", $"<away{no++}@x>", ids[3].MessageId, "I am away", mark));
        }

        await product.Dovecot.DeliverAsync(
            user, Answer("away@back.example", "<away@x>", ids[3].MessageId, "I am away").Replace("Subject: Re:", "Subject: Automatische Antwort:", StringComparison.Ordinal));

        await account.ReadThroughAsync(0);
        foreach (var round in new[] { "first", "numbered anew" })
        {
            var first = await account.GetAsync($"personal-mails/{ids[0].Mail}");
            ((string)first["state"]!, (string)first["recipients"]![0]!["state"]!, (string)first["recipients"]![0]!["reason"]!).ShouldBe(("failed", "failed", "no_user"), round);
            ((string)first["recipients"]![0]!["reply"]!).ShouldBe("550 5.1.1 <bob@back.example>: User unknown <b>");
            var second = await account.GetAsync($"personal-mails/{ids[1].Mail}");
            second["recipients"]!.AsArray().Select(r => $"{r!["state"]} {r["reason"]}").ShouldBe(["sent ", "failed mailbox_full"], round);
            ((string)second["state"]!).ShouldBe("sent");
            ((string)(await account.GetAsync($"personal-mails/{ids[2].Mail}"))["recipients"]![0]!["reason"]!).ShouldBe("no_user");
            var stream = await account.ActivitiesAsync(bob);
            stream.Where(a => a.Kind.StartsWith("personal.", StringComparison.Ordinal)).Select(a => a.Kind).ShouldBe(["personal.sent", "personal.bounced"], round);
            var told = stream.Single(a => a.Kind == "personal.bounced").Data;
            (told.GetProperty("class").GetString(), told.GetProperty("kind").GetString(), told.GetProperty("reply").GetString()).ShouldBe(("no_user", "hard", "550 5.1.1 <bob@back.example>: User unknown <b>"));
            (await account.ActivitiesAsync(carl)).Select(a => a.Kind).ShouldBe(["personal.sent"]);
            (await account.ActivitiesAsync(away)).Select(a => a.Kind).ShouldBe(["personal.sent"], "absence notes");
            (await account.RepliesAsync()).ShouldBe(0);
            await using (var work = await account.BeginAsync())
            {
                // What is hard stops the address for all mail; a full mailbox does not.
                (await Sql.Of($"select address from messaging.suppression where account_id = {account.Id} order by 1").ListAsync<string>(work, Token)).ShouldBe(["bob@back.example", "eve@back.example", "r-550-5.1.1@back.example"]);
            }

            product.Dovecot.Renumber(user);
            await account.ReadThroughAsync(0);
        }
    }

    [Fact]
    public async Task A_mailbox_that_does_not_work_is_not_stored_and_the_field_at_fault_is_named()
    {
        var account = await product.NewAccountAsync();
        foreach (var (member, value, path, code) in new (string, object?, string, string)[]
        {
            ("password", "wrong", "/password", "login_refused"), ("imap_port", 25, "/imap_host", "not_reached"), ("imap_port", product.Outgoing.Port, "/imap_port", "not_imap"),
            ("imap_tls", "start_tls", "/imap_tls", "tls_failed"), ("smtp_tls", "start_tls", "/smtp_tls", "tls_failed"), ("smtp_port", product.Dovecot.Port, "/smtp_host", "refused"),
            ("imap_port", 6379, "/imap_port", "port_not_allowed"), ("imap_host", "a b", "/imap_host", "host_invalid"), ("email", "x", "/email", "email_invalid"),
            ("sent_folder", "No such", "/sent_folder", "folder_missing"), ("user_name", "a\r\nb", "/user_name", "length"), ("smtp_host", "localhost.localdomain.invalid", "/smtp_host", "not_reached"),
        })
        {
            var input = Writing.MailboxOf(product, $"u{account.Id}");
            input[member] = value;
            var (status, body) = await account.TryAsync(HttpMethod.Post, "mailboxes", input);
            status.ShouldBe(422, member);
            body["errors"]!.AsArray().Select(e => ((string)e!["path"]!, (string)e["code"]!)).ShouldContain((path, code), body.ToJsonString());
        }

        (await account.GetAsync("mailboxes"))["mailboxes"]!.AsArray().ShouldBeEmpty();
        await account.ConnectAsync(product);
        var view = (await account.GetAsync("mailboxes"))["mailboxes"]![0]!;
        view.ToJsonString().ShouldNotContain(Dovecot.Secret);
        await using var work = await account.BeginAsync();
        var stored = await Sql.Of($"select password from personal.mailbox where account_id = {account.Id}").FirstAsync<byte[]>(work, Token);
        stored!.AsSpan().IndexOf(Encoding.UTF8.GetBytes(Dovecot.Secret)).ShouldBe(-1);

        // A stored password does not follow its mailbox to another server.
        var moved = Writing.MailboxOf(product, $"u{account.Id}");
        (moved["password"], moved["smtp_host"]) = (null, "localhost");
        var (refused, why) = await account.TryAsync(HttpMethod.Put, $"mailboxes/{view["id"]}", moved);
        (refused, (string?)why["errors"]?[0]?["path"]).ShouldBe((422, "/password"));
    }

    [Fact]
    public async Task What_a_dead_process_had_in_hand_is_tried_again_with_the_same_message_id_and_a_lease_keeps_others_away()
    {
        var account = await product.NewAccountAsync();
        var user = await account.ConnectAsync(product);
        var bob = await account.AddContactAsync("bob@crash.example");
        await using (var work = await account.BeginAsync())
        {
            // Somebody else works on it.
            await Sql.Of($"update personal.mailbox set lease_until = {product.Now.AddMinutes(10)}, epoch = epoch + 1 where account_id = {account.Id}").ExecuteAsync(work, Token);
            await work.CommitAsync(Token);
        }

        var id = await account.WriteAsync(bob);
        var pass = product.Services.GetRequiredService<Millrace.PersonalMail.Mailboxes.WorkOnMailboxes>();
        await pass.RunOnceAsync(Token);
        product.Outgoing.Messages.ShouldNotContain(m => m.To.Contains("bob@crash.example"));
        await using (var work = await account.BeginAsync())
        {
            // He handed over, and died.
            await Sql.Of($"update personal.recipient set state = 'handoff', attempts = 1 where account_id = {account.Id} and mail_id = {id}").ExecuteAsync(work, Token);
            await Sql.Of($"update personal.mailbox set lease_until = null where account_id = {account.Id}").ExecuteAsync(work, Token);
            await work.CommitAsync(Token);
        }

        await Product.EventuallyAsync(
            async () =>
            {
                await pass.RunOnceAsync(Token);
                return (string)(await account.GetAsync($"personal-mails/{id}"))["recipients"]![0]!["state"]! == "deferred";
            },
            "it is ambiguous");
        product.Outgoing.Messages.ShouldNotContain(m => m.To.Contains("bob@crash.example"));
        await product.AdvanceAsync(TimeSpan.FromMinutes(2));
        await account.LogInAgainAsync();
        await account.MailAsync(id, "sent");
        await using (var work = await account.BeginAsync())
        {
            var messageId = await Sql.Of($"select message_id from personal.mail where account_id = {account.Id} and id = {id}").FirstAsync<string>(work, Token);
            product.ByMailbox("bob@crash.example").MessageId.ShouldBe(messageId);
        }

        // Disconnected: what still waits fails and says so, and the user writes by the account's server again.
        await product.AdvanceAsync(TimeSpan.FromMinutes(1));
        var box = (await account.GetAsync("mailboxes"))["mailboxes"]![0]!["id"]!.GetValue<long>();
        await account.App.DeleteAsync(new Uri($"mailboxes/{box}", UriKind.Relative), Token);
        (await account.GetAsync($"contacts/{bob}/personal-draft"))["froms"]![0]!["mailbox_id"].ShouldBeNull();
        user.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task A_step_writes_in_a_users_name_once_however_often_it_is_tried_and_is_taken_back_while_it_waits()
    {
        var account = await product.NewAccountAsync();
        var (bob, nobodys) = (await account.AddContactAsync("bob@step.example"), await account.AddContactAsync("carl@step.example", "Carl"));
        await using (var work = await account.BeginAsync())
        {
            await Sql.Of($"update contacts.contact set owner_id = {account.UserId} where account_id = {account.Id} and id = {bob}").ExecuteAsync(work, Token);
            await work.CommitAsync(Token);
        }

        var action = product.Services.GetRequiredService<Catalogue<AutomationAction>>().All.Single(a => a.Key == "personal.send");
        var errors = new List<Kernel.Errors.FieldError>();
        var settings = SettingsReader.Read(
            action.SettingsType, System.Text.Json.JsonElement.Parse("""{ "subject": "Hi %FIRSTNAME%", "body": "How are you, %FIRSTNAME%?\n\nAda <ada>" }"""), "", errors)!;
        errors.ShouldBeEmpty();
        async Task<string?[]> Run(bool isEnded, params (long Contact, int Visit)[] runs)
        {
            await using var work = await account.BeginAsync();
            var outcomes = await action.ExecuteAsync(
                new ActionBatch(
                    work.Transaction, account.Id, 7, "s", "UTC", product.Now, [.. runs.Select(r => new BatchRun(100 + r.Contact, r.Contact, r.Visit, product.Now, product.Now, null, false))]),
                settings, Token);
            if (isEnded)
            {
                // A person ends the run: what has not gone does not go.
                await action.WithdrawAsync(work.Transaction, account.Id, 7, [.. runs.Select(r => 100 + r.Contact)], Token);
            }

            await work.CommitAsync(Token);
            return [.. outcomes.Select(o => o.Result)];
        }

        await Run(true, (bob, 1));
        (await Run(false, (bob, 2), (nobodys, 2))).ShouldBe([null, "skipped_no_sender"]);
        (await Run(false, (bob, 2), (nobodys, 2))).ShouldBe([null, "skipped_no_sender"]);
        product.Services.GetRequiredService<Contracts.IOutbox>().Wake();
        await Product.EventuallyAsync(() => Task.FromResult(product.Sink.Messages.Any(m => m.To.Contains("bob@step.example"))), "the mail came", 60);
        var mail = product.Mail("bob@step.example");
        (mail.Subject, mail.TextBody!.Trim().ReplaceLineEndings("\n")).ShouldBe(("Hi Bob", "How are you, Bob?\n\nAda <ada>"));
        await account.MailAsync((await account.GetAsync($"contacts/{bob}/personal-mails"))["mails"]![0]!["id"]!.GetValue<long>(), "sent");
        (await account.GetAsync($"contacts/{bob}/personal-mails"))["mails"]!.AsArray().Select(m => (string)m!["state"]!).ShouldBe(["sent", "cancelled"]);
    }

    private static string Report(string recipient, string action, string status, string words, string of) =>
        $"""
        Return-Path: <>
        From: MAILER-DAEMON@mx.box.example (Mail Delivery System)
        Subject: Undelivered Mail Returned to Sender
        Message-ID: <{Guid.NewGuid():n}@mx.box.example>
        Auto-Submitted: auto-replied
        MIME-Version: 1.0
        Content-Type: multipart/report; report-type=delivery-status; boundary="b/1"

        --b/1
        Content-Type: text/plain

        I'm sorry to have to inform you that your message could not be delivered.

        --b/1
        Content-Type: message/delivery-status

        Reporting-MTA: dns; mx.box.example

        Final-Recipient: rfc822; {recipient}
        Action: {action}
        Status: {status}
        Diagnostic-Code: smtp; {words}

        --b/1
        Content-Type: text/rfc822-headers

        From: Ada <me@box.example>
        Subject: Hello
        Message-ID: {of}

        --b/1--
        """;

    private static string Answer(string from, string id, string to, string text, string headers = "") =>
        $"From: {from}\nTo: me@box.example\nSubject: Re: Hello\nMessage-ID: {id}\nIn-Reply-To: {to}\nReferences: <other@x> {to}\nDate: Sun, 22 Nov 2026 10:00:00 +0000 (UTC)\n{headers}Content-Type: text/plain; charset=utf-8\n\n{text}\n";
}
