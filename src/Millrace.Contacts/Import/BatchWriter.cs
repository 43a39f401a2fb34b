using Millrace.Activities.Contracts;
using Millrace.Contacts.Contracts;
using Millrace.Contacts.Counting;
using Millrace.Contacts.Fields;
using Millrace.Kernel.Data;
using Npgsql;

namespace Millrace.Contacts.Import;

/// <summary>What became of a batch's rows.</summary>
internal readonly record struct BatchResult(int Created, int Updated, int Unchanged, int Rejected);

/// <summary>Writes a batch, set by set, in the caller's transaction. In the order of the addresses, so that imports never wait for each other in a ring.</summary>
internal sealed class BatchWriter(IActivityLog activities, ExistingContactWriter existingContacts, TimeProvider clock)
{
    public async Task<BatchResult> WriteAsync(
        NpgsqlTransaction transaction, long accountId, long importId, ImportPlan plan, ImportBatch batch, CancellationToken cancellationToken)
    {
        var (now, rows) = (clock.GetUtcNow(), Sorted(batch));
        var created = await CreateAsync(transaction, accountId, batch, rows, now, cancellationToken);
        await ContactTotal.ChangedAsync(transaction, accountId, created.Count, cancellationToken);
        var contactIds = Match(batch, rows, created);
        var createdIds = created.ConvertAll(c => c.Id).ToArray();
        await AddValuesAsync(transaction, accountId, batch, contactIds, now, cancellationToken);
        await AddTagsAsync(transaction, accountId, plan, createdIds, now, cancellationToken);
        await SubscribeAsync(transaction, accountId, plan, createdIds, now, cancellationToken);
        await LogAsync(transaction, accountId, plan, createdIds, cancellationToken);

        var changes = new ExistingChanges(0, 0, [], []);
        var rejected = batch.Rejected;
        var existing = Array.FindAll(rows, row => contactIds[row] == 0);
        if (existing.Length > 0 && plan.UpdateExisting)
        {
            changes = await existingContacts.UpdateAsync(transaction, accountId, plan, batch, existing, cancellationToken);
        }
        else if (existing.Length > 0)
        {
            rejected = [.. rejected, .. existing.Select(row => new RejectedRow(
                batch.Lines[row], RejectReason.ContactExists, "A contact with this address exists already.", batch.Contents[row]))];
        }

        await KeepRejectedAsync(transaction, accountId, importId, rejected, cancellationToken);
        if (!plan.TriggerAutomations)
        {
            await ImportCounters.AddAsync(transaction, accountId, plan, createdIds.Length, changes, cancellationToken);
        }

        return new BatchResult(createdIds.Length, changes.Updated, changes.Unchanged, rejected.Count);
    }

    private static int[] Sorted(ImportBatch batch)
    {
        var (rows, keys) = (Enumerable.Range(0, batch.Emails.Count).ToArray(), batch.Emails.ToArray());
        Array.Sort(keys, rows, StringComparer.Ordinal);
        return rows;
    }

    private static Task<List<CreatedContact>> CreateAsync(
        NpgsqlTransaction transaction, long accountId, ImportBatch batch, int[] rows, DateTimeOffset now, CancellationToken cancellationToken) => Sql.Of($"""
        insert into contacts.contact (account_id, email, first_name, last_name, phone, time_zone, source, created_at, updated_at)
        select {accountId}, r.email, coalesce(r.first_name, ''), coalesce(r.last_name, ''), coalesce(r.phone, ''), nullif(r.time_zone, ''),
               {ContactSource.Import}, {now}, {now}
        from unnest({Pick(batch.Emails, rows)}, {Pick(batch.FirstNames, rows)}, {Pick(batch.LastNames, rows)}, {Pick(batch.Phones, rows)},
                    {Pick(batch.TimeZones, rows)}) as r (email, first_name, last_name, phone, time_zone)
        on conflict (account_id, email) do nothing
        returning id, email
        """).ListAsync<CreatedContact>(transaction, cancellationToken);

    /// <returns>By row: the id of the contact that was made, or 0. Both lists are in the order of the addresses.</returns>
    private static long[] Match(ImportBatch batch, int[] rows, List<CreatedContact> created)
    {
        var (contactIds, next) = (new long[rows.Length], 0);
        foreach (var row in rows)
        {
            if (next < created.Count && created[next].Email == batch.Emails[row])
            {
                contactIds[row] = created[next++].Id;
            }
        }

        return next == created.Count ? contactIds : throw new InvalidOperationException("The database returned contacts in another order than they were given.");
    }

    private static async Task AddValuesAsync(
        NpgsqlTransaction transaction, long accountId, ImportBatch batch, long[] contactIds, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var values = new ValueColumns(batch.Values.Count);
        foreach (var value in batch.Values)
        {
            if (contactIds[value.Row] != 0 && value.Value.Text is not null)
            {
                values.Add(contactIds[value.Row], value.FieldId, value.Value);
            }
        }

        if (values.Count > 0)
        {
            await Sql.Of($"""
                insert into contacts.field_value (account_id, contact_id, field_id, value, number, instant, choices, updated_at)
                select {accountId}, v.contact_id, v.field_id, v.value, v.number, v.instant, v.choices, {now} from ({values.Rows()}) v
                """).ExecuteAsync(transaction, cancellationToken);
        }
    }

    private static async Task AddTagsAsync(
        NpgsqlTransaction transaction, long accountId, ImportPlan plan, long[] contactIds, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (plan.TagIds.Count > 0 && contactIds.Length > 0)
        {
            await Sql.Of($"""
                insert into contacts.contact_tag (account_id, contact_id, tag_id, tagged_at)
                select {accountId}, c.id, t.id, {now} from unnest({contactIds}) as c (id), unnest({plan.TagIds}) as t (id)
                """).ExecuteAsync(transaction, cancellationToken);
        }
    }

    private static async Task SubscribeAsync(
        NpgsqlTransaction transaction, long accountId, ImportPlan plan, long[] contactIds, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (plan.ListIds.Count > 0 && contactIds.Length > 0)
        {
            DateTimeOffset? since = plan.ListStatus == SubscriptionStatus.Active ? now : null;
            await Sql.Of($"""
                insert into contacts.subscription (account_id, contact_id, list_id, status, subscribed_at, source, created_at, updated_at)
                select {accountId}, c.id, l.id, {plan.ListStatus}, {since}, {ContactSource.Import}, {now}, {now}
                from unnest({contactIds}) as c (id), unnest({plan.ListIds}) as l (id)
                """).ExecuteAsync(transaction, cancellationToken);
        }
    }

    private async Task LogAsync(NpgsqlTransaction transaction, long accountId, ImportPlan plan, long[] contactIds, CancellationToken cancellationToken)
    {
        if (contactIds.Length == 0)
        {
            return;
        }

        await activities.AppendFromAsync(
            transaction, accountId, "contact.created", Sql.Of($"""
                select c.id, null::bigint, jsonb_build_object('contact_id', c.id, 'source', {ContactSource.Import}) from unnest({contactIds}) as c (id)
                """), plan.TriggerAutomations, cancellationToken);
        if (plan.TagIds.Count > 0)
        {
            await activities.AppendFromAsync(
                transaction, accountId, "tag.added", ImportActivities.TagsAdded(Pairs(contactIds, plan.TagIds)), plan.TriggerAutomations, cancellationToken);
        }

        if (plan.ListIds.Count > 0 && plan.ListStatus == SubscriptionStatus.Active)
        {
            await activities.AppendFromAsync(
                transaction, accountId, "list.subscribed", ImportActivities.Subscribed(Pairs(contactIds, plan.ListIds)), plan.TriggerAutomations, cancellationToken);
        }
    }

    private static Sql Pairs(long[] contactIds, IReadOnlyList<long> subjectIds) =>
        Sql.Of($"select c.id as contact_id, s.id as subject_id from unnest({contactIds}) as c (id), unnest({subjectIds}) as s (id)");

    private static async Task KeepRejectedAsync(
        NpgsqlTransaction transaction, long accountId, long importId, List<RejectedRow> rows, CancellationToken cancellationToken)
    {
        if (rows.Count > 0)
        {
            await Sql.Of($"""
                insert into contacts.import_reject (account_id, import_id, line, code, message, content)
                select {accountId}, {importId}, r.line, r.code, r.message, r.content
                from unnest({rows.ConvertAll(r => r.Line).ToArray()}, {rows.ConvertAll(r => r.Code).ToArray()},
                            {rows.ConvertAll(r => r.Message).ToArray()}, {rows.ConvertAll(r => r.Content).ToArray()})
                     as r (line, code, message, content)
                """).ExecuteAsync(transaction, cancellationToken);
        }
    }

    private static T[] Pick<T>(List<T> column, int[] rows) => Array.ConvertAll(rows, row => column[row]);

    private sealed record CreatedContact(long Id, string Email);
}
