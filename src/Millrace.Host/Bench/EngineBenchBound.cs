using Millrace.Kernel.Data;
using Npgsql;

namespace Millrace.Host.Bench;

/// <summary>
/// The bound of <c>bench engine</c>: the rows of the twelve steps by one statement per phase and batch. It knows the outcome of every step
/// beforehand, so it decides nothing and carries nothing to a client.
/// </summary>
internal static class EngineBenchBound
{
    private const int BatchSize = 5_000;

    /// <param name="Tags">Added in the first phase (the first three), removed in the second (the second), added in it (the fourth).</param>
    internal sealed record Targets(
        long AccountId, long AutomationId, long[] Tags, long[] Fields, long MessageId, long VersionId, DateTimeOffset Now, DateTimeOffset Due, DateTimeOffset DueAfterWait);

    /// <summary>One of two halves of the buckets; returns when all its runs have ended.</summary>
    public static async Task RunAsync(string connectionString, long accountId, Sql[] phases, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(cancellationToken);
        foreach (var phase in phases)
        {
            // The second phase takes off tags that the first has just put on; without statistics of them it would search all for each contact.
            await Sql.Of($"analyze contacts.contact_tag").ExecuteAsync(connection, cancellationToken);
            int moved;
            do
            {
                await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
                await Sql.Of($"select set_config('app.accounts', {FormattableString.Invariant($"{{{accountId}}}")}, true)").ExecuteAsync(transaction, cancellationToken);
                moved = await phase.FirstAsync<int>(transaction, cancellationToken);
                await transaction.CommitAsync(cancellationToken);
            }
            while (moved > 0);
        }
    }

    public static Sql[] Phases(Targets targets, int half) => [BeforeWait(targets, half), AfterWait(targets, half)];

    public static Sql Lease(Targets t, int half, DateTimeOffset due) => Sql.Of($"""
        due as materialized (
            select ctid as place, id, contact_id, visit_no, arrived_at, bucket from automations.run
            where account_id = {t.AccountId} and bucket between {(short)(half * 128)} and {(short)((half * 128) + 127)}
              and not frozen and due_at = {due}
            order by bucket, due_at limit {BatchSize} for update skip locked)
        """);

    private static Sql BeforeWait(Targets t, int half) => Sql.Of($"""
        with {Lease(t, half, t.Due)},
        advanced as (
            update automations.run r set status = 'waiting', step_key = 's6', visit_no = r.visit_no + 5, arrived_at = {t.Now}, due_at = {t.DueAfterWait}
            from due d where r.account_id = {t.AccountId} and r.ctid = d.place),
        visited as (
            insert into automations.step_visit (account_id, run_id, visit_no, step_key, arrived_at, left_at, result)
            select {t.AccountId}, d.id, d.visit_no + s.no, 's' || s.no + 1, d.arrived_at, {t.Now}, s.result
            from due d, (values (0, 'done'), (1, 'done'), (2, 'done'), (3, 'yes'), (4, 'done')) s (no, result)),
        tagged as (
            insert into contacts.contact_tag (account_id, contact_id, tag_id, tagged_at)
            select {t.AccountId}, d.contact_id, g, {t.Now} from due d, unnest({t.Tags[..3]}) g),
        fielded as (
            insert into contacts.field_value (account_id, contact_id, field_id, value, updated_at)
            select {t.AccountId}, d.contact_id, {t.Fields[0]}, 'gold', {t.Now} from due d),
        appended as (
            insert into activities.activity (account_id, contact_id, occurred_at, kind, subject_id, automation_id, step_key, data)
            select {t.AccountId}, d.contact_id, {t.Now}, 'tag.added', g, {t.AutomationId}, 's1', jsonb_build_object('contact_id', d.contact_id, 'tag_id', g)
            from due d, unnest({t.Tags[..3]}) g
            union all
            select {t.AccountId}, d.contact_id, {t.Now}, 'field.changed', {t.Fields[0]}, {t.AutomationId}, 's3',
                   jsonb_build_object('contact_id', d.contact_id, 'field_id', {t.Fields[0]}, 'field', 'PLAN', 'from', null, 'to', 'gold')
            from due d
            returning account_id, id, contact_id, occurred_at, kind),
        queued as (
            insert into activities.activity_queue (account_id, id, bucket, contact_id, occurred_at, kind)
            select account_id, id, kernel.bucket_of(account_id, contact_id), contact_id, occurred_at, kind from appended)
        select count(*)::int from due
        """);

    private static Sql AfterWait(Targets t, int half) => Sql.Of($"""
        with {Lease(t, half, t.DueAfterWait)},
        advanced as (
            update automations.run r set status = 'ended', step_key = null, visit_no = r.visit_no + 7, arrived_at = {t.Now}, due_at = null,
                finished_at = {t.Now}, goals = array['s8']
            from due d where r.account_id = {t.AccountId} and r.ctid = d.place),
        visited as (
            insert into automations.step_visit (account_id, run_id, visit_no, step_key, arrived_at, left_at, result)
            select {t.AccountId}, d.id, d.visit_no + s.no, 's' || s.no + 6, d.arrived_at, {t.Now}, s.result
            from due d, (values (0, 'waited'), (1, 'done'), (2, 'skipped'), (3, 'done'), (4, 'done'), (5, 'done'), (6, 'end_step')) s (no, result)),
        untagged as (
            delete from contacts.contact_tag c using due d where c.account_id = {t.AccountId} and c.contact_id = d.contact_id and c.tag_id = {t.Tags[1]}),
        tagged as (
            insert into contacts.contact_tag (account_id, contact_id, tag_id, tagged_at) select {t.AccountId}, d.contact_id, {t.Tags[3]}, {t.Now} from due d),
        fielded as (
            insert into contacts.field_value (account_id, contact_id, field_id, value, updated_at)
            select {t.AccountId}, d.contact_id, {t.Fields[1]}, 'London', {t.Now} from due d),
        sent as (
            insert into messaging.send (account_id, bucket, lane, contact_id, message_id, message_version_id, source_kind, source_id, visit_no,
                automation_id, step_key, queued_at, next_at)
            select {t.AccountId}, d.bucket, 2, d.contact_id, {t.MessageId}, {t.VersionId}, 'automation', d.id, 10, {t.AutomationId}, 's10', {t.Now}, {t.Now} from due d),
        appended as (
            insert into activities.activity (account_id, contact_id, occurred_at, kind, subject_id, automation_id, step_key, data)
            select {t.AccountId}, d.contact_id, {t.Now}, a.kind, a.subject, {t.AutomationId}, a.step,
                   case a.no
                       when 1 then jsonb_build_object('contact_id', d.contact_id, 'tag_id', a.subject)
                       when 2 then jsonb_build_object('contact_id', d.contact_id, 'tag_id', a.subject)
                       when 3 then jsonb_build_object('contact_id', d.contact_id, 'field_id', a.subject, 'field', 'CITY', 'from', null, 'to', 'London')
                       when 4 then jsonb_build_object('contact_id', d.contact_id, 'automation_id', a.subject, 'run_id', d.id, 'step', 's8', 'name', 'Bought')
                       else jsonb_build_object('contact_id', d.contact_id, 'automation_id', a.subject, 'run_id', d.id, 'reason', 'end_step')
                   end
            from due d, (values (1, 'tag.removed', {t.Tags[1]}, 's7'), (2, 'tag.added', {t.Tags[3]}, 's11'), (3, 'field.changed', {t.Fields[1]}, 's9'),
                                (4, 'goal.skipped', {t.AutomationId}, 's8'), (5, 'automation.ended', {t.AutomationId}, null)) a (no, kind, subject, step)
            returning account_id, id, contact_id, occurred_at, kind),
        queued as (
            insert into activities.activity_queue (account_id, id, bucket, contact_id, occurred_at, kind)
            select account_id, id, kernel.bucket_of(account_id, contact_id), contact_id, occurred_at, kind from appended)
        select count(*)::int from due
        """);
}
