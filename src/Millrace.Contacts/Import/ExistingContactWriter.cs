using Millrace.Activities.Contracts;
using Millrace.Contacts.Contracts;
using Millrace.Contacts.Fields;
using Millrace.Kernel.Data;
using Npgsql;

namespace Millrace.Contacts.Import;

internal sealed record ContactSubject(long ContactId, long SubjectId);

/// <summary>What an import changed on contacts that had been there before.</summary>
/// <param name="Updated">Contacts with any change.</param>
/// <param name="Unchanged">Contacts that had everything already.</param>
internal sealed record ExistingChanges(int Updated, int Unchanged, IReadOnlyList<ContactSubject> Tagged, IReadOnlyList<ContactSubject> Subscribed);

/// <summary>Updates contacts that exist: only what differs, with an activity for each difference. Nobody who left a list or bounced is put back.</summary>
internal sealed class ExistingContactWriter(IActivityLog activities, TimeProvider clock)
{
    /// <param name="rows">Rows of the batch whose address has a contact.</param>
    /// <exception cref="ContactGoneException">One was deleted just now.</exception>
    public async Task<ExistingChanges> UpdateAsync(
        NpgsqlTransaction transaction, long accountId, ImportPlan plan, ImportBatch batch, int[] rows, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var byEmail = rows.ToDictionary(row => batch.Emails[row], StringComparer.Ordinal);
        var people = await Sql.Of($"""
            select id, email, first_name, last_name, phone, time_zone, bounced_at is not null from contacts.contact
            where account_id = {accountId} and email = any({byEmail.Keys.ToArray()})
            order by id for no key update
            """).ListAsync<Person>(transaction, cancellationToken);
        if (people.Count != rows.Length)
        {
            throw new ContactGoneException();
        }

        var changed = new HashSet<long>();
        var log = new List<FieldChanged>();
        await UpdatePeopleAsync(transaction, accountId, batch, byEmail, people, log, now, cancellationToken);
        var rowOf = people.ToDictionary(p => byEmail[p.Email], p => p.Id);
        await UpdateValuesAsync(transaction, accountId, plan, batch, rowOf, log, now, cancellationToken);
        changed.UnionWith(log.Select(c => c.ContactId));

        var ids = people.ConvertAll(p => p.Id).ToArray();
        var tagged = await TagAsync(transaction, accountId, plan, ids, now, cancellationToken);
        changed.UnionWith(tagged.Select(t => t.ContactId));
        var reachable = people.Where(p => !p.Bounced).Select(p => p.Id).ToArray();
        var subscribed = await SubscribeAsync(transaction, accountId, plan, reachable, now, cancellationToken);
        changed.UnionWith(subscribed.Select(s => s.ContactId));

        await LogAsync(transaction, accountId, plan, log, tagged, subscribed, cancellationToken);
        var changedIds = changed.Order().ToArray();
        await Sql.Of($"update contacts.contact set updated_at = {now} where account_id = {accountId} and id = any({changedIds})")
            .ExecuteAsync(transaction, cancellationToken);
        return new ExistingChanges(changed.Count, people.Count - changed.Count, tagged, subscribed);
    }

    private static async Task UpdatePeopleAsync(
        NpgsqlTransaction transaction, long accountId, ImportBatch batch, Dictionary<string, int> rows, List<Person> people, List<FieldChanged> log,
        DateTimeOffset now, CancellationToken cancellationToken)
    {
        var updated = new List<Person>();
        foreach (var person in people)
        {
            var row = rows[person.Email];
            var zone = batch.TimeZones[row];
            var next = person with
            {
                FirstName = batch.FirstNames[row] ?? person.FirstName,
                LastName = batch.LastNames[row] ?? person.LastName,
                Phone = batch.Phones[row] ?? person.Phone,
                TimeZone = zone is null ? person.TimeZone : zone.Length == 0 ? null : zone,
            };
            if (next != person)
            {
                updated.Add(next);
                Compare(log, person.Id, "first_name", person.FirstName, next.FirstName);
                Compare(log, person.Id, "last_name", person.LastName, next.LastName);
                Compare(log, person.Id, "phone", person.Phone, next.Phone);
                Compare(log, person.Id, "time_zone", person.TimeZone, next.TimeZone);
            }
        }

        if (updated.Count > 0)
        {
            await Sql.Of($"""
                update contacts.contact c
                set first_name = u.first_name, last_name = u.last_name, phone = u.phone, time_zone = u.time_zone, updated_at = {now}
                from unnest({Column(updated, p => p.Id)}, {Column(updated, p => p.FirstName)}, {Column(updated, p => p.LastName)},
                            {Column(updated, p => p.Phone)}, {Column(updated, p => p.TimeZone)}) as u (id, first_name, last_name, phone, time_zone)
                where c.account_id = {accountId} and c.id = u.id
                """).ExecuteAsync(transaction, cancellationToken);
        }
    }

    private static void Compare(List<FieldChanged> log, long contactId, string field, string? before, string? after)
    {
        if (before != after)
        {
            log.Add(new FieldChanged(contactId, null, field, string.IsNullOrEmpty(before) ? null : before, string.IsNullOrEmpty(after) ? null : after));
        }
    }

    private static async Task UpdateValuesAsync(
        NpgsqlTransaction transaction, long accountId, ImportPlan plan, ImportBatch batch, Dictionary<int, long> contactIds, List<FieldChanged> log,
        DateTimeOffset now, CancellationToken cancellationToken)
    {
        var values = new ValueColumns(batch.Values.Count);
        foreach (var value in batch.Values)
        {
            if (contactIds.TryGetValue(value.Row, out var contactId))
            {
                values.Add(contactId, value.FieldId, value.Value);
            }
        }

        if (values.Count == 0)
        {
            return;
        }

        log.AddRange(await FieldValueChanges.ApplyAsync(transaction, accountId, values, plan.OverwriteWithBlank, now, cancellationToken));
    }

    private static async Task<List<ContactSubject>> TagAsync(
        NpgsqlTransaction transaction, long accountId, ImportPlan plan, long[] contactIds, DateTimeOffset now, CancellationToken cancellationToken) =>
        plan.TagIds.Count == 0 ? [] : await Sql.Of($"""
            insert into contacts.contact_tag (account_id, contact_id, tag_id, tagged_at)
            select {accountId}, c.id, t.id, {now} from unnest({contactIds}) as c (id), unnest({plan.TagIds}) as t (id)
            on conflict (account_id, contact_id, tag_id) do nothing
            returning contact_id, tag_id
            """).ListAsync<ContactSubject>(transaction, cancellationToken);

    /// <returns>Those that became active.</returns>
    private static async Task<List<ContactSubject>> SubscribeAsync(
        NpgsqlTransaction transaction, long accountId, ImportPlan plan, long[] contactIds, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (plan.ListIds.Count == 0)
        {
            return [];
        }

        DateTimeOffset? since = plan.ListStatus == SubscriptionStatus.Active ? now : null;
        var subscribed = await Sql.Of($"""
            insert into contacts.subscription as s (account_id, contact_id, list_id, status, subscribed_at, source, created_at, updated_at)
            select {accountId}, c.id, l.id, {plan.ListStatus}, {since}, {ContactSource.Import}, {now}, {now}
            from unnest({contactIds}) as c (id), unnest({plan.ListIds}) as l (id)
            on conflict (account_id, contact_id, list_id) do update
            set status = excluded.status, subscribed_at = excluded.subscribed_at, source = excluded.source, updated_at = excluded.updated_at
            where s.status = 'unconfirmed' and excluded.status = 'active'
            returning contact_id, list_id
            """).ListAsync<ContactSubject>(transaction, cancellationToken);
        return plan.ListStatus == SubscriptionStatus.Active ? subscribed : [];
    }

    private async Task LogAsync(
        NpgsqlTransaction transaction, long accountId, ImportPlan plan, List<FieldChanged> changes, List<ContactSubject> tagged,
        List<ContactSubject> subscribed, CancellationToken cancellationToken)
    {
        if (changes.Count > 0)
        {
            await activities.AppendFromAsync(
                transaction, accountId, "field.changed", Sql.Of($"""
                    select c.contact_id, c.subject_id, c.data
                    from unnest({Column(changes, c => c.ContactId)}, {Column(changes, c => c.FieldId)}, {JsonText.Array(Column<FieldChanged, string?>(changes, ActivityJson.Write))})
                         as c (contact_id, subject_id, data)
                    """), plan.TriggerAutomations, cancellationToken);
        }

        if (tagged.Count > 0)
        {
            await activities.AppendFromAsync(
                transaction, accountId, "tag.added", ImportActivities.TagsAdded(Pairs(tagged)), plan.TriggerAutomations, cancellationToken);
        }

        if (subscribed.Count > 0)
        {
            await activities.AppendFromAsync(
                transaction, accountId, "list.subscribed", ImportActivities.Subscribed(Pairs(subscribed)), plan.TriggerAutomations, cancellationToken);
        }
    }

    private static Sql Pairs(List<ContactSubject> pairs) => Sql.Of($"""
        select p.contact_id, p.subject_id from unnest({Column(pairs, p => p.ContactId)}, {Column(pairs, p => p.SubjectId)}) as p (contact_id, subject_id)
        """);

    private static TColumn[] Column<T, TColumn>(List<T> rows, Func<T, TColumn> column) => [.. rows.Select(column)];

    private sealed record Person(long Id, string Email, string FirstName, string LastName, string Phone, string? TimeZone, bool Bounced);
}

/// <summary>A contact was deleted between two statements; the batch is tried again.</summary>
internal sealed class ContactGoneException() : Exception("A contact was deleted while its row was imported.");
