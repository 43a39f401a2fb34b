using Millrace.Activities.Contracts;
using Millrace.Contacts.Contracts;
using Millrace.Kernel.Data;

namespace Millrace.Messaging.Erasing;

/// <summary>
/// Transactional mails stay as numbers: who got them is empty, what stood in them is gone as if the time to keep it were over. Mails that a person wrote to an inbound
/// stream are deleted.
/// </summary>
internal sealed class EraseTransactional : IErasesPeople
{
    public async Task<bool> EraseAsync(Erasure erasure, CancellationToken cancellationToken)
    {
        var (transaction, account) = (erasure.Transaction, erasure.AccountId);
        await Sql.Of($"""
            delete from messaging.stream_mail
            where account_id = {account} and id = any (array(
                select id from messaging.stream_mail where account_id = {account} and envelope_key = any ({erasure.Addresses}) and received_at <= {erasure.Before}
                union
                select id from messaging.stream_mail where account_id = {account} and sender_key = any ({erasure.Addresses}) and received_at <= {erasure.Before}))
            """).ExecuteAsync(transaction, cancellationToken);

        var mine = await Sql.Of($"""
            select r.mail_id, r.no, r.send_id from messaging.mail_recipient r where r.account_id = {account} and r.contact_id = any ({erasure.ContactIds})
            union
            select r.mail_id, r.no, r.send_id from messaging.mail_recipient r
            join messaging.mail m on m.account_id = r.account_id and m.id = r.mail_id and m.submitted_at <= {erasure.Before}
            where r.account_id = {account} and r.address_key = any ({erasure.Addresses})
            order by 1, 2
            """).ListAsync<Recipient>(transaction, cancellationToken);
        if (mine.Count == 0)
        {
            return true;
        }

        var (mails, numbers) = (mine.ConvertAll(r => r.MailId).ToArray(), mine.ConvertAll(r => r.No).ToArray());
        await ErasedSends.RunAsync(transaction, account, [.. mine.Where(r => r.SendId is not null).Select(r => r.SendId!.Value).Order()], erasure.Now, cancellationToken);
        await Sql.Of($"""
            update messaging.mail_recipient r set name = '', address = '', address_key = ''
            from unnest({mails}, {numbers}) as x (mail_id, no)
            where r.account_id = {account} and r.mail_id = x.mail_id and r.no = x.no and (r.address <> '' or r.name <> '')
            """).ExecuteAsync(transaction, cancellationToken);
        await Sql.Of($"""
            update messaging.mail_event e set data = {Impersonal.Of(Sql.Of($"e.data"))}
            from unnest({mails}, {numbers}) as x (mail_id, no)
            where e.account_id = {account} and e.mail_id = x.mail_id and e.recipient_no = x.no and e.data <> {Impersonal.Of(Sql.Of($"e.data"))}
            """).ExecuteAsync(transaction, cancellationToken);
        return await ForgetAsync(erasure, [.. mails.Distinct()], cancellationToken);
    }

    /// <summary>What stood in them, unless somebody else is still to get it. Links stay where others were written to: they may still be clicked.</summary>
    private static async Task<bool> ForgetAsync(Erasure erasure, long[] mails, CancellationToken cancellationToken)
    {
        var account = erasure.AccountId;
        var over = (await Sql.Of($"""
            select m.id from messaging.mail m
            where m.account_id = {account} and m.id = any ({mails}) and not exists (
                select 1 from messaging.mail_recipient r join messaging.send s on s.account_id = r.account_id and s.id = r.send_id
                where r.account_id = m.account_id and r.mail_id = m.id and s.next_at is not null)
            order by m.id for update
            """).ListAsync<long>(erasure.Transaction, cancellationToken)).ToArray();
        await Sql.Of($"delete from messaging.mail_file where account_id = {account} and mail_id = any ({over})").ExecuteAsync(erasure.Transaction, cancellationToken);
        await Sql.Of($"""
            delete from messaging.mail_link l where l.account_id = {account} and l.mail_id = any ({over}) and not exists (
                select 1 from messaging.mail_recipient r where r.account_id = l.account_id and r.mail_id = l.mail_id and r.address <> '')
            """).ExecuteAsync(erasure.Transaction, cancellationToken);
        await Sql.Of($"""
            update messaging.mail
            set subject = '', html = '', text = '', headers = '[]', metadata = jsonb_build_object(), reply_to = '', forgotten_at = coalesce(forgotten_at, {erasure.Now})
            where account_id = {account} and id = any ({over})
            """).ExecuteAsync(erasure.Transaction, cancellationToken);
        return over.Length == mails.Length;
    }

    private sealed record Recipient(long MailId, short No, long? SendId);
}
