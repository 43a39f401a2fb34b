using Millrace.Activities.Contracts;
using Millrace.Contacts.Contracts;
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
        var changes = await Sql.Of($"""
            with given as (
                select c.id as contact_id, g.field_id, g.value, g.number, g.instant,
                       case when g.many then string_to_array(substring(g.value from 3 for length(g.value) - 4), '||')
                            when g.one then array[g.value] end as choices
                from unnest({Column(writes, w => w.ContactId)}, {Column(writes, w => w.Field.Id)}, {Column(writes, w => w.Value.Text)},
                            {Column(writes, w => w.Value.Number)}, {Column(writes, w => w.Value.Instant)},
                            {Column(writes, w => w.Field.Type.IsMany())}, {Column(writes, w => w.Value.Choices is not null)})
                     as g (contact_id, field_id, value, number, instant, many, one)
                join contacts.contact c on c.account_id = {accountId} and c.id = g.contact_id),
            before as (
                select v.contact_id, v.field_id, v.value
                from given g
                join contacts.field_value v on v.account_id = {accountId} and v.contact_id = g.contact_id and v.field_id = g.field_id),
            written as (
                insert into contacts.field_value as v (account_id, contact_id, field_id, value, number, instant, choices, updated_at)
                select {accountId}, contact_id, field_id, value, number, instant, choices, {now} from given where value is not null
                on conflict (account_id, contact_id, field_id) do update
                set value = excluded.value, number = excluded.number, instant = excluded.instant, choices = excluded.choices, updated_at = excluded.updated_at
                where v.value is distinct from excluded.value
                returning v.contact_id, v.field_id, v.value),
            removed as (
                delete from contacts.field_value v using given g
                where g.value is null and v.account_id = {accountId} and v.contact_id = g.contact_id and v.field_id = g.field_id
                returning v.contact_id, v.field_id, null::text as value)
            select c.contact_id, c.field_id, b.value, c.value
            from (select * from written union all select * from removed) c
            left join before b on b.contact_id = c.contact_id and b.field_id = c.field_id
            order by c.contact_id, c.field_id
            """).ListAsync<Change>(transaction, cancellationToken);
        if (changes.Count == 0)
        {
            return [];
        }

        var keys = writes.Select(w => w.Field).DistinctBy(f => f.Id).ToDictionary(f => f.Id, f => f.Key);
        await activities.AppendAsync(
            transaction, accountId, [.. changes.Select(c => new FieldChanged(c.ContactId, c.FieldId, keys[c.FieldId], c.From, c.To))], cancellationToken, origin);
        var changed = changes.Select(c => c.ContactId).Distinct().ToArray();
        await Sql.Of($"update contacts.contact set updated_at = {now} where account_id = {accountId} and id = any({changed})")
            .ExecuteAsync(transaction, cancellationToken);
        return changed;
    }

    private static T[] Column<T>(IReadOnlyList<FieldWrite> writes, Func<FieldWrite, T> column) => [.. writes.Select(column)];

    private sealed record Change(long ContactId, long FieldId, string? From, string? To);
}
