using Millrace.Activities.Contracts;
using Millrace.Activities.Reactor;
using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;
using Millrace.Kernel.Workers;
using Npgsql;

namespace Millrace.Activities.Log;

internal sealed class ActivityLog(ActivityKinds kinds, TimeProvider clock, WorkSignal signal) : IActivityLog
{
    public Task AppendAsync<TActivity>(
        NpgsqlTransaction transaction,
        long accountId,
        IReadOnlyList<TActivity> activities,
        CancellationToken cancellationToken,
        ActivityOrigin? origin = null)
        where TActivity : class, IActivity
    {
        var now = clock.GetUtcNow();
        return AppendAsync(transaction, accountId, [.. activities.Select(a => new DatedActivity(a, now, origin))], cancellationToken);
    }

    public Task ForgetAsync(NpgsqlTransaction transaction, long accountId, long[] contactIds, CancellationToken cancellationToken) => Sql.Of($"""
        update activities.activity set data = {Impersonal.Of(Sql.Of($"data"))}
        where account_id = {accountId} and contact_id = any ({contactIds}) and kind <> 'contact.deleted' and data <> {Impersonal.Of(Sql.Of($"data"))}
        """).ExecuteAsync(transaction, cancellationToken);

    public async Task AppendAsync(
        NpgsqlTransaction transaction, long accountId, IReadOnlyList<DatedActivity> activities, CancellationToken cancellationToken)
    {
        if (activities.Count == 0)
        {
            return;
        }

        var count = activities.Count;
        var (contacts, times, names, subjects) = (new long[count], new DateTimeOffset[count], new string[count], new long?[count]);
        var (automations, steps, data) = (new long?[count], new string?[count], new string?[count]);
        for (var i = 0; i < count; i++)
        {
            var (activity, occurredAt, origin) = activities[i];
            var kind = kinds.Of(activity.GetType());
            contacts[i] = activity.ContactId;
            times[i] = occurredAt;
            names[i] = kind.Key;
            subjects[i] = (long?)kind.Subject?.GetValue(activity);
            automations[i] = origin?.AutomationId;
            steps[i] = origin?.StepKey;
            data[i] = ActivityJson.Write(activity);
        }

        // Numbered in input order, so a contact's activities keep theirs.
        await Sql.Of($"""
            with appended as (
                insert into activities.activity (account_id, contact_id, occurred_at, kind, subject_id, automation_id, step_key, data)
                select {accountId}, a.contact_id, a.occurred_at, a.kind, a.subject_id, a.automation_id, a.step_key, a.data
                from unnest({contacts}, {times}, {names}, {subjects}, {automations}, {steps}, {JsonText.Array(data)})
                     with ordinality as a (contact_id, occurred_at, kind, subject_id, automation_id, step_key, data, no)
                order by a.no
                returning account_id, id, contact_id, occurred_at, kind)
            insert into activities.activity_queue (account_id, id, bucket, contact_id, occurred_at, kind)
            select account_id, id, kernel.bucket_of(account_id, contact_id), contact_id, occurred_at, kind from appended
            """).ExecuteAsync(transaction, cancellationToken);
    }

    public async Task<int> AppendFromAsync(
        NpgsqlTransaction transaction, long accountId, string kind, Sql rows, bool react, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var insert = Sql.Of($"""
            insert into activities.activity (account_id, contact_id, occurred_at, kind, subject_id, data)
            select {accountId}, r.contact_id, {now}, {kind}, r.subject_id, r.data from ({rows}) as r (contact_id, subject_id, data)
            """);
        return react
            ? await Sql.Of($"""
                with appended as ({insert} returning account_id, id, contact_id, occurred_at, kind)
                insert into activities.activity_queue (account_id, id, bucket, contact_id, occurred_at, kind)
                select account_id, id, kernel.bucket_of(account_id, contact_id), contact_id, occurred_at, kind from appended
                """).ExecuteAsync(transaction, cancellationToken)
            : await insert.ExecuteAsync(transaction, cancellationToken);
    }

    public void Wake() => signal.Pulse(nameof(ActivityReactor));
}
