using Millrace.Activities.Contracts;
using Millrace.Kernel.Data;
using Millrace.Messaging.Contracts;
using Millrace.Messaging.Sending;
using Npgsql;

namespace Millrace.Messaging.Sharing;

/// <summary>A filled-in form: checked, addresses in lower case and each once.</summary>
/// <param name="FormNo">Of the form as it was shown; the same one twice is one.</param>
internal sealed record ForwardOrder(long FormNo, string SenderName, string Note, IReadOnlyList<string> Friends);

internal enum ForwardOutcome
{
    NoSuchMail,

    /// <summary>The mail was a test: nobody is mailed.</summary>
    WasTest,
    Done,

    /// <summary>So many friends in a day are no friends.</summary>
    TooMany,
}

/// <summary>
/// Sends copies of one mail to friends of its reader: each a row of the ledger, exactly once. Whom the account may not mail, who refused, has it already or gets
/// many gets nothing, and whoever forwards does not learn it. Nobody becomes a contact.
/// </summary>
internal sealed class ForwardMail(NpgsqlDataSource database, IOutbox outbox, IActivityLog activities, TimeProvider clock)
{
    /// <summary>Friends to whom one mail goes in a day.</summary>
    public const int FriendsPerDay = 20;

    /// <summary>Forwarded mails of one account to one address in a day.</summary>
    private const int MailsPerDay = 3;

    internal sealed record Original(
        long Id, long ContactId, long MessageId, long VersionId, SendSourceKind Source, long? AutomationId, string? StepKey, long[]? ListIds, string Subject);

    /// <returns>Null for what is no mail to a contact.</returns>
    public static Task<Original?> FindAsync(AccountTransaction work, long accountId, long sendId, CancellationToken cancellationToken) => Sql.Of($"""
        select s.id, s.contact_id, s.message_id, s.message_version_id, s.source_kind, s.automation_id, s.step_key, s.list_ids, v.subject
        from messaging.send s join messaging.message_version v on v.account_id = s.account_id and v.id = s.message_version_id
        where s.account_id = {accountId} and s.id = {sendId} and s.source_kind in ('automation', 'campaign', 'test')
        """).FirstAsync<Original>(work, cancellationToken);

    public async Task<ForwardOutcome> RunAsync(long accountId, long sendId, ForwardOrder order, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var work = await AccountTransaction.BeginAsync(database, accountId, cancellationToken);
        if (await FindAsync(work, accountId, sendId, cancellationToken) is not { } mail)
        {
            return ForwardOutcome.NoSuchMail;
        }

        if (mail.Source == SendSourceKind.Test)
        {
            return ForwardOutcome.WasTest;
        }

        // One form after the other, so that the day's number holds.
        await Sql.Of($"select id from messaging.send where account_id = {accountId} and id = {sendId} for no key update").FirstAsync<long>(work, cancellationToken);
        var id = await Sql.Of($"""
            insert into messaging.forward (account_id, send_id, form_no, sender_name, note, friends, forwarded_at)
            values ({accountId}, {sendId}, {order.FormNo}, {order.SenderName}, {order.Note}, {(short)order.Friends.Count}, {now})
            on conflict do nothing returning id
            """).FirstAsync<long?>(work, cancellationToken);
        if (id is not { } forward)
        {
            return ForwardOutcome.Done;
        }

        if (await Sql.Of($"""
            select sum(friends) > {FriendsPerDay} from messaging.forward where account_id = {accountId} and send_id = {sendId} and forwarded_at > {now.AddDays(-1)}
            """).FirstAsync<bool>(work, cancellationToken))
        {
            return ForwardOutcome.TooMany;
        }

        var friends = await AllowedAsync(work, accountId, mail, order.Friends, now, cancellationToken);
        await outbox.QueueAsync(
            work.Transaction, accountId, new MessageVersionKey(mail.MessageId, mail.VersionId), new SendSource(SendSourceKind.Forward, now),
            [.. friends.Select((address, i) => new SendRecipient(forward, mail.ContactId, 0, (short)i, address))], cancellationToken);
        await activities.AppendAsync(
            work.Transaction, accountId, [new EmailForwarded(mail.ContactId, mail.MessageId, sendId, order.Friends.Count)], cancellationToken,
            mail.AutomationId is { } automation ? new ActivityOrigin(automation, mail.StepKey!) : null);
        await work.CommitAsync(cancellationToken);
        outbox.Wake();
        activities.Wake();
        return ForwardOutcome.Done;
    }

    /// <summary>
    /// Those who may get it, by the rule that every mail goes by: as the contact who has the address, where there is one. From now on they have the mail.
    /// </summary>
    private static Task<List<string>> AllowedAsync(
        AccountTransaction work, long accountId, Original mail, IReadOnlyList<string> friends, DateTimeOffset now, CancellationToken cancellationToken) => Sql.Of($"""
        with allowed as materialized (
            select s.email, s.no
            from (select {accountId} as account_id, 3 as lane, {mail.ListIds} as list_ids, null::text as to_address, f.address as email, f.no,
                         coalesce(k.id, 0) as contact_id, k.bounced_at
                  from unnest({friends.ToArray()}) with ordinality as f (address, no)
                  left join lateral (select id, bounced_at from contacts.contact k where k.account_id = {accountId} and k.email = f.address limit 1) k on true) s
            cross join lateral (select s.email, s.bounced_at) c
            left join lateral (
                select x.reason from messaging.suppression x
                where x.account_id = {accountId} and x.address = s.email and (x.until is null or x.until > {now}) limit 1) x on true
            where {SendGate.Reason} is null
              and not exists (select 1 from messaging.forward_refusal r where r.account_id = {accountId} and r.address = s.email)
              and (select count(*) from messaging.forward_friend g where g.account_id = {accountId} and g.address = s.email and g.forwarded_at > {now.AddDays(-1)}) < {MailsPerDay})
        insert into messaging.forward_friend (account_id, address, send_id, forwarded_at)
        select {accountId}, email, {mail.Id}, {now} from allowed order by email
        on conflict do nothing returning address
        """).ListAsync<string>(work, cancellationToken);
}
