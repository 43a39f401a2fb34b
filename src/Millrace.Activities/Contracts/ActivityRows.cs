using Millrace.Kernel.Data;

namespace Millrace.Activities.Contracts;

/// <summary>
/// For statements that find out in SQL what happened: the log and the reactor's queue as two more parts of their <c>with</c>, so that one
/// round trip does it all. Everything else appends through <see cref="IActivityLog"/>.
/// </summary>
public static class ActivityRows
{
    /// <param name="rows">
    /// A select of account_id, contact_id, occurred_at, kind, subject_id, automation_id, step_key, data, aside (<see cref="ITakesAsides"/>; mostly null); its order
    /// is the order in the log. Call <see cref="IActivityLog.Wake"/> after the commit.
    /// </param>
    public static Sql Append(Sql rows) => Sql.Of($"""
        happened as materialized (
            select nextval('activities.activity_id') as id, h.*
            from ({rows}) h (account_id, contact_id, occurred_at, kind, subject_id, automation_id, step_key, data, aside)),
        appended as (
            insert into activities.activity (account_id, contact_id, occurred_at, id, kind, subject_id, automation_id, step_key, data)
            select account_id, contact_id, occurred_at, id, kind, subject_id, automation_id, step_key, data from happened),
        queued as (
            insert into activities.activity_queue (account_id, id, bucket, contact_id, occurred_at, kind, aside)
            select account_id, id, kernel.bucket_of(account_id, contact_id), contact_id, occurred_at, kind, aside from happened)
        """);
}
