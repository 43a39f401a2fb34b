using System.Globalization;
using System.Text.Json.Nodes;
using Millrace.Kernel.Data;

namespace Millrace.Host.Bench;

/// <summary><c>bench engine-steps</c>: as <c>bench engine</c>, with the steps that keep books of their own: split, computing, notes, another automation, a date to wait for.</summary>
internal sealed class EngineStepsBench : EngineBench
{
    /// <summary>As long as what a split keeps.</summary>
    private const string SplitDetail = """{"code":"split_turn","path":"A","taken":10000,"of":20000,"share":50}""";

    private long _other;

    public override string Name => "engine-steps";

    protected override int Steps => 10;

    protected override string Document => """
        { "name": "Bench steps", "create": true, "steps": [
            { "id": "s1", "type": "flow.split", "mode": "even", "paths": 2,
              "a": [ { "id": "s2", "type": "tag.add", "tag": "one" } ], "b": [ { "id": "s3", "type": "tag.add", "tag": "two" } ] },
            { "id": "s4", "type": "math.compute", "field": "Points", "operation": "add", "value": 5 },
            { "id": "s5", "type": "note.add", "text": "Came by" },
            { "id": "s6", "type": "flow.start_automation", "automation": "Other" },
            { "id": "s7", "type": "wait.until_date", "field": "Day" },
            { "id": "s8", "type": "math.compute", "field": "Points", "operation": "subtract", "value": 1 },
            { "id": "s9", "type": "note.add", "text": "Came again" },
            { "id": "s10", "type": "tag.add", "tag": "three" },
            { "id": "s11", "type": "flow.end" } ] }
        """;

    protected override async Task BeforeAsync(BenchContext context, HttpClient app, CancellationToken cancellationToken)
    {
        using var made = await app.PostAsJsonAsync(
            "automations/import?activate=true", JsonNode.Parse("""{ "name": "Other", "steps": [ { "id": "o1", "type": "wait.for", "duration": "P4000D" } ] }"""), cancellationToken);
        _other = long.Parse(JsonNode.Parse(await made.Content.ReadAsStringAsync(cancellationToken))!["id"]!.GetValue<string>(), CultureInfo.InvariantCulture);
    }

    protected override async Task EquipAsync(BenchContext context, long first, int count, CancellationToken cancellationToken)
    {
        var day = context.App.Services.GetRequiredService<TimeProvider>().GetUtcNow().AddDays(1).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        await using var work = await context.BeginAsync(cancellationToken);
        await Sql.Of($"""
            insert into contacts.field_value (account_id, contact_id, field_id, value, instant, updated_at)
            select {context.AccountId}, c, {Fields[3]}, {day}, {day}::date, now() from generate_series({first}, {first + count - 1}) c
            """).ExecuteAsync(work, cancellationToken);
        await work.CommitAsync(cancellationToken);
    }

    protected override async Task<Func<int, Sql[]>> BoundOfAsync(BenchContext context, DateTimeOffset now, DateTimeOffset due, CancellationToken cancellationToken)
    {
        // Paths belong to a split. Whichever side comes first makes its row.
        await using (var work = await context.BeginAsync(cancellationToken))
        {
            await Sql.Of($"""
                insert into automations.split (account_id, automation_id, step_key, options, counts)
                values ({context.AccountId}, {AutomationId}, 's1', jsonb_build_object('mode', 'even', 'paths', 2), {new long[2]}) on conflict do nothing
                """).ExecuteAsync(work, cancellationToken);
            await work.CommitAsync(cancellationToken);
        }

        var t = new EngineBenchBound.Targets(context.AccountId, AutomationId, Tags, Fields, 0, 0, now, due, due.AddDays(1));
        return half => [BeforeWait(t, half), AfterWait(t, half)];
    }

    protected override (long PerRun, Sql Count)[] Rows(BenchContext context, long first) =>
    [
        (10, Visits(context, first)),
        (2, Sql.Of($"select count(*) from contacts.contact_tag where account_id = {context.AccountId} and contact_id >= {first}")),
        (2, Sql.Of($"select count(*) from contacts.field_value where account_id = {context.AccountId} and contact_id >= {first}")),
        (2, Sql.Of($"select count(*) from contacts.note where account_id = {context.AccountId} and contact_id >= {first}")),
        (4, Sql.Of($"select count(*) from contacts.step_effect where account_id = {context.AccountId} and contact_id >= {first}")),
        (1, Sql.Of($"select count(*) from automations.split_path where account_id = {context.AccountId} and contact_id >= {first}")),
        (1, Sql.Of($"select count(*) from automations.run where account_id = {context.AccountId} and automation_id = {_other} and contact_id >= {first}")),
        (8, Sql.Of($"select count(*) from activities.activity_queue where account_id = {context.AccountId} and contact_id >= {first}")),
    ];

    private Sql BeforeWait(EngineBenchBound.Targets t, int half) => Sql.Of($"""
        with {EngineBenchBound.Lease(t, half, t.Due)},
        advanced as (
            update automations.run r set status = 'waiting', step_key = 's7', visit_no = r.visit_no + 5, arrived_at = {t.Now}, due_at = {t.DueAfterWait}
            from due d where r.account_id = {t.AccountId} and r.ctid = d.place),
        visited as (
            insert into automations.step_visit (account_id, run_id, visit_no, step_key, arrived_at, left_at, result, detail)
            select {t.AccountId}, d.id, d.visit_no + s.no, s.step, d.arrived_at, {t.Now}, s.result, s.detail
            from due d, (values (0, 's1', 'a', {SplitDetail}), (1, 's2', 'done', null),
                                (2, 's4', 'done', null), (3, 's5', 'done', null), (4, 's6', 'done', null)) s (no, step, result, detail)),
        divided as (
            insert into automations.split_path (account_id, automation_id, step_key, contact_id, path, taken_at)
            select {t.AccountId}, {t.AutomationId}, 's1', d.contact_id, (d.contact_id % 2)::smallint, {t.Now} from due d),
        tagged as (
            insert into contacts.contact_tag (account_id, contact_id, tag_id, tagged_at) select {t.AccountId}, d.contact_id, {t.Tags[0]}, {t.Now} from due d),
        fielded as (
            insert into contacts.field_value (account_id, contact_id, field_id, value, number, updated_at)
            select {t.AccountId}, d.contact_id, {t.Fields[2]}, '5', 5, {t.Now} from due d),
        noted as (
            insert into contacts.note (account_id, contact_id, text, created_at, updated_at)
            select {t.AccountId}, d.contact_id, 'Came by', {t.Now}, {t.Now} from due d returning id, contact_id),
        booked as (
            insert into contacts.step_effect (account_id, run_id, visit_no, contact_id)
            select {t.AccountId}, d.id, d.visit_no + n, d.contact_id from due d, unnest(array[2, 3]) n),
        started as (
            insert into automations.run (account_id, automation_id, contact_id, bucket, status, step_key, arrived_at, due_at, entered_at, trigger_key, entry_key)
            select {t.AccountId}, {_other}, d.contact_id, d.bucket, 'waiting', 'o1', {t.Now}, {t.Now.AddDays(4000)}, {t.Now}, 'automation', 'start:' || d.id
            from due d returning id, contact_id),
        appended as (
            insert into activities.activity (account_id, contact_id, occurred_at, kind, subject_id, automation_id, step_key, data)
            select {t.AccountId}, d.contact_id, {t.Now}, a.kind, a.subject, {t.AutomationId}, a.step, jsonb_build_object('contact_id', d.contact_id, 'tag_id', a.subject)
            from due d, (values ('tag.added', {t.Tags[0]}, 's2'), ('field.changed', {t.Fields[2]}, 's4')) a (kind, subject, step)
            union all select {t.AccountId}, contact_id, {t.Now}, 'note.added', id, {t.AutomationId}, 's5', jsonb_build_object('contact_id', contact_id, 'note_id', id) from noted
            union all select {t.AccountId}, contact_id, {t.Now}, 'automation.entered', {_other}, null, null,
                jsonb_build_object('contact_id', contact_id, 'automation_id', {_other}, 'run_id', id, 'trigger', 'automation') from started
            returning account_id, id, contact_id, occurred_at, kind),
        queued as (
            insert into activities.activity_queue (account_id, id, bucket, contact_id, occurred_at, kind)
            select account_id, id, kernel.bucket_of(account_id, contact_id), contact_id, occurred_at, kind from appended)
        select count(*)::int from due
        """);

    private static Sql AfterWait(EngineBenchBound.Targets t, int half) => Sql.Of($"""
        with {EngineBenchBound.Lease(t, half, t.DueAfterWait)},
        advanced as (
            update automations.run r set status = 'ended', step_key = null, visit_no = r.visit_no + 5, arrived_at = {t.Now}, due_at = null, finished_at = {t.Now}
            from due d where r.account_id = {t.AccountId} and r.ctid = d.place),
        visited as (
            insert into automations.step_visit (account_id, run_id, visit_no, step_key, arrived_at, left_at, result)
            select {t.AccountId}, d.id, d.visit_no + s.no, 's' || s.no + 7, d.arrived_at, {t.Now}, s.result
            from due d, (values (0, 'waited'), (1, 'done'), (2, 'done'), (3, 'done'), (4, 'end_step')) s (no, result)),
        tagged as (
            insert into contacts.contact_tag (account_id, contact_id, tag_id, tagged_at) select {t.AccountId}, d.contact_id, {t.Tags[2]}, {t.Now} from due d),
        fielded as (
            update contacts.field_value f set value = '4', number = 4, updated_at = {t.Now}
            from due d where f.account_id = {t.AccountId} and f.contact_id = d.contact_id and f.field_id = {t.Fields[2]}),
        noted as (
            insert into contacts.note (account_id, contact_id, text, created_at, updated_at)
            select {t.AccountId}, d.contact_id, 'Came again', {t.Now}, {t.Now} from due d returning id, contact_id),
        booked as (
            insert into contacts.step_effect (account_id, run_id, visit_no, contact_id)
            select {t.AccountId}, d.id, d.visit_no + n, d.contact_id from due d, unnest(array[1, 2]) n),
        appended as (
            insert into activities.activity (account_id, contact_id, occurred_at, kind, subject_id, automation_id, step_key, data)
            select {t.AccountId}, d.contact_id, {t.Now}, a.kind, a.subject, {t.AutomationId}, a.step, jsonb_build_object('contact_id', d.contact_id, 'tag_id', a.subject)
            from due d, (values ('tag.added', {t.Tags[2]}, 's10'), ('field.changed', {t.Fields[2]}, 's8'), ('automation.ended', {t.AutomationId}, null)) a (kind, subject, step)
            union all select {t.AccountId}, contact_id, {t.Now}, 'note.added', id, {t.AutomationId}, 's9', jsonb_build_object('contact_id', contact_id, 'note_id', id) from noted
            returning account_id, id, contact_id, occurred_at, kind),
        queued as (
            insert into activities.activity_queue (account_id, id, bucket, contact_id, occurred_at, kind)
            select account_id, id, kernel.bucket_of(account_id, contact_id), contact_id, occurred_at, kind from appended)
        select count(*)::int from due
        """);
}
