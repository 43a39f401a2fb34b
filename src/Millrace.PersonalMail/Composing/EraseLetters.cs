using Millrace.Contacts.Contracts;
using Millrace.Kernel.Data;
using Millrace.Messaging.Contracts;

namespace Millrace.PersonalMail.Composing;

/// <summary>
/// With a person go the mails that were written to them, the answers, and files that no other mail has. From mails to somebody else of which they got a copy goes
/// their address, and what they answered.
/// </summary>
internal sealed class EraseLetters(IOutbox outbox) : IErasesPeople
{
    public async Task<bool> EraseAsync(Erasure erasure, CancellationToken cancellationToken)
    {
        var (transaction, account, contacts) = (erasure.Transaction, erasure.AccountId, erasure.ContactIds);
        var mails = (await Sql.Of($"select id from personal.mail where account_id = {account} and contact_id = any ({contacts})").ListAsync<long>(transaction, cancellationToken)).ToArray();
        if (mails.Length > 0)
        {
            await outbox.CancelSourcesAsync(transaction, account, SendSourceKind.Personal, mails, cancellationToken);
            await Sql.Of($"delete from personal.reply where account_id = {account} and mail_id = any ({mails})").ExecuteAsync(transaction, cancellationToken);
            await Sql.Of($"delete from personal.mail_link where account_id = {account} and mail_id = any ({mails})").ExecuteAsync(transaction, cancellationToken);
            await Sql.Of($"delete from personal.recipient where account_id = {account} and mail_id = any ({mails})").ExecuteAsync(transaction, cancellationToken);
            await MailFiles.RemoveAsync(transaction, account, mails, null, cancellationToken);
            await Sql.Of($"delete from personal.mail where account_id = {account} and id = any ({mails})").ExecuteAsync(transaction, cancellationToken);
        }

        await Sql.Of($"delete from personal.reply where account_id = {account} and contact_id = any ({contacts})").ExecuteAsync(transaction, cancellationToken);
        return await EraseCopiesAsync(erasure, cancellationToken);
    }

    private async Task<bool> EraseCopiesAsync(Erasure erasure, CancellationToken cancellationToken)
    {
        // Who is still to get it gets it: the mail is somebody else's, and under way.
        var copies = await Sql.Of($"""
            select r.mail_id, r.no, m.state in ('draft', 'queued') or r.next_at is not null as is_open
            from personal.recipient r join personal.mail m on m.account_id = r.account_id and m.id = r.mail_id
            where r.account_id = {erasure.AccountId} and r.address = any ({erasure.Addresses}) and m.created_at <= {erasure.Before} and r.kind <> 'to'
            """).ListAsync<Copy>(erasure.Transaction, cancellationToken);
        var over = copies.Where(c => !c.IsOpen).Select(c => c.MailId).Distinct().Order().ToArray();
        if (over.Length > 0)
        {
            await outbox.EraseAsync(
                erasure.Transaction, erasure.AccountId, SendSourceKind.Personal, [.. copies.Where(c => !c.IsOpen).Select(c => (c.MailId, c.No))], cancellationToken);
            await Sql.Of($"""
                update personal.recipient set name = '', address = '', reply = null
                where account_id = {erasure.AccountId} and mail_id = any ({over}) and address = any ({erasure.Addresses}) and kind <> 'to'
                """).ExecuteAsync(erasure.Transaction, cancellationToken);
            await Sql.Of($"""
                update personal.mail m set cc = {Left("cc")}, bcc = {Left("bcc")} where m.account_id = {erasure.AccountId} and m.id = any ({over})
                """).ExecuteAsync(erasure.Transaction, cancellationToken);
        }

        return copies.TrueForAll(c => !c.IsOpen);
    }

    /// <summary>The addresses that are left.</summary>
    private static Sql Left(string kind) => Sql.Of($"""
        coalesce((select string_agg(r.address, ', ' order by r.no) from personal.recipient r
                  where r.account_id = m.account_id and r.mail_id = m.id and r.kind = {kind} and r.address <> ''), '')
        """);

    private sealed record Copy(long MailId, short No, bool IsOpen);
}
