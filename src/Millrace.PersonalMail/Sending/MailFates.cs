using Millrace.Activities.Contracts;
using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;
using Millrace.Messaging.Contracts;
using Millrace.PersonalMail.Contracts;
using Npgsql;

namespace Millrace.PersonalMail.Sending;

/// <summary>What became of one recipient.</summary>
/// <param name="NextAt">When this module tries again; null: not by this module, or never.</param>
/// <param name="Kind">Of a bounce: <c>hard</c>, <c>soft</c> or <c>block</c>.</param>
internal sealed record Fate(long MailId, short No, string State, DateTimeOffset? NextAt, string? Reason, string? Reply, string? Kind = null);

/// <summary>
/// Writes down what became of recipients, whichever way they were sent, and draws the consequences: the mail is finished with its last recipient, the contact's
/// stream tells of the contact. Told twice it changes nothing twice.
/// </summary>
internal sealed class MailFates(IActivityLog activities, IPersonalMailCounts counts)
{
    /// <summary>Why a mail failed that no server ever saw.</summary>
    public const string NeverTried = "mailbox_disconnected";

    /// <returns>Mail and number of the recipients whose end this is.</returns>
    public async Task<IReadOnlyList<(long MailId, short No)>> ApplyAsync(NpgsqlTransaction transaction, long accountId, IReadOnlyList<Fate> fates, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // A mail that was sent, or may have been, can still come back; nothing else follows on an end.
        var changed = await Sql.Of($"""
            update personal.recipient r
            set state = f.state, next_at = f.next_at, reason = f.reason, reply = left(f.reply, 2000), finished_at = case when f.state in ('deferred', 'handoff') then null else {now} end
            from unnest({fates.Select(f => f.MailId).ToArray()}, {fates.Select(f => f.No).ToArray()}, {fates.Select(f => f.State).ToArray()}, {fates.Select(f => f.NextAt).ToArray()},
                        {fates.Select(f => f.Reason).ToArray()}, {fates.Select(f => f.Reply).ToArray()}) as f (mail_id, no, state, next_at, reason, reply)
            join personal.recipient old on old.account_id = {accountId} and old.mail_id = f.mail_id and old.no = f.no
            where r.account_id = {accountId} and r.mail_id = f.mail_id and r.no = f.no and (r.finished_at is null or (r.state in ('sent', 'unknown') and f.state = 'failed'))
            returning r.mail_id, r.no, r.kind, r.state, r.reason, r.reply, old.state in ('sent', 'unknown')
            """).ListAsync<Changed>(transaction, cancellationToken);
        var ended = changed.Where(c => c.State is not ("deferred" or "handoff")).ToList();
        if (ended.Count == 0)
        {
            return [];
        }

        var mails = (await Sql.Of($"""
            select m.id, m.contact_id, m.subject, m.user_id, m.mailbox_id, m.automation_id, m.step_key from personal.mail m
            where m.account_id = {accountId} and m.id = any ({ended.Select(e => e.MailId).Distinct().ToArray()}) for update
            """).ListAsync<Of>(transaction, cancellationToken)).ToDictionary(m => m.Id);
        await Sql.Of($"""
            update personal.mail m
            set state = case when x.sent then 'sent' else 'failed' end, finished_at = coalesce(m.finished_at, {now}), updated_at = {now},
                filing = case when m.filing = 'none' and x.sent and m.mailbox_id is not null and b.files_sent and b.removed_at is null then 'due' else m.filing end
            from (select r.mail_id, bool_or(r.state = 'sent' or r.state = 'unknown') as sent, bool_and(r.finished_at is not null) as is_done from personal.recipient r
                  where r.account_id = {accountId} and r.mail_id = any ({mails.Keys.ToArray()}) group by 1) x
            left join personal.mail k on k.account_id = {accountId} and k.id = x.mail_id
            left join personal.mailbox b on b.account_id = {accountId} and b.id = k.mailbox_id
            where m.account_id = {accountId} and m.id = x.mail_id and x.is_done and m.state <> 'cancelled'
            """).ExecuteAsync(transaction, cancellationToken);
        var kinds = fates.Where(f => f.Kind is not null).ToLookup(f => (f.MailId, f.No), f => f.Kind);
        var told = new List<DatedActivity>();
        foreach (var end in ended.Where(e => e.No == 0 && mails.ContainsKey(e.MailId)))
        {
            var mail = mails[end.MailId];
            IActivity activity = end.State == "sent"
                ? new PersonalSent(mail.ContactId, mail.Id, mail.Subject, mail.UserId, mail.MailboxId)
                : new PersonalBounced(mail.ContactId, mail.Id, mail.Subject, end.Reason ?? end.State, end.Reply, kinds[(end.MailId, end.No)].FirstOrDefault());
            told.Add(new(activity, now, mail.AutomationId is { } automation ? new ActivityOrigin(automation, mail.StepKey!) : null));
        }

        await activities.AppendAsync(transaction, accountId, told, cancellationToken);
        await CountAsync(transaction, accountId, [.. ended.Where(e => e.No == 0 && mails.ContainsKey(e.MailId))], now, cancellationToken);
        return [.. ended.Select(e => (e.MailId, e.No))];
    }

    private Task CountAsync(NpgsqlTransaction transaction, long accountId, List<Changed> ended, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var failed = ended.Where(e => e.State == "failed" && e.Reason != NeverTried).ToList();
        return ended.Count == 0 ? Task.CompletedTask : counts.AddAsync(
            transaction, accountId, ended[0].MailId,
            [
                (PersonalMailEvent.Sent, ended.Count(e => e.State is "sent" or "unknown")), (PersonalMailEvent.Bounced, failed.Count),
                (PersonalMailEvent.Refused, failed.Count(e => !e.WasSent)),
            ],
            now, cancellationToken);
    }

    private sealed record Changed(long MailId, short No, string Kind, string State, string? Reason, string? Reply, bool WasSent);

    private sealed record Of(long Id, long ContactId, string Subject, long UserId, long? MailboxId, long? AutomationId, string? StepKey);
}
