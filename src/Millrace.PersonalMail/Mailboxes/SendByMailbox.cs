using Millrace.Kernel.Data;
using Millrace.Kernel.Security;
using Millrace.Mail.Smtp;
using Millrace.Messaging.Contracts;
using Millrace.PersonalMail.Sending;
using Npgsql;

namespace Millrace.PersonalMail.Mailboxes;

/// <summary>
/// Sends what waits through the mailbox's own SMTP server. As in the ledger: the hand-over is committed before the first byte goes, the result afterwards; what a dead
/// process left in hand-over is ambiguous, is tried again with the same Message-ID, and twice at most.
/// </summary>
internal sealed class SendByMailbox(
    NpgsqlDataSource database, MailBody body, MailFates fates, IOutbox outbox, IBounces bounces, KeyRing keys, MailServerDoor door, TimeProvider clock)
{
    private const int Batch = 20;
    private const int MaxAmbiguities = 2;
    private static readonly TimeSpan AmbiguousWait = TimeSpan.FromSeconds(60);

    private sealed record Due(long MailId, short No, string Address, short Attempts, short Ambiguities, string State, DateTimeOffset QueuedAt);

    /// <returns>Recipients that came to an end.</returns>
    public async Task<int> RunAsync(MailboxRow box, CancellationToken cancellationToken)
    {
        var (due, ended) = await ListAsync(box, cancellationToken);
        if (due.Count == 0)
        {
            return ended;
        }

        MailShelf shelf;
        await using (var work = await AccountTransaction.BeginAsync(database, box.AccountId, cancellationToken))
        {
            shelf = await MailShelf.LoadAsync(work.Transaction, [.. due.Select(d => (box.AccountId, d.MailId)).Distinct()], cancellationToken);
        }

        var (connection, failure) = await SmtpConnection.OpenAsync(box.Smtp(keys), door.Smtp, clock, cancellationToken);
        try
        {
            foreach (var one in due)
            {
                if (failure is not null || connection is { IsReusable: false })
                {
                    // A new connection for the next; when none is to be had, all wait.
                    if (connection is not null)
                    {
                        await connection.DisposeAsync();
                        (connection, failure) = await SmtpConnection.OpenAsync(box.Smtp(keys), door.Smtp, clock, cancellationToken);
                    }

                    if (failure is not null)
                    {
                        ended += await StoreAsync(box, one, failure, counted: true, cancellationToken);
                        continue;
                    }
                }

                if (await HandOverAsync(box, one, cancellationToken))
                {
                    var key = (box.AccountId, one.MailId);
                    var mail = shelf.Mails[key];
                    using var bytes = MailBody.ToBytes(body.Write(mail, shelf.Recipients[key], [.. shelf.Files[key]], [.. shelf.Links[key]]), mail.QueuedAt);
                    var result = await connection!.SendAsync(new SmtpEnvelope(mail.FromAddress, one.Address), bytes.Memory, CancellationToken.None); // decided: only the server ends it
                    ended += await StoreAsync(box, one, result, counted: false, CancellationToken.None);
                }
            }
        }
        finally
        {
            if (connection is not null)
            {
                await connection.DisposeAsync();
            }
        }

        return ended;
    }

    /// <summary>What is due; what was left in hand-over is settled first, what may no longer be sent too.</summary>
    private async Task<(List<Due> Due, int Ended)> ListAsync(MailboxRow box, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var work = await AccountTransaction.BeginAsync(database, box.AccountId, cancellationToken);
        if (!await box.IsOursAsync(work, cancellationToken))
        {
            return ([], 0);
        }

        var rows = await Sql.Of($"""
            select r.mail_id, r.no, r.address, r.attempts, r.ambiguities, r.state, m.queued_at
            from (select account_id, mail_id, no from personal.recipient where next_at is not null and account_id = {box.AccountId}) d
            join personal.mail m on m.account_id = d.account_id and m.id = d.mail_id and m.mailbox_id = {box.Id}
            join personal.recipient r on r.account_id = d.account_id and r.mail_id = d.mail_id and r.no = d.no
            where r.state = 'handoff' or r.next_at <= {now}
            order by r.next_at, r.mail_id, r.no limit {Batch}
            """).ListAsync<Due>(work, cancellationToken);
        var lost = rows.Where(r => r.State == "handoff").ToList();
        var complained = (await outbox.ComplainedAsync(work.Transaction, box.AccountId, [.. rows.Select(r => r.Address.ToLowerInvariant())], cancellationToken))
            .ToHashSet(StringComparer.Ordinal);
        var barred = rows.Except(lost).Where(r => complained.Contains(r.Address.ToLowerInvariant())).ToList();
        await Sql.Of($"""
            update personal.recipient r set ambiguities = ambiguities + 1 from unnest({lost.Select(l => l.MailId).ToArray()}, {lost.Select(l => l.No).ToArray()}) as l (mail_id, no)
            where r.account_id = {box.AccountId} and r.mail_id = l.mail_id and r.no = l.no
            """).ExecuteAsync(work, cancellationToken);
        await fates.ApplyAsync(
            work.Transaction, box.AccountId,
            [
                .. lost.Select(l => l.Ambiguities + 1 > MaxAmbiguities ? new Fate(l.MailId, l.No, "unknown", null, "owner_lost", null)
                    : new Fate(l.MailId, l.No, "deferred", now + AmbiguousWait, "owner_lost", null)),
                .. barred.Select(b => new Fate(b.MailId, b.No, "refused", null, "complaint", null)),
            ],
            now, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return ([.. rows.Except(lost).Except(barred)], barred.Count + lost.Count(l => l.Ambiguities + 1 > MaxAmbiguities));
    }

    private async Task<bool> HandOverAsync(MailboxRow box, Due one, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, box.AccountId, cancellationToken);
        var granted = await box.IsOursAsync(work, cancellationToken) && await Sql.Of($"""
            update personal.recipient set state = 'handoff', attempts = attempts + 1, next_at = {clock.GetUtcNow() + AmbiguousWait}
            where account_id = {box.AccountId} and mail_id = {one.MailId} and no = {one.No} and state in ('queued', 'deferred') and attempts = {one.Attempts} and next_at is not null
            """).ExecuteAsync(work, cancellationToken) == 1;
        await work.CommitAsync(cancellationToken);
        return granted;
    }

    /// <param name="counted">The attempt ended before a hand-over, and is counted here.</param>
    private async Task<int> StoreAsync(MailboxRow box, Due one, SmtpSendResult result, bool counted, CancellationToken cancellationToken)
    {
        var (now, verdict) = (clock.GetUtcNow(), ReplyClassifier.Classify(result));
        var reply = result.Reply?.ToString() ?? result.Exception?.Message;
        var reason = System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(verdict.Class.ToString());
        var weight = result.Reply is { } said ? bounces.Weigh(said) : null;
        var fate = verdict.Action switch
        {
            SendAction.Done => new Fate(one.MailId, one.No, "sent", null, null, reply),
            SendAction.Fail => new Fate(one.MailId, one.No, "failed", null, reason, reply, weight?.Kind),
            SendAction.Ambiguous when one.Ambiguities + 1 > MaxAmbiguities => new Fate(one.MailId, one.No, "unknown", null, reason, reply),
            SendAction.Ambiguous => new Fate(one.MailId, one.No, "deferred", now + AmbiguousWait, reason, reply),
            _ => RetrySchedule.Transactional.Next(one.Attempts + 1, one.QueuedAt, now, Random.Shared, verdict.Delay) is { } next
                ? new Fate(one.MailId, one.No, "deferred", next, reason, reply)
                : new Fate(one.MailId, one.No, "failed", null, reason, reply),
        };
        await using var work = await AccountTransaction.BeginAsync(database, box.AccountId, cancellationToken);
        if (counted && !await box.IsOursAsync(work, cancellationToken))
        {
            return 0;
        }

        await Sql.Of($"""
            update personal.recipient set attempts = attempts + {(counted ? 1 : 0)}, ambiguities = ambiguities + {(verdict.Action == SendAction.Ambiguous ? 1 : 0)}
            where account_id = {box.AccountId} and mail_id = {one.MailId} and no = {one.No} and finished_at is null
            """).ExecuteAsync(work, cancellationToken);
        await fates.ApplyAsync(work.Transaction, box.AccountId, [fate], now, cancellationToken);
        if (verdict is { Action: SendAction.Fail, Counts: AddressCount.Hard })
        {
            await bounces.StopAsync(work.Transaction, box.AccountId, [one.Address.ToLowerInvariant()], now, cancellationToken);
        }

        await work.CommitAsync(cancellationToken);
        return fate.NextAt is null ? 1 : 0;
    }
}
