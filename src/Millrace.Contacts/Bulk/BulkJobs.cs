using System.Text.Json;
using Millrace.Accounts.Contracts;
using Millrace.Contacts.Contracts;
using Millrace.Contacts.People;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Extensibility;
using Millrace.Kernel.Security;

namespace Millrace.Contacts.Bulk;

/// <summary>Starts, stops and takes back jobs. The work itself is <see cref="RunBulkJobs"/>.</summary>
internal sealed class BulkJobs(IContactConditions conditions, BulkSettings settingsReader, TimedLooks looks, IAudit audit, TimeProvider clock)
{
    public const int BatchSize = 1_000;

    /// <summary>How long a job can be taken back, and what became of each contact is kept.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(7);

    /// <summary>
    /// Freezes who is meant, in one statement: contacts that come to match later are not touched, those that stop matching are.
    /// </summary>
    /// <param name="expected">Refuse when more contacts are meant than a person has agreed to (409 <c>selection_grew</c>).</param>
    /// <param name="worker">Who has it first; see <see cref="RunBulkJobs"/>.</param>
    /// <returns>Its id and how many contacts.</returns>
    public async Task<(long Id, long Total)> StartAsync(
        AccountTransaction work, CurrentAccount account, BulkAction action, JsonElement options, ContactSelection selection, long? expected, string worker,
        CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var (settings, title) = await settingsReader.ReadAsync(work, account.Id, action, options, cancellationToken);
        await action.CheckAsync(work.Transaction, account.Id, settings, cancellationToken);
        selection.Check(string.Empty);
        var meant = await selection.ConditionAsync(work, conditions, new SegmentContext(account.Id, now, account.TimeZone), string.Empty, cancellationToken);
        var id = await InsertAsync(work, account, action.Key, options, title, undoOf: null, worker, now, cancellationToken);
        var total = await looks.ChoiceAsync(
            work,
            "/conditions",
            () => FreezeAsync(work, account.Id, id, Sql.Of($"select c.id from contacts.contact c where {meant}"), cancellationToken),
            cancellationToken);
        if (total == 0)
        {
            throw new InvalidInputException("/contact_ids", "nobody_matches", "No contact matches any more.");
        }

        if (expected is { } agreed && total > agreed)
        {
            throw new ConflictException("selection_grew", $"{total} contacts match by now, not {agreed}. Look again before you go on.");
        }

        await audit.AppendAsync(
            work.Transaction, account.Id, account.UserId, "contact.bulk", "bulk_job", id, new { action = action.Key, settings = options, total },
            cancellationToken);
        await LiveChanges.TellAsync(work, account.Id, cancellationToken, LiveTopics.Bulk);
        return (id, total);
    }

    /// <summary>Takes back a job that is over: one more job, on the contacts it changed.</summary>
    public async Task<(long Id, long Total)> UndoAsync(
        AccountTransaction work, CurrentAccount account, BulkJobRow job, BulkAction action, string worker, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (!job.IsUndoable(action, now))
        {
            throw new ConflictException("not_undoable", "This cannot be taken back (any more).");
        }

        var id = await InsertAsync(work, account, job.Action, job.Settings, StorableText.Cut($"Undo: {job.Title}", 500), job.Id, worker, now, cancellationToken);
        var total = await FreezeAsync(
            work, account.Id, id,
            Sql.Of($"select i.contact_id from contacts.bulk_item i where i.account_id = {account.Id} and i.job_id = {job.Id} and i.changed"),
            cancellationToken);
        await audit.AppendAsync(
            work.Transaction, account.Id, account.UserId, "contact.bulk_undo", "bulk_job", id, new { undo_of = job.Id, total }, cancellationToken);
        return (id, total);
    }

    /// <returns>False when it was over already. What was done stays, and can be taken back.</returns>
    public async Task<bool> CancelAsync(AccountTransaction work, CurrentAccount account, long id, CancellationToken cancellationToken)
    {
        if (await Sql.Of($"""
            update contacts.bulk_job set state = 'cancelled', finished_at = {clock.GetUtcNow()}
            where account_id = {account.Id} and id = {id} and state = 'running'
            """).ExecuteAsync(work, cancellationToken) == 0)
        {
            return false;
        }

        await audit.AppendAsync(work.Transaction, account.Id, account.UserId, "contact.bulk_cancel", "bulk_job", id, detail: null, cancellationToken);
        return true;
    }

    private static async Task<long> InsertAsync(
        AccountTransaction work, CurrentAccount account, string action, JsonElement settings, string title, long? undoOf, string worker, DateTimeOffset now,
        CancellationToken cancellationToken) => await Sql.Of($"""
            insert into contacts.bulk_job (account_id, action, settings, title, state, total, user_id, undo_of, worker, worker_until, created_at)
            values ({account.Id}, {action}, {settings}, {title}, 'running', 0, {account.UserId}, {undoOf}, {worker}, now() + interval '30 seconds', {now})
            returning id
            """).FirstAsync<long>(work, cancellationToken);

    /// <param name="ids">Yields the ids; one statement sees one moment.</param>
    private static async Task<long> FreezeAsync(AccountTransaction work, long accountId, long jobId, Sql ids, CancellationToken cancellationToken) =>
        await Sql.Of($"""
            with chosen as (select m.id, (row_number() over (order by m.id) - 1) / {BatchSize} as no from ({ids}) m (id)),
            batches as (
                insert into contacts.bulk_batch (account_id, job_id, no, contact_ids)
                select {accountId}, {jobId}, no, array_agg(id order by id) from chosen group by no
                returning cardinality(contact_ids) as contacts)
            update contacts.bulk_job set total = (select coalesce(sum(contacts), 0)::bigint from batches)
            where account_id = {accountId} and id = {jobId}
            returning total
            """).FirstAsync<long>(work, cancellationToken);
}
