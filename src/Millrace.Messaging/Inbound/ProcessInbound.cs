using Microsoft.Extensions.Logging;
using Millrace.Activities.Contracts;
using Millrace.Kernel.Data;
using Millrace.Kernel.Workers;
using Millrace.Mail.Addresses;
using Millrace.Mail.Mime;
using Millrace.Mail.Returned;
using Npgsql;

namespace Millrace.Messaging.Inbound;

/// <summary>
/// Works on inbound mails, each in one transaction with all that follows from it: so exactly once, however often the process dies. A mail that cannot be worked
/// on is tried five times and then listed as failed.
/// </summary>
internal sealed partial class ProcessInbound(
    NpgsqlDataSource database, InboundEffects effects, IActivityLog activities, WorkSignal signal, TimeProvider clock, ILogger<ProcessInbound> logger) : IWorkerPass
{
    private const int Batch = 50;
    private const int MaxAttempts = 5;

    /// <summary>Called with a mail's number before what followed from it commits. Tests cut the work off here.</summary>
    internal Func<long, Task>? BeforeCommit { get; set; }

    public async Task<int> RunOnceAsync(CancellationToken cancellationToken)
    {
        List<Due> due;
        await using (var look = await AccountTransaction.ForAllAccountsAsync(database, cancellationToken))
        {
            due = await Sql.Of($"""
                select account_id, id from messaging.inbound_mail where processed_at is null order by attempts, id limit {Batch}
                """).ListAsync<Due>(look, cancellationToken);
        }

        // One at a time: each locks its account against hand-overs for a moment.
        var done = 0;
        foreach (var (accountId, id) in due)
        {
            try
            {
                done += await WorkOnAsync(accountId, id, cancellationToken) ? 1 : 0;
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                LogFailed(e, id, accountId);
                await CountAsync(accountId, id, e, cancellationToken);
            }
        }

        if (done > 0)
        {
            activities.Wake();
            signal.Pulse(nameof(ForwardReplies));
        }

        return done;
    }

    private async Task<bool> WorkOnAsync(long accountId, long id, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var work = await AccountTransaction.BeginAsync(database, accountId, cancellationToken);
        var row = await Sql.Of($"""
            select account_id, id, recipient, purpose, mail_from, send_id, raw from messaging.inbound_mail
            where account_id = {accountId} and id = {id} and processed_at is null for update skip locked
            """).FirstAsync<InboundRow>(work, cancellationToken);
        if (row is null)
        {
            return false;
        }

        var mail = ReturnedMail.Read(row.Raw);
        var outcome = await effects.ApplyAsync(work, row, mail, now, cancellationToken);
        if (!outcome.IsKept)
        {
            await Sql.Of($"delete from messaging.inbound_mail where account_id = {accountId} and id = {id}").ExecuteAsync(work, cancellationToken);
            await work.CommitAsync(cancellationToken);
            return true;
        }

        await Sql.Of($"""
            update messaging.inbound_mail
            set kind = {outcome.Kind}, reason = {outcome.Reason}, detail = {Cut(outcome.Detail, 1_000)}, sender = {Cut(SenderOf(mail.Mail), 320)},
                subject = {Cut(mail.Mail.Subject, 500)}, processed_at = {now}, send_id = coalesce({outcome.SendId}, send_id),
                contact_id = coalesce({outcome.ContactId}, contact_id), message_id = coalesce({outcome.MessageId}, message_id), forward_to = {outcome.ForwardTo},
                forward_state = {(outcome.ForwardTo is null ? null : "queued")}, forward_at = {(outcome.ForwardTo is null ? null : (DateTimeOffset?)now)}
            where account_id = {accountId} and id = {id}
            """).ExecuteAsync(work, cancellationToken);
        if (BeforeCommit is not null)
        {
            await BeforeCommit(id);
        }

        await work.CommitAsync(cancellationToken);
        return true;
    }

    private async Task CountAsync(long accountId, long id, Exception exception, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var work = await AccountTransaction.BeginAsync(database, accountId, cancellationToken);
        await Sql.Of($"""
            update messaging.inbound_mail
            set attempts = attempts + 1, kind = case when attempts + 1 >= {MaxAttempts} then 'failed' else kind end,
                processed_at = case when attempts + 1 >= {MaxAttempts} then {now} end, detail = {exception.GetType().Name}
            where account_id = {accountId} and id = {id} and processed_at is null
            """).ExecuteAsync(work, cancellationToken);
        await work.CommitAsync(cancellationToken);
    }

    /// <summary>The bare address of From, lower case; the whole header where it is none.</summary>
    internal static string SenderOf(ParsedMail mail)
    {
        var from = mail.From.Trim();
        var open = from.LastIndexOf('<');
        var bare = open >= 0 && from.EndsWith('>') ? from[(open + 1)..^1] : from;
        return EmailAddress.TryParse(bare, out var address, out _, out _) ? address.Value.ToLowerInvariant() : OutsideText.Clean(from, 320);
    }

    private static string Cut(string text, int length) => OutsideText.Clean(text, length);

    private sealed record Due(long AccountId, long Id);

    [LoggerMessage(Level = LogLevel.Error, Message = "Inbound mail {Id} of account {AccountId} could not be worked on")]
    private partial void LogFailed(Exception exception, long id, long accountId);
}

/// <summary>An inbound mail as it is worked on.</summary>
internal sealed record InboundRow(long AccountId, long Id, string Recipient, InboundPurpose Purpose, string MailFrom, long? SendId, byte[] Raw);
