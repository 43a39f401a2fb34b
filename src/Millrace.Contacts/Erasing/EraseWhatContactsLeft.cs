using Millrace.Activities.Contracts;
using Millrace.Contacts.Contracts;
using Millrace.Kernel.Data;

namespace Millrace.Contacts.Erasing;

/// <summary>What the contact's own rows do not take with them: words in the log, what a bulk change replaced, rows that imports and the API did not take.</summary>
internal sealed class EraseWhatContactsLeft(IActivityLog activities) : IErasesPeople
{
    public async Task<bool> EraseAsync(Erasure erasure, CancellationToken cancellationToken)
    {
        var (transaction, account, ids, addresses) = (erasure.Transaction, erasure.AccountId, erasure.ContactIds, erasure.Addresses);
        await activities.ForgetAsync(transaction, account, ids, cancellationToken);

        // Jobs are few and their items are kept for days only, so the key serves; an index by contact would be paid by every bulk change.
        await Sql.Of($"""
            update contacts.bulk_item i set previous = null, detail = null
            from contacts.bulk_job j
            cross join lateral (
                select o.job_id, o.contact_id from contacts.bulk_item o
                where o.account_id = {account} and o.job_id = j.id and o.contact_id = any ({ids}) and (o.previous is not null or o.detail is not null)) x
            where j.account_id = {account} and i.account_id = {account} and i.job_id = x.job_id and i.contact_id = x.contact_id
            """).ExecuteAsync(transaction, cancellationToken);
        if (addresses.Length > 0)
        {
            await Sql.Of($"""
                update contacts.import_reject r set content = ''
                from contacts.import i
                where r.account_id = {account} and r.address = any ({addresses}) and i.account_id = r.account_id and i.id = r.import_id and i.created_at <= {erasure.Before}
                """).ExecuteAsync(transaction, cancellationToken);
        }

        return true;
    }
}
