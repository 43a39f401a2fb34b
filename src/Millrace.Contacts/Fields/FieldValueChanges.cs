using Millrace.Contacts.Contracts;
using Millrace.Kernel.Data;
using Npgsql;

namespace Millrace.Contacts.Fields;

/// <summary>The one statement that sets and clears values of contacts that exist and are locked, and tells what really changed.</summary>
internal static class FieldValueChanges
{
    /// <param name="given">Each (contact, field) at most once. A pair whose contact is no longer there is left out.</param>
    /// <param name="clear">Whether an empty value takes away what is there; otherwise it leaves it.</param>
    /// <returns>By contact and field, ascending.</returns>
    public static Task<List<FieldChanged>> ApplyAsync(
        NpgsqlTransaction transaction, long accountId, ValueColumns given, bool clear, DateTimeOffset now, CancellationToken cancellationToken) => Sql.Of($"""
        with given as materialized (
            select g.* from ({given.Rows()}) g join contacts.contact c on c.account_id = {accountId} and c.id = g.contact_id),
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
            where {clear} and g.value is null and v.account_id = {accountId} and v.contact_id = g.contact_id and v.field_id = g.field_id
            returning v.contact_id, v.field_id, null::text as value)
        select c.contact_id, c.field_id, f.key, b.value, c.value
        from (select * from written union all select * from removed) c
        join contacts.field f on f.account_id = {accountId} and f.id = c.field_id
        left join before b on b.contact_id = c.contact_id and b.field_id = c.field_id
        order by c.contact_id, c.field_id
        """).ListAsync<FieldChanged>(transaction, cancellationToken);
}
