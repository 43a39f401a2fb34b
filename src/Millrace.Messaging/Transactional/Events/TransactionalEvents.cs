using System.Text.Json;
using Millrace.Kernel.Data;
using Millrace.Kernel.Workers;
using Millrace.Mail.Smtp;
using Millrace.Messaging.Contracts;
using Millrace.Messaging.Sending;
using Npgsql;

namespace Millrace.Messaging.Transactional.Events;

/// <summary>
/// Writes down what happens to transactional mails, in the transaction in which it happens: results of the dispatcher, reports that come later, readers
/// who leave. <see cref="TellTransactional"/> hands it on.
/// </summary>
internal sealed class TransactionalEvents(WorkSignal signal, TimeProvider clock) : ITransactionalFeedback
{
    public void Wake() => signal.Pulse(nameof(TellTransactional));

    /// <summary>Results of attempts: taken, put off for the first time, refused for good.</summary>
    public async Task ResultsAsync(NpgsqlTransaction transaction, IReadOnlyList<SendResult> results, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var facts = new List<Fact>();
        foreach (var result in results.Where(r => r.Parcel.Send.SourceKind == SendSourceKind.Transactional))
        {
            var (send, reply) = (result.Parcel.Send, result.Reply?.ToString());
            var hard = result.Counts == AddressCount.Hard;
            if (result.State == SendState.Sent)
            {
                facts.Add(new(send.AccountId, send.Id, send.SourceId, send.RecipientNo, "delivered", Data(new { reply }), false));
            }
            else if (result.State is SendState.Failed)
            {
                facts.Add(new(send.AccountId, send.Id, send.SourceId, send.RecipientNo, "bounced", Bounce(result.Class, hard, reply), hard));
            }
            else if (result.State == SendState.Deferred && result.Counted && result.Parcel.Attempt == 1)
            {
                facts.Add(new(send.AccountId, send.Id, send.SourceId, send.RecipientNo, "delayed", Data(new { @class = result.Class, reply }), false));
            }
        }

        await WriteAsync(transaction, facts, now, cancellationToken);
    }

    /// <summary>Mails that ended without an attempt: their address was suppressed meanwhile, or they could not be made.</summary>
    public Task SettledAsync(
        NpgsqlTransaction transaction, IReadOnlyList<(DueSend Send, SendState State, string Reason)> settled, DateTimeOffset now, CancellationToken cancellationToken) =>
        WriteAsync(transaction, [.. settled.Select(s => new Fact(
            s.Send.AccountId, s.Send.Id, s.Send.SourceId, s.Send.RecipientNo, s.State == SendState.Suppressed ? "suppressed" : "bounced",
            s.State == SendState.Suppressed ? Data(new { reason = s.Reason }) : Bounce(s.Reason, false, null), false))], now, cancellationToken);

    public async Task<bool> BouncedAsync(
        NpgsqlTransaction transaction, long accountId, long sendId, bool hard, string @class, string? details, CancellationToken cancellationToken)
    {
        if (await FindAsync(transaction, accountId, sendId, cancellationToken) is not { } mail)
        {
            return false;
        }

        await WriteAsync(transaction, [new(accountId, sendId, mail.MailId, mail.No, "bounced", Bounce(@class, hard, details), hard)], clock.GetUtcNow(), cancellationToken);
        return true;
    }

    public async Task<bool> ComplainedAsync(NpgsqlTransaction transaction, long accountId, long sendId, string? details, CancellationToken cancellationToken)
    {
        if (await FindAsync(transaction, accountId, sendId, cancellationToken) is not { } mail)
        {
            return false;
        }

        var now = clock.GetUtcNow();
        await WriteAsync(transaction, [new(accountId, sendId, mail.MailId, mail.No, "complained", Data(new { type = BounceType.Complaint.Key, reply = details }), false)], now, cancellationToken);
        await SuppressAsync(transaction, accountId, mail.StreamId, [mail.Address], StreamSuppressionReason.SpamComplaint, SuppressionOrigin.Recipient, now, cancellationToken);
        return true;
    }

    public Task<long?> SendOfAsync(NpgsqlTransaction transaction, long accountId, Guid guid, string recipient, CancellationToken cancellationToken) => Sql.Of($"""
        select max(r.send_id) filter (where r.address_key = {recipient.ToLowerInvariant()} or (select count(*) from messaging.mail_recipient o where o.account_id = r.account_id and o.mail_id = r.mail_id) = 1)
        from messaging.mail m
        join messaging.mail_recipient r on r.account_id = m.account_id and r.mail_id = m.id
        where m.account_id = {accountId} and m.guid = {guid}
        """).FirstAsync<long?>(transaction, cancellationToken);

    /// <summary>The reader of a stream's mail leaves it.</summary>
    /// <returns>False when the send is no transactional mail.</returns>
    public async Task<bool> UnsubscribedAsync(NpgsqlTransaction transaction, long accountId, long sendId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await FindAsync(transaction, accountId, sendId, cancellationToken) is not { } mail)
        {
            return false;
        }

        var added = await SuppressAsync(
            transaction, accountId, mail.StreamId, [mail.Address], StreamSuppressionReason.ManualSuppression, SuppressionOrigin.Recipient, now, cancellationToken);
        if (added.Count > 0)
        {
            await WriteAsync(
                transaction, [new(accountId, sendId, mail.MailId, mail.No, "unsubscribed", Data(new { reason = "ManualSuppression", origin = "Recipient" }), false)], now, cancellationToken);
        }

        return true;
    }

    /// <summary>A stream sends nothing more to these from the commit on. A complaint replaces every other reason, and stays.</summary>
    /// <returns>Those that were not suppressed before.</returns>
    public static Task<List<string>> SuppressAsync(
        NpgsqlTransaction transaction, long accountId, long streamId, string[] addresses, StreamSuppressionReason reason, SuppressionOrigin origin, DateTimeOffset now,
        CancellationToken cancellationToken) => Sql.Of($"""
        insert into messaging.stream_suppression as x (account_id, stream_id, address, reason, origin, created_at)
        select distinct {accountId}, {streamId}, a, {reason}, {origin}, {now} from unnest({addresses}) a
        on conflict (account_id, stream_id, address) do update set reason = excluded.reason, origin = excluded.origin
        where excluded.reason = 'spam_complaint' and x.reason <> 'spam_complaint'
        returning address
        """).ListAsync<string>(transaction, cancellationToken);

    private static Task<Mail?> FindAsync(NpgsqlTransaction transaction, long accountId, long sendId, CancellationToken cancellationToken) => Sql.Of($"""
        select r.mail_id, r.no, m.stream_id, r.address_key
        from messaging.send s
        join messaging.mail_recipient r on r.account_id = s.account_id and r.mail_id = s.source_id and r.no = s.recipient_no and r.send_id = s.id
        join messaging.mail m on m.account_id = r.account_id and m.id = r.mail_id
        where s.account_id = {accountId} and s.id = {sendId} and s.source_kind = 'transactional'
        """).FirstAsync<Mail>(transaction, cancellationToken);

    /// <summary>Facts of sends that are no mails with content of their own are passed over.</summary>
    private async Task WriteAsync(NpgsqlTransaction transaction, IReadOnlyList<Fact> facts, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (facts.Count == 0)
        {
            return;
        }

        await Sql.Of($"""
            with f as materialized (
                select f.*, m.stream_id, r.address_key
                from unnest({facts.Select(f => f.AccountId).ToArray()}, {facts.Select(f => f.SendId).ToArray()}, {facts.Select(f => f.MailId).ToArray()},
                            {facts.Select(f => f.RecipientNo).ToArray()}, {facts.Select(f => f.Kind).ToArray()}, {JsonText.Array([.. facts.Select(f => f.Data)])},
                            {facts.Select(f => f.Hard).ToArray()}) with ordinality as f (account_id, send_id, mail_id, no, kind, data, hard, place)
                join messaging.mail_recipient r on r.account_id = f.account_id and r.mail_id = f.mail_id and r.no = f.no and r.send_id = f.send_id
                join messaging.mail m on m.account_id = r.account_id and m.id = r.mail_id),
            gone as (
                insert into messaging.stream_suppression (account_id, stream_id, address, reason, origin, created_at)
                select distinct account_id, stream_id, address_key, 'hard_bounce', 'recipient', {now} from f where hard and address_key <> ''
                on conflict do nothing)
            insert into messaging.mail_event (account_id, mail_id, recipient_no, kind, occurred_at, data)
            select account_id, mail_id, no, kind, {now}, data from f order by place
            """).ExecuteAsync(transaction, cancellationToken);
        Wake();
    }

    private static string Bounce(string @class, bool hard, string? reply) => Data(new { type = BounceType.OfClass(@class, hard).Key, @class, hard, reply });

    private static string Data<T>(T value) => JsonSerializer.Serialize(value);

    private sealed record Fact(long AccountId, long SendId, long MailId, short RecipientNo, string Kind, string Data, bool Hard);

    private sealed record Mail(long MailId, short No, long StreamId, string Address);
}
