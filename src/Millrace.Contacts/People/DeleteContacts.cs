using Millrace.Accounts.Contracts;
using Millrace.Activities.Contracts;
using Millrace.Contacts.Contracts;
using Millrace.Contacts.Counting;
using Millrace.Kernel.Data;
using Npgsql;

namespace Millrace.Contacts.People;

/// <summary>
/// Deletes contacts for good, with tags, subscriptions, values and notes. What they did stays, for the reports; what names them elsewhere goes soon after
/// (<see cref="Erasing.EraseContacts"/>).
/// </summary>
internal sealed class DeleteContacts(IActivityLog activities, IAudit audit, TimeProvider clock)
{
    /// <returns>How many there were.</returns>
    public async Task<int> RunAsync(
        NpgsqlTransaction transaction, long accountId, long? userId, IReadOnlyList<long> contactIds, CancellationToken cancellationToken)
    {
        // Read under a lock, so that the counts told here are the ones that vanish.
        var ids = await Sql.Of($"""
            select id from contacts.contact where account_id = {accountId} and id = any({contactIds.ToArray()}) order by id for update
            """).ListAsync<long>(transaction, cancellationToken);
        if (ids.Count == 0)
        {
            return 0;
        }

        var deleted = await Sql.Of($"""
            select c.id,
                   array(select t.tag_id from contacts.contact_tag t where t.account_id = {accountId} and t.contact_id = c.id),
                   array(select s.list_id from contacts.subscription s
                         where s.account_id = {accountId} and s.contact_id = c.id and s.status = 'active')
            from unnest({ids.ToArray()}) c (id)
            """).ListAsync<ContactDeleted>(transaction, cancellationToken);
        var now = clock.GetUtcNow();
        await Sql.Of($"""
            with gone as (delete from contacts.contact where account_id = {accountId} and id = any({ids.ToArray()}) returning id, email),
                 forgotten as (
                     insert into contacts.erasure (account_id, contact_id, address, deleted_at, due_at)
                     select {accountId}, id, coalesce(lower(email), ''), {now}, {now} from gone on conflict do nothing)
            insert into contacts.deleted_contact (account_id, contact_id) select {accountId}, id from gone on conflict do nothing
            """).ExecuteAsync(transaction, cancellationToken);
        await ContactTotal.ChangedAsync(transaction, accountId, -ids.Count, cancellationToken);
        await activities.AppendAsync(transaction, accountId, deleted, cancellationToken);
        await audit.AppendAsync(
            transaction, accountId, userId, "contact.delete", "contact", ids is [var only] ? only : null, new { contact_ids = ids }, cancellationToken);
        return ids.Count;
    }
}
