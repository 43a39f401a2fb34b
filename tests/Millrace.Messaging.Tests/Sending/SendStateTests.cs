using Microsoft.Extensions.DependencyInjection;
using Millrace.Kernel.Data;
using Millrace.Messaging.Contracts;
using Millrace.Messaging.Suppression;
using Millrace.TestKit;

namespace Millrace.Messaging.Tests.Sending;

public sealed class SendStateTests(MailProduct product) : IClassFixture<MailProduct>
{
    [Theory]
    [InlineData("plain", "sent", "sent")]
    [InlineData("r-550-5.1.1", "failed", "no_user")]
    [InlineData("r-450", "deferred", "temporary")]
    [InlineData("r-452-4.2.2", "deferred", "mailbox_full")]
    [InlineData("m-421", "deferred", "busy")]
    [InlineData("m-550", "deferred", "sender_config")]
    [InlineData("dot-554-5.7.1", "failed", "blocked")]
    [InlineData("dot-451", "deferred", "temporary")]
    [InlineData("dot-421-4.7.28", "deferred", "throttled")]
    [InlineData("r-garbage", "sent", "sent")]
    [InlineData("drop-rcpt", "deferred", "host_down")]
    [InlineData("acceptdrop", "ambiguous", "host_down")]
    [InlineData("accept-rst", "ambiguous", "host_down")]
    public async Task Each_answer_of_a_server_leads_to_its_state(string directive, string state, string reason)
    {
        var account = await product.NewAccountAsync();
        var contact = await account.AddContactAsync($"{directive}+{account.Id}@d{account.Id}.example");
        await account.QueueAsync([contact]);

        var send = (await account.DispatchedAsync()).ShouldHaveSingleItem();

        (send.State, send.Reason).ShouldBe((state, reason));
        (send.NextAt is null).ShouldBe(state is "sent" or "failed");
        send.Attempts.ShouldBe((short)1);
    }

    [Fact]
    public async Task A_hard_bounce_marks_the_contact_and_its_address_is_never_tried_again()
    {
        var account = await product.NewAccountAsync();
        var contact = await account.AddContactAsync("r-550-5.1.1+hard@hard.example");
        await account.QueueAsync([contact]);
        await account.DispatchedAsync();

        var bounce = (await account.ActivitiesOfKindAsync(contact, "email.bounced")).ShouldHaveSingleItem();
        bounce.GetProperty("hard").GetBoolean().ShouldBeTrue();
        bounce.GetProperty("class").GetString().ShouldBe("no_user");
        (await account.QueueAsync([contact], runId: 2)).ShouldBe(["bounced"]);
        (await account.SendsAsync()).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_deferred_mail_is_tried_again_when_its_time_has_come()
    {
        var account = await product.NewAccountAsync();
        var contact = await account.AddContactAsync("r-450+again@again.example");
        await account.QueueAsync([contact]);
        await account.DispatchedAsync();

        await product.AdvanceAsync(TimeSpan.FromMinutes(7));
        await Product.EventuallyAsync(async () => (await account.SendsAsync())[0].Attempts == 2, "a second attempt");
        await product.AdvanceAsync(TimeSpan.FromHours(73));

        await Product.EventuallyAsync(async () => (await account.SendsAsync())[0].State == "failed", "given up");
        (await account.SendsAsync())[0].Reason.ShouldBe("expired");
    }

    [Fact]
    public async Task A_lost_answer_is_repeated_at_most_twice_with_the_same_message_id()
    {
        var account = await product.NewAccountAsync();
        const string to = "acceptdrop+lost@lost.example";
        var contact = await account.AddContactAsync(to);
        await account.QueueAsync([contact]);
        for (short copies = 1; copies <= 3; copies++)
        {
            var expected = copies;
            await Product.EventuallyAsync(async () => (await account.SendsAsync())[0].Ambiguities == expected, $"{expected} lost answers");
            await product.AdvanceAsync(TimeSpan.FromSeconds(61));
        }

        var send = (await account.DispatchedAsync()).ShouldHaveSingleItem();
        send.State.ShouldBe("unknown");
        var copiesTaken = product.Sink.Messages.Where(m => m.To.Contains(to)).ToList();
        copiesTaken.Count.ShouldBe(3);
        copiesTaken.Select(m => Mail.Mime.MimeParser.Parse(m.Bytes).MessageId).Distinct().Count().ShouldBe(1);
    }

    [Fact]
    public async Task A_hand_over_whose_owner_died_waits_a_minute_and_is_repeated()
    {
        var account = await product.NewAccountAsync();
        var contact = await account.AddContactAsync("orphan@orphan.example");
        var outbox = product.Services.GetRequiredService<IOutbox>();
        await using (var work = await account.BeginAsync())
        {
            // As a crash leaves it: handed over under a lease that is no more.
            var version = await outbox.FreezeStepAsync(work.Transaction, account.Id, 900, "hello", Mailing.Content(), CancellationToken.None);
            await outbox.QueueAsync(
                work.Transaction, account.Id, version, new SendSource(SendSourceKind.Automation, product.Now, 900, "hello"),
                [new SendRecipient(1, contact, 1)], CancellationToken.None);
            await Sql.Of($"update messaging.send set state = 'handoff', epoch = -1, attempts = 1 where account_id = {account.Id}")
                .ExecuteAsync(work, CancellationToken.None);
            await work.CommitAsync(CancellationToken.None);
        }

        outbox.Wake();
        var send = (await account.DispatchedAsync()).ShouldHaveSingleItem();
        (send.State, send.Ambiguities, send.Reason).ShouldBe(("ambiguous", (short)1, "owner_lost"));
        product.Sink.Messages.ShouldNotContain(m => m.To.Contains("orphan@orphan.example"));

        await product.AdvanceAsync(TimeSpan.FromSeconds(61));
        await Product.EventuallyAsync(async () => (await account.SendsAsync())[0].State == "sent", "repeated");
        product.Sink.Messages.Count(m => m.To.Contains("orphan@orphan.example")).ShouldBe(1);
    }

    [Fact]
    public async Task No_mail_goes_to_an_address_that_was_suppressed_before_its_hand_over()
    {
        var account = await product.NewAccountAsync();
        var contacts = new List<long>();
        for (var i = 0; i < 150; i++)
        {
            contacts.Add(await account.AddContactAsync($"race{i}@race.example"));
        }

        await account.QueueAsync(contacts);
        var stopped = new List<long>();
        for (var i = 0; i < contacts.Count; i += 3)
        {
            await using var work = await account.BeginAsync();
            await SuppressionBook.AddAsync(
                work.Transaction, account.Id, [$"race{i}@race.example"], SuppressionReason.Complaint, null, "", product.Now, CancellationToken.None);

            // The gate is ours until the commit: who is not handed over by now must never be.
            if (await Sql.Of($"select state from messaging.send where account_id = {account.Id} and contact_id = {contacts[i]}")
                .FirstAsync<string>(work, CancellationToken.None) is "queued")
            {
                stopped.Add(contacts[i]);
            }

            await work.CommitAsync(CancellationToken.None);
        }

        var sends = await account.DispatchedAsync();
        sends.Where(s => stopped.Contains(s.ContactId)).ShouldAllBe(s => s.State == "suppressed" && s.Reason == "complaint");
        sends.Count(s => s.State is "sent").ShouldBe(contacts.Count - stopped.Count);
        product.Sink.Messages.Count(m => m.To[0].EndsWith("@race.example", StringComparison.Ordinal)).ShouldBe(contacts.Count - stopped.Count);
    }

    [Fact]
    public async Task Recipients_are_accounted_for_at_every_moment()
    {
        var account = await product.NewAccountAsync();
        string[] kinds = ["ok", "r-550-5.1.1", "r-450", "acceptdrop", "dot-554-5.7.1"];
        var contacts = new List<long>();
        for (var i = 0; i < 60; i++)
        {
            contacts.Add(await account.AddContactAsync($"{kinds[i % kinds.Length]}+{i}@account{i % 7}.example"));
        }

        await account.QueueAsync(contacts);
        string[] states = ["queued", "handoff", "ambiguous", "deferred", "sent", "failed", "suppressed", "cancelled", "unknown"];
        List<SendRow> rows;
        do
        {
            rows = await account.SendsAsync();
            rows.Count.ShouldBe(contacts.Count);
            rows.ShouldAllBe(r => states.Contains(r.State) && (r.NextAt == null) == (r.State != "queued" && r.State != "handoff" && r.State != "ambiguous" && r.State != "deferred"));
        }
        while (rows.Any(r => r.State is "queued" or "handoff"));

        rows.Count(r => r.State == "sent").ShouldBe(12);
        rows.Count(r => r.State == "failed").ShouldBe(24);
        rows.Count(r => r.State == "deferred").ShouldBe(12);
        rows.Count(r => r.State == "ambiguous").ShouldBe(12);
    }

    [Theory]
    [InlineData("exactly", "vip@ex.example", "excluded")]
    [InlineData("ends_with", "@ex.example", "excluded")]
    [InlineData("begins_with", "vip@", "excluded")]
    [InlineData("domain", "ex.example", "excluded")]
    [InlineData("domain", "example", null)]
    [InlineData("exactly", "other@ex.example", null)]
    [InlineData("ends_with", "%", null)]
    public async Task Exclusion_patterns_hold_mail_back(string mode, string pattern, string? expected)
    {
        var account = await product.NewAccountAsync();
        var contact = await account.AddContactAsync("vip@ex.example");
        await using (var work = await account.BeginAsync())
        {
            await Sql.Of($"insert into messaging.exclusion (account_id, mode, pattern, created_at) values ({account.Id}, {mode}, {pattern}, {product.Now})")
                .ExecuteAsync(work, CancellationToken.None);
            await work.CommitAsync(CancellationToken.None);
        }

        (await account.QueueAsync([contact])).ShouldBe([expected]);
    }

    [Fact]
    public async Task Cancelling_an_automation_takes_back_what_waits()
    {
        var account = await product.NewAccountAsync();
        var contact = await account.AddContactAsync("r-450+cancel@cancel.example");
        await account.QueueAsync([contact]);
        await account.DispatchedAsync();
        await using (var work = await account.BeginAsync())
        {
            (await product.Services.GetRequiredService<IOutbox>().CancelAsync(work.Transaction, account.Id, 900, null, CancellationToken.None)).ShouldBe(1);
            await work.CommitAsync(CancellationToken.None);
        }

        (await account.SendsAsync())[0].State.ShouldBe("cancelled");
    }
}
