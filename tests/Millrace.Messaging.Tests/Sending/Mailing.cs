using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Millrace.Kernel.Data;
using Millrace.Mail.Receiving;
using Millrace.Messaging.Contracts;
using Millrace.TestKit;

namespace Millrace.Messaging.Tests.Sending;

/// <summary>The product with a mail sink beside it that can be told to misbehave.</summary>
public class MailProduct : Product
{
    public FaultSink Sink { get; } = FaultSink.Start();

    protected override IEnumerable<KeyValuePair<string, string?>> Settings =>
    [
        new("Millrace:Smtp:Url", FormattableString.Invariant($"smtp://127.0.0.1:{Sink.Port}?tls=none")),
        new("Millrace:PublicUrl", "https://mail.example.test"),
        new("Millrace:Sending:Caps:slow.example:PerSecond", "5"),
        new("Millrace:Sending:Caps:slow.example:Connections", "2"),
    ];

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Sink.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}

/// <summary>A ledger row as tests look at it.</summary>
public sealed record SendRow(
    long Id, string State, short Attempts, short Ambiguities, string? Reason, string? SentTo, DateTimeOffset? NextAt, short? ReplyCode, long ContactId);

/// <summary>Short ways to contacts, sends and what became of them.</summary>
public static class Mailing
{
    public static MessageContent Content(string html = "<p>Hi %FIRSTNAME|there%</p>", string subject = "Hello %FIRSTNAME|there%", MessageKind kind = MessageKind.Marketing) =>
        new(kind, subject, "", "Ann", "ann@sender.example", "", html, null, "");

    public static async Task<long> AddContactAsync(this TestAccount account, string email, string firstName = "Bob")
    {
        await using var work = await account.BeginAsync();
        var now = account.Product.Now;
        var id = await Sql.Of($"""
            insert into contacts.contact (account_id, email, first_name, created_at, updated_at) values ({account.Id}, {email}, {firstName}, {now}, {now}) returning id
            """).FirstAsync<long>(work, CancellationToken.None);
        await work.CommitAsync(CancellationToken.None);
        return id;
    }

    /// <summary>Queues a step's mail to the contacts, as the automation's action does.</summary>
    public static async Task<IReadOnlyList<string?>> QueueAsync(
        this TestAccount account, IReadOnlyList<long> contacts, MessageContent? content = null, long runId = 1, IReadOnlyList<long>? lists = null,
        SendSourceKind kind = SendSourceKind.Automation, long automationId = 900, string step = "hello")
    {
        var outbox = account.Product.Services.GetRequiredService<IOutbox>();
        await using var work = await account.BeginAsync();
        var version = await outbox.FreezeStepAsync(work.Transaction, account.Id, automationId, step, content ?? Content(), CancellationToken.None);
        var refused = await outbox.QueueAsync(
            work.Transaction, account.Id, version, new SendSource(kind, account.Product.Now, automationId, step, lists),
            [.. contacts.Select(c => new SendRecipient(runId, c, 1))], CancellationToken.None);
        await work.CommitAsync(CancellationToken.None);
        outbox.Wake();
        return refused;
    }

    /// <summary>From now on machines' opens and clicks are no doing of contacts.</summary>
    public static async Task FilterMachinesAsync(this TestAccount account, bool filter = true) =>
        await account.PutAsync("mail-tracking", new { filter_machines = filter, utm = (object?)null });

    public static async Task<List<SendRow>> SendsAsync(this TestAccount account)
    {
        await using var work = await account.BeginAsync();
        return await Sql.Of($"""
            select id, state, attempts, ambiguities, reason, sent_to, next_at, reply_code, contact_id from messaging.send where account_id = {account.Id} order by id
            """).ListAsync<SendRow>(work, CancellationToken.None);
    }

    /// <summary>Waits until no send of the account is queued or in hand-over.</summary>
    public static async Task<List<SendRow>> DispatchedAsync(this TestAccount account, double seconds = 20)
    {
        List<SendRow> rows = [];
        await Product.EventuallyAsync(
            async () => (rows = await account.SendsAsync()).TrueForAll(r => r.State is not ("queued" or "handoff")), "all mails are dispatched", seconds);
        return rows;
    }

    public static async Task<List<JsonElement>> ActivitiesOfKindAsync(this TestAccount account, long contactId, string kind) =>
        [.. (await account.ActivitiesAsync(contactId)).Where(a => a.Kind == kind).Select(a => a.Data)];
}

public static class Received
{
    /// <summary>The one mail that the sink took for an address.</summary>
    public static Millrace.Mail.Mime.ParsedMail Mail(this MailProduct product, string to) =>
        Millrace.Mail.Mime.MimeParser.Parse(product.Sink.Messages.Single(m => m.To.Contains(to)).Bytes);
}
