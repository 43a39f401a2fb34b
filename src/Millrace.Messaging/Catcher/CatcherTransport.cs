using Millrace.Accounts.Contracts;
using Millrace.Kernel.Data;
using Millrace.Mail.Smtp;
using Millrace.Messaging.Sending;
using Npgsql;

namespace Millrace.Messaging.Catcher;

/// <summary>
/// Takes mail in place of a server, so that a newcomer sees every message at once: the same path as a real one, to the last byte.
/// </summary>
internal sealed class CatcherTransport(NpgsqlDataSource database, TimeProvider clock) : IMailTransport, IMailLine
{
    public int MaxLines => 8;

    public bool IsPaced => false;

    public bool IsReusable => true;

    public Task<(IMailLine? Line, SmtpSendResult? Failure)> OpenAsync(CancellationToken cancellationToken) =>
        Task.FromResult<(IMailLine?, SmtpSendResult?)>((this, null));

    public async Task<SmtpSendResult> SendAsync(Parcel parcel)
    {
        try
        {
            await using var work = await AccountTransaction.BeginAsync(database, parcel.Key.AccountId, CancellationToken.None); // in handoff
            await Sql.Of($"""
                insert into messaging.caught_mail (account_id, send_id, attempt, mail_from, rcpt_to, subject, raw, caught_at)
                values ({parcel.Key.AccountId}, {parcel.Key.SendId}, {parcel.Attempt}, {parcel.Envelope.From}, {parcel.Envelope.To}, {parcel.Subject},
                        {parcel.Bytes.Span.ToArray()}, {clock.GetUtcNow()})
                on conflict do nothing
                """).ExecuteAsync(work, CancellationToken.None);
            await LiveChanges.TellAsync(work, parcel.Key.AccountId, CancellationToken.None, LiveTopics.CaughtMail);
            await work.CommitAsync(CancellationToken.None);
            return new SmtpSendResult(SmtpStage.Done, new SmtpReply(250, "2.0.0 Caught"), HandedOff: true);
        }
        catch (NpgsqlException e)
        {
            // The commit may have gone through; the unique key makes a second try harmless.
            return new SmtpSendResult(SmtpStage.FinalDot, null, HandedOff: true, e);
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
