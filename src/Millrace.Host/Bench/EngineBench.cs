using System.Diagnostics;
using System.Text.Json.Nodes;
using Millrace.Kernel.Data;
using Millrace.Kernel.Time;

namespace Millrace.Host.Bench;

/// <summary>
/// <c>bench engine</c>: people walk twelve steps. The dispatcher and the reactor are stopped before, so that neither their work nor their load
/// is measured: what they would take stands in their queues on both sides.
/// </summary>
internal class EngineBench : Benchmark
{
    /// <summary>Steps one run leaves behind.</summary>
    protected virtual int Steps => 12;

    protected virtual string Document => """
        { "name": "Bench", "create": true, "steps": [
            { "id": "s1", "type": "tag.add", "tag": "one" },
            { "id": "s2", "type": "tag.add", "tag": "two" },
            { "id": "s3", "type": "field.set", "field": "Plan", "value": "gold" },
            { "id": "s4", "type": "flow.if", "conditions": { "all": [ { "field": "tag", "op": "has", "value": "one" } ] },
              "yes": [ { "id": "s5", "type": "tag.add", "tag": "three" } ] },
            { "id": "s6", "type": "wait.for", "duration": "P1D" },
            { "id": "s7", "type": "tag.remove", "tag": "two" },
            { "id": "s8", "type": "goal", "name": "Bought", "conditions": { "all": [ { "field": "tag", "op": "has", "value": "bought" } ] } },
            { "id": "s9", "type": "field.set", "field": "City", "value": "London" },
            { "id": "s10", "type": "email.send", "subject": "Hello %FIRSTNAME%", "html": "<p>Hello</p><p>%UNSUBSCRIBELINK% %SENDER-INFO%</p>" },
            { "id": "s11", "type": "tag.add", "tag": "four" },
            { "id": "s12", "type": "flow.end" } ] }
        """;

    private long _people;

    protected long AutomationId { get; private set; }

    protected long[] Tags { get; private set; } = [];

    protected long[] Fields { get; private set; } = [];

    public override string Name => "engine";

    public override string Unit => "steps/s";

    public override string BoundIs => "pure SQL lease, advance, log and effects, batches of 5,000 on 2 connections";

    public override double Goal => 0.5;

    public override async Task PrepareAsync(BenchContext context, CancellationToken cancellationToken)
    {
        foreach (var worker in context.App.Services.GetServices<IHostedService>().Where(IsOtherWork))
        {
            await worker.StopAsync(cancellationToken);
        }

        await using (var work = await context.BeginAsync(cancellationToken))
        {
            Fields = [.. await Sql.Of($"""
                insert into contacts.field (account_id, name, key, type, created_at, updated_at)
                values ({context.AccountId}, 'Plan', 'PLAN', 'text', now(), now()), ({context.AccountId}, 'City', 'CITY', 'text', now(), now()),
                       ({context.AccountId}, 'Points', 'POINTS', 'number', now(), now()), ({context.AccountId}, 'Day', 'DAY', 'date', now(), now()) returning id
                """).ListAsync<long>(work, cancellationToken)];
            Tags = [.. await Sql.Of($"""
                insert into contacts.tag (account_id, name, created_at)
                select {context.AccountId}, n, now() from unnest(array['one', 'two', 'three', 'four', 'bought']) n returning id
                """).ListAsync<long>(work, cancellationToken)];
            await work.CommitAsync(cancellationToken);
        }

        using var app = await context.LogInAsync("bench@example.com", cancellationToken);
        await BeforeAsync(context, app, cancellationToken);
        using var made = await app.PostAsJsonAsync("automations/import?activate=true", JsonNode.Parse(Document), cancellationToken);
        var answer = await made.Content.ReadAsStringAsync(cancellationToken);
        AutomationId = made.IsSuccessStatusCode
            ? long.Parse(JsonNode.Parse(answer)!["id"]!.GetValue<string>(), System.Globalization.CultureInfo.InvariantCulture)
            : throw new InvalidOperationException(answer);
    }

    public override async Task<(long Items, double Seconds)> ProductAsync(BenchContext context, int round, CancellationToken cancellationToken)
    {
        var (clock, runs) = (context.App.Services.GetRequiredService<TimeProvider>(), context.Scale(200_000));
        var first = await ContactsAsync(context, runs, cancellationToken);
        await EnrolAsync(context, first, runs, null, cancellationToken);
        var started = Stopwatch.GetTimestamp();
        context.App.Services.GetRequiredService<Kernel.Workers.WorkSignal>().PulseAll();
        await BenchContext.UntilAsync(() => NoneDueAsync(context, clock.GetUtcNow(), cancellationToken), TimeSpan.FromMinutes(10), "all wait");
        await context.App.Services.GetRequiredService<ClockSynchroniser>().AdvanceAsync(TimeSpan.FromHours(25), cancellationToken);
        await BenchContext.UntilAsync(
            () => NoneDueAsync(context, clock.GetUtcNow(), cancellationToken), TimeSpan.FromMinutes(10), "all have come to the end");
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        await VerifyAsync(context, first, runs, cancellationToken);
        return ((long)runs * Steps, seconds);
    }

    public override async Task<(long Items, double Seconds)> BoundAsync(BenchContext context, int round, CancellationToken cancellationToken)
    {
        var (now, runs) = (context.App.Services.GetRequiredService<TimeProvider>().GetUtcNow(), context.Scale(200_000));
        // Due long after the product's time, so that the engine leaves them alone.
        var due = now.AddYears(5);
        var first = await ContactsAsync(context, runs, cancellationToken);
        await EnrolAsync(context, first, runs, due, cancellationToken);
        // The rows are minutes younger than what autovacuum knows; without this the bound takes a plan for an empty table, four times as slow.
        await context.AnalyzeAsync(cancellationToken);
        var bound = await BoundOfAsync(context, now, due, cancellationToken);
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, 2).Select(half => EngineBenchBound.RunAsync(context.OwnerConnectionString, context.AccountId, bound(half), cancellationToken)));
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        await VerifyAsync(context, first, runs, cancellationToken);
        return ((long)runs * Steps, seconds);
    }

    /// <summary>The statements of the bound for one half of the buckets, each repeated until it moves nobody.</summary>
    protected virtual async Task<Func<int, Sql[]>> BoundOfAsync(BenchContext context, DateTimeOffset now, DateTimeOffset due, CancellationToken cancellationToken)
    {
        var message = await MessageAsync(context, cancellationToken);
        var targets = new EngineBenchBound.Targets(
            context.AccountId, AutomationId, Tags, Fields, message.MessageId, message.VersionId, now, due, due.AddDays(1));
        return half => EngineBenchBound.Phases(targets, half);
    }

    /// <summary>What must be there before the automation, and before each round.</summary>
    protected virtual Task BeforeAsync(BenchContext context, HttpClient app, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>What new people have from the beginning.</summary>
    protected virtual Task EquipAsync(BenchContext context, long first, int count, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Rows that both sides leave for one run, and the statements that count those of all from a contact on.</summary>
    protected virtual (long PerRun, Sql Count)[] Rows(BenchContext context, long first) =>
    [
        (12, Visits(context, first)),
        (3, Sql.Of($"select count(*) from contacts.contact_tag where account_id = {context.AccountId} and contact_id >= {first}")),
        (2, Sql.Of($"select count(*) from contacts.field_value where account_id = {context.AccountId} and contact_id >= {first}")),
        (1, Sql.Of($"select count(*) from messaging.send where account_id = {context.AccountId} and contact_id >= {first}")),
        (9, Sql.Of($"select count(*) from activities.activity_queue where account_id = {context.AccountId} and contact_id >= {first}")),
    ];

    protected static Sql Visits(BenchContext context, long first) => Sql.Of($"""
        select count(*) from automations.run r join automations.step_visit v on v.account_id = r.account_id and v.run_id = r.id
        where r.account_id = {context.AccountId} and r.contact_id >= {first} and r.status = 'ended'
        """);

    private static bool IsOtherWork(IHostedService service) => service.GetType().GenericTypeArguments is [{ Name: "SendDue" or "ActivityReactor" }];

    private sealed record Message(long MessageId, long VersionId);

    private async Task<Message> MessageAsync(BenchContext context, CancellationToken cancellationToken)
    {
        await using var work = await context.BeginAsync(cancellationToken);
        return (await Sql.Of($"""
            select m.id, v.id from messaging.message m join messaging.message_version v on v.account_id = m.account_id and v.message_id = m.id
            where m.account_id = {context.AccountId} and m.automation_id = {AutomationId} limit 1
            """).FirstAsync<Message>(work, cancellationToken))!;
    }

    /// <summary>New people: nobody has a tag or a value yet.</summary>
    private async Task<long> ContactsAsync(BenchContext context, int count, CancellationToken cancellationToken)
    {
        await using var work = await context.BeginAsync(cancellationToken);
        await Sql.Of($"delete from activities.activity_queue where account_id = {context.AccountId}").ExecuteAsync(work, cancellationToken);
        var ids = await Sql.Of($"""
            insert into contacts.contact (account_id, email, first_name, created_at, updated_at)
            select {context.AccountId}, 'p' || n || '@example.org', 'Ada', now(), now() from generate_series({_people + 1}, {_people + count}) n returning id
            """).ListAsync<long>(work, cancellationToken);
        await work.CommitAsync(cancellationToken);
        _people += count;
        await EquipAsync(context, ids.Min(), count, cancellationToken);
        return ids.Min();
    }

    private async Task EnrolAsync(BenchContext context, long first, int count, DateTimeOffset? due, CancellationToken cancellationToken)
    {
        var now = context.App.Services.GetRequiredService<TimeProvider>().GetUtcNow();
        await using var work = await context.BeginAsync(cancellationToken);
        await Sql.Of($"""
            insert into automations.run (account_id, automation_id, contact_id, bucket, status, step_key, arrived_at, due_at, entered_at, entry_key)
            select {context.AccountId}, {AutomationId}, c, kernel.bucket_of({context.AccountId}, c), 'active', 's1', {now}, {due ?? now}, {now}, 'bench'
            from generate_series({first}, {first + count - 1}) c
            """).ExecuteAsync(work, cancellationToken);
        await work.CommitAsync(cancellationToken);
    }

    // Bucket by bucket down the index of what is due: asked a hundred times a second, it must cost nothing beside the engine.
    private static async Task<bool> NoneDueAsync(BenchContext context, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var work = await context.BeginAsync(cancellationToken);
        return !await Sql.Of($"""
            select exists (
                select 1 from generate_series(0, 255) as b (bucket)
                cross join lateral (
                    select 1 from automations.run
                    where bucket = b.bucket and not frozen and due_at <= {now} limit 1) r)
            """).FirstAsync<bool>(work, cancellationToken);
    }

    /// <summary>Both sides must leave the same rows; else the ratio would compare nothing.</summary>
    private async Task VerifyAsync(BenchContext context, long first, int runs, CancellationToken cancellationToken)
    {
        await using var work = await context.BeginAsync(cancellationToken);
        var counts = new List<long>();
        var rows = Rows(context, first);
        foreach (var (_, count) in rows)
        {
            counts.Add(await count.FirstAsync<long>(work, cancellationToken));
        }

        if (!counts.SequenceEqual(rows.Select(r => r.PerRun * runs)))
        {
            throw new InvalidOperationException($"{runs} runs made rows {string.Join(", ", counts)} instead of {string.Join(", ", rows.Select(r => r.PerRun * runs))}.");
        }
    }
}
