using Millrace.Activities.Contracts;
using Millrace.Automations.Definitions;
using Millrace.Kernel.Data;
using Npgsql;

namespace Millrace.Automations.Engine;

/// <summary>Finds due runs, loads them, and writes a batch back: few statements, whatever the number of runs.</summary>
internal sealed class RunStore
{
    private const int BatchSize = 4_096;

    /// <summary>Runs whose time has come, fairly over the buckets, and runs that something has happened to.</summary>
    public static async Task<(HashSet<RunKey> Runs, List<Nudge> Nudges)> FindAsync(
        NpgsqlTransaction transaction, BucketSlice slice, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var perBucket = Math.Max(16, BatchSize / slice.Buckets.Length);
        var due = await Sql.Of($"""
            select r.account_id, r.id from unnest({slice.Buckets}) as b (bucket)
            cross join lateral (
                select account_id, id from automations.run
                where bucket = b.bucket and not frozen and due_at <= {now}
                order by due_at limit {perBucket}) r
            """).ListAsync<RunKey>(transaction, cancellationToken);
        var nudges = await Sql.Of($"""
            select account_id, id, run_id, skip from automations.nudge where bucket = any ({slice.Buckets}) order by id limit {BatchSize}
            """).ListAsync<Nudge>(transaction, cancellationToken);
        var runs = due.ToHashSet();
        runs.UnionWith(nudges.Select(n => new RunKey(n.AccountId, n.RunId)));
        return (runs, nudges);
    }

    // Lateral here and below, so that each is a search by key whatever the planner believes: hundreds of thousands may have entered since
    // it took statistics, and it would read all of them for every batch. What writes takes the addresses first ("materialized") and compares the key with what was found
    // once more, which makes the planner expect a single row: going to its address is then what costs least. Otherwise, while it has no statistics,
    // it believes that an account has one run, begins with "all" of them, and looks the whole batch up anew for each.
    public static Task<List<RunRow>> LoadAsync(NpgsqlTransaction transaction, IReadOnlyCollection<RunKey> keys, CancellationToken cancellationToken) => Sql.Of($"""
        select r.account_id, r.id, r.automation_id, r.contact_id, r.status, r.step_key, r.visit_no, r.arrived_at, r.due_at, r.entered_at, r.list_ids,
               r.goals, r.attempts, r.crashes, r.guard::text, r.subject_kind, r.subject_id
        from unnest({keys.Select(k => k.AccountId).ToArray()}, {keys.Select(k => k.Id).ToArray()}) as k (account_id, id)
        cross join lateral (select * from automations.run r where r.account_id = k.account_id and r.id = k.id limit 1) r
        where r.status in ('active', 'waiting')
        order by r.id
        """).ListAsync<RunRow>(transaction, cancellationToken);

    public static async Task ForgetAsync(NpgsqlTransaction transaction, IReadOnlyCollection<Nudge> nudges, CancellationToken cancellationToken)
    {
        if (nudges.Count > 0)
        {
            await Sql.Of($"""
                with k as materialized (
                    select old.* from unnest({nudges.Select(n => n.AccountId).ToArray()}, {nudges.Select(n => n.Id).ToArray()}) as k (account_id, id)
                    cross join lateral (
                        select ctid as place, account_id, id from automations.nudge where account_id = k.account_id and id = k.id limit 1) old
                    where old.account_id = k.account_id and old.id = k.id)
                delete from automations.nudge n using k where n.account_id = k.account_id and n.ctid = k.place
                """).ExecuteAsync(transaction, cancellationToken);
        }
    }

    /// <summary>Runs whose automation is not switched on stand still until it is.</summary>
    public static async Task FreezeAsync(NpgsqlTransaction transaction, IReadOnlyCollection<RunRow> rows, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (rows.Count > 0)
        {
            await Sql.Of($"""
                with k as materialized (
                    select old.* from unnest({rows.Select(r => r.AccountId).ToArray()}, {rows.Select(r => r.Id).ToArray()}) as k (account_id, id)
                    cross join lateral (
                        select ctid as place, account_id, id from automations.run where account_id = k.account_id and id = k.id limit 1) old
                    where old.account_id = k.account_id and old.id = k.id)
                update automations.run r set frozen = true, due_at = coalesce(r.due_at, {now})
                from k where r.account_id = k.account_id and r.ctid = k.place
                """).ExecuteAsync(transaction, cancellationToken);
        }
    }

    /// <summary>Those of the runs whose present step has failed before.</summary>
    public static Task<List<RunKey>> FailedBeforeAsync(NpgsqlTransaction transaction, IReadOnlyCollection<RunKey> keys, CancellationToken cancellationToken) => Sql.Of($"""
        select r.account_id, r.id
        from unnest({keys.Select(k => k.AccountId).ToArray()}, {keys.Select(k => k.Id).ToArray()}) as k (account_id, id)
        cross join lateral (select * from automations.run r where r.account_id = k.account_id and r.id = k.id limit 1) r
        where r.attempts > 0
        """).ListAsync<RunKey>(transaction, cancellationToken);

    /// <summary>Counts an exception against a run: tried again later, parked after the tenth.</summary>
    /// <returns>How often it has failed.</returns>
    public static async Task<int> ChargeAsync(
        NpgsqlTransaction transaction, RunKey run, Exception failure, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var attempts = 1 + await Sql.Of($"""
            select attempts::int from automations.run where account_id = {run.AccountId} and id = {run.Id}
            """).FirstAsync<int>(transaction, cancellationToken);
        var next = Backoff.Next(attempts, now);
        await Sql.Of($"""
            update automations.run
            set attempts = {(short)attempts}, due_at = {next}, status = case when {next is null} then 'parked' else status end, crashes = 0,
                error = {$"internal_error: {failure.GetType().Name}"}
            where account_id = {run.AccountId} and id = {run.Id} and status in ('active', 'waiting')
            """).ExecuteAsync(transaction, cancellationToken);
        return attempts;
    }

    /// <summary>Notes that a run is about to be worked on after a crash.</summary>
    /// <returns>True when it has been there at too many crashes, and is parked now.</returns>
    public static async Task<bool> BeginCarefullyAsync(NpgsqlTransaction transaction, RunKey run, CancellationToken cancellationToken) =>
        await Sql.Of($"""
            update automations.run
            set crashes = crashes + 1, status = case when crashes >= {Backoff.MaxCrashes} then 'parked' else status end,
                due_at = case when crashes >= {Backoff.MaxCrashes} then null else due_at end,
                error = case when crashes >= {Backoff.MaxCrashes} then 'crashed: The server died several times while working on this step.' else error end
            where account_id = {run.AccountId} and id = {run.Id} and status in ('active', 'waiting')
            returning status = 'parked'
            """).FirstAsync<bool>(transaction, cancellationToken);

    /// <exception cref="RunsChangedException">A person has ended or moved one of the runs in between.</exception>
    public static async Task SaveAsync(NpgsqlTransaction transaction, IReadOnlyList<Walker> walkers, CancellationToken cancellationToken)
    {
        if (walkers.Count == 0)
        {
            return;
        }

        // By row address; one that someone has changed in between has another by now.
        var saved = await Sql.Of($"""
            with u as materialized (
                select u.*, old.place
                from unnest({Column(w => w.Row.AccountId)}, {Column(w => w.Row.Id)}, {Column(w => w.Row.VisitNo)},
                      {Column(w => EnumNames<RunStatus>.NameOf(w.Status))}, {Column(w => w.Step?.Key)}, {Column(w => w.VisitNo)}, {Column(w => w.ArrivedAt)},
                      {Column(w => w.DueAt)}, {Column(w => w.FinishedAt)}, {Column(w => string.Join(',', w.Goals))}, {Column(w => w.Attempts)},
                      {Column(w => w.Error)}, {Column(w => w.Guard?.Write())})
                    as u (account_id, id, seen_visit, status, step_key, visit_no, arrived_at, due_at, finished_at, goals, attempts, error, guard)
                cross join lateral (
                    select ctid as place, account_id, id, visit_no, status from automations.run where account_id = u.account_id and id = u.id limit 1) old
                where old.account_id = u.account_id and old.id = u.id and old.visit_no = u.seen_visit and old.status in ('active', 'waiting'))
            update automations.run r
            set status = u.status, step_key = u.step_key, visit_no = u.visit_no, arrived_at = u.arrived_at, due_at = u.due_at, finished_at = u.finished_at,
                goals = string_to_array(u.goals, ','),
                attempts = u.attempts, crashes = 0, error = u.error, guard = u.guard::jsonb
            from u where r.account_id = u.account_id and r.ctid = u.place
            """).ExecuteAsync(transaction, cancellationToken);
        if (saved != walkers.Count)
        {
            throw new RunsChangedException();
        }

        T[] Column<T>(Func<Walker, T> value) => [.. walkers.Select(value)];
    }

    /// <summary>Ends entries of contacts that no batch has in hand but this one: a contact's runs are worked on in one place at a time.</summary>
    /// <param name="automationId">Null: of all automations.</param>
    /// <param name="exceptIds">Runs of the batch itself, which it writes back later.</param>
    public static Task<List<EndedRun>> EndOthersAsync(
        NpgsqlTransaction transaction, long accountId, long? automationId, long[] contactIds, long[] exceptIds, DateTimeOffset now,
        CancellationToken cancellationToken) => EndAsync(
        transaction,
        accountId,
        Sql.Of($"r.contact_id = any ({contactIds}) and ({automationId} is null or r.automation_id = {automationId}) and r.id <> all ({exceptIds})"),
        limit: null,
        now,
        cancellationToken);

    /// <summary>Ends runs, and nothing else: no trace, no counts, no activities.</summary>
    /// <param name="which">Condition over <c>r</c>, a row of <c>automations.run</c>; what is over already is left out.</param>
    /// <param name="limit">At most so many, the oldest first; null: all.</param>
    public static Task<List<EndedRun>> EndAsync(
        NpgsqlTransaction transaction, long accountId, Sql which, int? limit, DateTimeOffset now, CancellationToken cancellationToken) => Sql.Of($"""
        with before as (
            select r.id, r.step_key, r.visit_no, r.arrived_at, a.published_version
            from automations.run r join automations.automation a on a.account_id = r.account_id and a.id = r.automation_id
            where r.account_id = {accountId} and r.status in ('active', 'waiting', 'parked') and {which}
            order by r.id limit {limit} for update of r)
        update automations.run r
        set status = 'ended', finished_at = {now}, due_at = null, step_key = null, visit_no = r.visit_no + 1, frozen = false
        from before where r.account_id = {accountId} and r.id = before.id
        returning r.id, r.automation_id, r.contact_id, before.step_key, before.visit_no, before.arrived_at, before.published_version
        """).ListAsync<EndedRun>(transaction, cancellationToken);

    public static async Task AddVisitsAsync(NpgsqlTransaction transaction, IReadOnlyList<StepVisit> visits, CancellationToken cancellationToken)
    {
        if (visits.Count > 0)
        {
            await Sql.Of($"""
                insert into automations.step_visit (account_id, run_id, visit_no, step_key, arrived_at, left_at, result, detail, version, why)
                select * from unnest({Column(v => v.AccountId)}, {Column(v => v.RunId)}, {Column(v => v.VisitNo)}, {Column(v => v.StepKey)},
                                     {Column(v => v.ArrivedAt)}, {Column(v => v.LeftAt)}, {Column(v => v.Result)}, {Column(v => v.Detail)},
                                     {Column(v => v.Version)}, {JsonText.Array(Column(v => v.Why))})
                """).ExecuteAsync(transaction, cancellationToken);
        }

        T[] Column<T>(Func<StepVisit, T> value) => [.. visits.Select(value)];
    }

    /// <summary>Keeps how long goals took, for their median.</summary>
    public static async Task AddGoalTimesAsync(
        NpgsqlTransaction transaction, long accountId, IReadOnlyList<GoalTime> times, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (times.Count > 0)
        {
            await Sql.Of($"""
                insert into automations.goal_time (account_id, automation_id, step_key, reached_at, run_id, seconds)
                select {accountId}, g.automation_id, g.step_key, {now}, g.run_id, g.seconds
                from unnest({times.Select(t => t.AutomationId).ToArray()}, {times.Select(t => t.StepKey).ToArray()}, {times.Select(t => t.RunId).ToArray()},
                            {times.Select(t => t.Seconds).ToArray()}) as g (automation_id, step_key, run_id, seconds)
                """).ExecuteAsync(transaction, cancellationToken);
        }
    }
}

/// <summary>A goal that a run has met.</summary>
/// <param name="Seconds">Since the run's entry.</param>
internal sealed record GoalTime(long AutomationId, string StepKey, long RunId, double Seconds);

/// <summary>A step that a run has left behind.</summary>
/// <param name="Version">The version that was published then.</param>
/// <param name="Why">What its conditions found, as <see cref="StepReasons"/> writes it.</param>
internal sealed record StepVisit(
    long AccountId, long RunId, int VisitNo, string StepKey, DateTimeOffset ArrivedAt, DateTimeOffset LeftAt, string Result, string? Detail, int Version,
    string? Why = null);

/// <summary>A run that was ended from outside, as it stood.</summary>
/// <param name="Version">The published version.</param>
internal sealed record EndedRun(long Id, long AutomationId, long ContactId, string? StepKey, int VisitNo, DateTimeOffset ArrivedAt, int? Version);

/// <summary>The batch's runs are no longer as they were read; it is done again from the start.</summary>
internal sealed class RunsChangedException() : Exception("Runs of the batch were changed by someone else.");
