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
        -- The old value is looked up for each pair by key, and what changes is known from it: two lists that the planner takes for ten rows are never compared.
        with given as materialized (
            select g.*, v.value as old, case when g.value is null then {clear} and v.value is not null else g.value is distinct from v.value end as changes
            from ({given.Rows()}) g
            join contacts.contact c on c.account_id = {accountId} and c.id = g.contact_id
            left join lateral (
                select v.value from contacts.field_value v
                where v.account_id = {accountId} and v.contact_id = g.contact_id and v.field_id = g.field_id limit 1) v on true),
        written as (
            insert into contacts.field_value as v (account_id, contact_id, field_id, value, number, instant, choices, updated_at)
            select {accountId}, contact_id, field_id, value, number, instant, choices, {now} from given where value is not null and changes
            on conflict (account_id, contact_id, field_id) do update
            set value = excluded.value, number = excluded.number, instant = excluded.instant, choices = excluded.choices, updated_at = excluded.updated_at),
        removed as (
            delete from contacts.field_value v using given g
            where g.value is null and g.changes and v.account_id = {accountId} and v.contact_id = g.contact_id and v.field_id = g.field_id)
        select g.contact_id, g.field_id, f.key, g.old, g.value
        from given g join contacts.field f on f.account_id = {accountId} and f.id = g.field_id
        where g.changes
        order by g.contact_id, g.field_id
        """).ListAsync<FieldChanged>(transaction, cancellationToken);
}
