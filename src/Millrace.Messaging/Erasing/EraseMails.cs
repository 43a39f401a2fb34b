using Millrace.Activities.Contracts;
using Millrace.Contacts.Contracts;
using Millrace.Kernel.Data;

namespace Millrace.Messaging.Erasing;

/// <summary>
/// Sends of a person stay, for the counts, without address and without what servers said of it; what was caught, answered, came back or was forwarded goes. From the
/// commit on nothing more is sent to them, and what still comes back for these sends is not kept (<c>send.erased_at</c>). Suppressions keep their address: without it
/// the next import would write to somebody who has objected.
/// </summary>
internal sealed class EraseMails : IErasesPeople
{
    public async Task<bool> EraseAsync(Erasure erasure, CancellationToken cancellationToken)
    {
        var sends = await SendsAsync(erasure, cancellationToken);
        var ids = sends.ConvertAll(s => s.Id).ToArray();
        await ErasedSends.RunAsync(erasure.Transaction, erasure.AccountId, ids, erasure.Now, cancellationToken);
        await EraseAroundAsync(erasure, ids, cancellationToken);
        await EraseInboundAsync(erasure, ids, cancellationToken);
        await Sql.Of($"delete from messaging.best_hour where account_id = {erasure.AccountId} and contact_id = any ({erasure.ContactIds})")
            .ExecuteAsync(erasure.Transaction, cancellationToken);
        if (erasure.Addresses.Length > 0)
        {
            await EraseByAddressAsync(erasure, cancellationToken);
        }

        return !sends.Exists(s => s.InHandover);
    }

    /// <summary>Everything sent to them, and copies that friends sent on to their address.</summary>
    private static Task<List<Sent>> SendsAsync(Erasure erasure, CancellationToken cancellationToken) => Sql.Of($"""
        select id, state = 'handoff' from messaging.send where account_id = {erasure.AccountId} and contact_id = any ({erasure.ContactIds})
        union
        select s.id, s.state = 'handoff'
        from messaging.forward_friend g
        join messaging.forward f on f.account_id = g.account_id and f.send_id = g.send_id
        join messaging.send s on s.account_id = f.account_id and s.source_kind = 'forward' and s.source_id = f.id and s.to_address = g.address
        where g.account_id = {erasure.AccountId} and g.address = any ({erasure.Addresses}) and g.forwarded_at <= {erasure.Before}
        order by 1
        """).ListAsync<Sent>(erasure.Transaction, cancellationToken);

    private static async Task EraseAroundAsync(Erasure erasure, long[] sends, CancellationToken cancellationToken)
    {
        if (sends.Length == 0)
        {
            return;
        }

        var (transaction, account) = (erasure.Transaction, erasure.AccountId);
        await Sql.Of($"""
            update messaging.forward set sender_name = '', note = '' where account_id = {account} and send_id = any ({sends}) and (sender_name <> '' or note <> '')
            """).ExecuteAsync(transaction, cancellationToken);

        await Sql.Of($"delete from messaging.forward_friend where account_id = {account} and send_id = any ({sends})").ExecuteAsync(transaction, cancellationToken);

        // Of the first open, click, reply ...: numbers and common words stay, for the reports; why somebody left may be anything.
        await Sql.Of($"""
            update messaging.mail_fact f set detail = {Impersonal.Of(Sql.Of($"f.detail"))}
            from messaging.send s
            cross join unnest(array['opened', 'clicked', 'bounced', 'unsubscribed', 'complained', 'replied', 'forwarded', 'shared']) w (what)
            where s.account_id = {account} and s.id = any ({sends})
              and f.account_id = {account} and f.message_id = s.message_id and f.what = w.what and f.send_id = s.id and f.detail is not null
            """).ExecuteAsync(transaction, cancellationToken);
    }

    private static async Task EraseInboundAsync(Erasure erasure, long[] sends, CancellationToken cancellationToken)
    {
        // What was caught of a reply that went on bears the inbound mail's number, negative.
        await Sql.Of($"""
            with gone as (
                delete from messaging.inbound_mail
                where account_id = {erasure.AccountId} and id = any (array(
                    select id from messaging.inbound_mail where account_id = {erasure.AccountId} and send_id = any ({sends})
                    union
                    select id from messaging.inbound_mail where account_id = {erasure.AccountId} and contact_id = any ({erasure.ContactIds})
                    union
                    select id from messaging.inbound_mail where account_id = {erasure.AccountId} and sender <> '' and sender = any ({erasure.Addresses}) and received_at <= {erasure.Before}))
                returning id)
            delete from messaging.caught_mail c using gone g where c.account_id = {erasure.AccountId} and c.send_id = -g.id
            """).ExecuteAsync(erasure.Transaction, cancellationToken);
    }

    private static async Task EraseByAddressAsync(Erasure erasure, CancellationToken cancellationToken)
    {
        var (transaction, account, addresses) = (erasure.Transaction, erasure.AccountId, erasure.Addresses);
        await Sql.Of($"""
            update messaging.bounce set address = '', detail = '' where account_id = {account} and address = any ({addresses}) and bounced_at <= {erasure.Before}
            """).ExecuteAsync(transaction, cancellationToken);
        await Sql.Of($"delete from messaging.forward_friend where account_id = {account} and address = any ({addresses}) and forwarded_at <= {erasure.Before}")
            .ExecuteAsync(transaction, cancellationToken);

        // That the address gets nothing more stays; what was said about it does not.
        await Sql.Of($"""
            update messaging.suppression set detail = '', send_id = null
            where account_id = {account} and address = any ({addresses}) and suppressed_at <= {erasure.Before} and (detail <> '' or send_id is not null)
            """).ExecuteAsync(transaction, cancellationToken);
    }

    private sealed record Sent(long Id, bool InHandover);
}
