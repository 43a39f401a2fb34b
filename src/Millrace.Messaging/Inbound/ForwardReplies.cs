using Microsoft.Extensions.Logging;
using Millrace.Kernel.Data;
using Millrace.Kernel.Workers;
using Millrace.Mail.Mime;
using Millrace.Mail.Smtp;
using Millrace.Messaging.Sending;
using Npgsql;

namespace Millrace.Messaging.Inbound;

/// <summary>
/// Sends replies on to the real address. Like every mail: the hand-over is committed before the first byte, so a crash sends one again at most twice, and
/// nothing is lost.
/// </summary>
internal sealed partial class ForwardReplies(
    NpgsqlDataSource database, Postroom postroom, InboundRecipients recipients, TimeProvider clock, ILogger<ForwardReplies> logger) : IWorkerPass
{
    private const int Batch = 20;
    private const int MaxTries = 12;
    private const int MaxUnanswered = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(12);

    public async Task<int> RunOnceAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        List<Due> due;
        await using (var work = await AccountTransaction.ForAllAccountsAsync(database, cancellationToken))
        {
            // Whoever hands over has until then to answer; a row that is due again in that state was left behind by a crash.
            due = await Sql.Of($"""
                update messaging.inbound_mail m
                set forward_state = 'handed_over', forward_tries = m.forward_tries + 1, forward_at = {now + Patience}
                from (select account_id, id from messaging.inbound_mail
                      where forward_state in ('queued', 'handed_over') and forward_at <= {now}
                      order by forward_at limit {Batch} for update skip locked) d
                where m.account_id = d.account_id and m.id = d.id
                returning m.account_id, m.id, m.recipient, m.peer, m.forward_to, m.forward_tries, m.received_at, m.subject, m.raw
                """).ListAsync<Due>(work, cancellationToken);
            await work.CommitAsync(cancellationToken);
        }

        await Task.WhenAll(due.Select(d => ForwardAsync(d, cancellationToken)));
        return due.Count;
    }

    private async Task ForwardAsync(Due mail, CancellationToken cancellationToken)
    {
        var outcome = await SendAsync(mail, cancellationToken);
        var now = clock.GetUtcNow();
        var (state, at) = outcome switch
        {
            { Accepted: true } => ("sent", (DateTimeOffset?)null),
            { HandedOff: true } => mail.Tries < MaxUnanswered ? ("queued", now.AddMinutes(1)) : ("failed", null),
            { Reply.IsPermanent: true, Stage: SmtpStage.Mail or SmtpStage.Rcpt or SmtpStage.Data or SmtpStage.FinalDot } => ("failed", null),
            _ => mail.Tries < MaxTries ? ("queued", now.AddMinutes(5 * mail.Tries)) : ("failed", (DateTimeOffset?)null),
        };
        await using var work = await AccountTransaction.BeginAsync(database, mail.AccountId, CancellationToken.None);
        await Sql.Of($"""
            update messaging.inbound_mail set forward_state = {state}, forward_at = coalesce({at}, forward_at), forward_reply = {OutsideText.Clean(outcome.Reply?.ToString() ?? outcome.Exception?.Message ?? "", 500)}
            where account_id = {mail.AccountId} and id = {mail.Id} and forward_state = 'handed_over' and forward_tries = {mail.Tries}
            """).ExecuteAsync(work, CancellationToken.None);
        await work.CommitAsync(CancellationToken.None);
        if (state == "failed")
        {
            LogFailed(mail.Id, mail.AccountId, outcome.Stage, outcome.Reply?.Code);
        }
    }

    private async Task<SmtpSendResult> SendAsync(Due mail, CancellationToken cancellationToken)
    {
        SmtpEnvelope envelope;
        try
        {
            // Back to the very address it came to: what bounces there is no reply and goes nowhere.
            envelope = new SmtpEnvelope(mail.Recipient, mail.ForwardTo);
        }
        catch (InvalidHeaderException)
        {
            return new(SmtpStage.Rcpt, new SmtpReply(553, "5.1.3 Not an address"), HandedOff: false);
        }

        var bytes = ForwardedMail.Write(mail.Raw, mail.Recipient, mail.Peer, recipients.Host ?? "localhost", mail.ReceivedAt);
        SmtpEndpoint? endpoint;
        await using (var work = await AccountTransaction.BeginAsync(database, mail.AccountId, cancellationToken))
        {
            endpoint = await postroom.EndpointAsync(work.Transaction, mail.AccountId, cancellationToken);
            if (endpoint is null)
            {
                await Sql.Of($"""
                    insert into messaging.caught_mail (account_id, send_id, attempt, mail_from, rcpt_to, subject, raw, caught_at)
                    values ({mail.AccountId}, {-mail.Id}, {mail.Tries}, {mail.Recipient}, {mail.ForwardTo}, {mail.Subject}, {bytes}, {clock.GetUtcNow()})
                    on conflict do nothing
                    """).ExecuteAsync(work, cancellationToken);
                await work.CommitAsync(cancellationToken);
                return new(SmtpStage.Done, SmtpReply.Ok, HandedOff: true);
            }
        }

        var (connection, failure) = await SmtpConnection.OpenAsync(endpoint, postroom.ClientOptions, TimeProvider.System, cancellationToken);
        if (connection is null)
        {
            return failure!;
        }

        await using (connection)
        {
            return await connection.SendAsync(envelope, bytes, CancellationToken.None); // in hand-over
        }
    }

    private sealed record Due(
        long AccountId, long Id, string Recipient, string Peer, string ForwardTo, short Tries, DateTimeOffset ReceivedAt, string Subject, byte[] Raw);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Reply {Id} of account {AccountId} could not be sent on: stage {Stage}, reply {Code}")]
    private partial void LogFailed(long id, long accountId, SmtpStage stage, int? code);
}
