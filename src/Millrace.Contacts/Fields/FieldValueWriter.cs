using Millrace.Activities.Contracts;
using Millrace.Kernel.Data;
using Npgsql;

namespace Millrace.Contacts.Fields;

/// <summary>One value to set on one contact.</summary>
internal sealed record FieldWrite(long ContactId, FieldDefinition Field, FieldValue Value);

/// <summary>Sets and clears custom field values, many at once, and tells what really changed.</summary>
internal sealed class FieldValueWriter(IActivityLog activities, TimeProvider clock)
{
    /// <summary>Each (contact, field) at most once. Contacts that do not exist are left out.</summary>
    /// <returns>The contacts that changed.</returns>
    public async Task<IReadOnlyCollection<long>> WriteAsync(
        NpgsqlTransaction transaction, long accountId, IReadOnlyList<FieldWrite> writes, CancellationToken cancellationToken, ActivityOrigin? origin = null)
    {
        if (writes.Count == 0)
        {
            return [];
        }

        // Serialises changes per contact, so that "from" is what this change really replaced. In one order, so that two batches never deadlock.
        var contactIds = writes.Select(w => w.ContactId).Distinct().ToArray();
        await Sql.Of($"""
            select id from contacts.contact
            where account_id = {accountId} and id = any({contactIds})
            order by id for no key update
            """).ExecuteAsync(transaction, cancellationToken);

        var now = clock.GetUtcNow();
        var values = new ValueColumns(writes.Count);
        foreach (var write in writes)
        {
            values.Add(write.ContactId, write.Field.Id, write.Value);
        }

        var changes = await FieldValueChanges.ApplyAsync(transaction, accountId, values, clear: true, now, cancellationToken);
        if (changes.Count == 0)
        {
            return [];
        }

        await activities.AppendAsync(transaction, accountId, changes, cancellationToken, origin);
        var changed = changes.Select(c => c.ContactId).Distinct().ToArray();
        await Sql.Of($"update contacts.contact set updated_at = {now} where account_id = {accountId} and id = any({changed})")
            .ExecuteAsync(transaction, cancellationToken);
        return changed;
    }
}
