using Millrace.Activities.Contracts;
using Millrace.Automations.Definitions;
using Millrace.Kernel.Data;
using Npgsql;

namespace Millrace.Automations.Engine;

/// <summary>
/// Works on a set of runs in one transaction: state, trace, counts, activities and the effects of the steps commit together or not at all.
/// </summary>
internal sealed class RunBatch(FlowCache flows, FlowHistory history, Exits exits, GoalJumps goals, StepReasons reasons, IActivityLog log)
{
    /// <returns>Whether activities were appended.</returns>
    public async Task<bool> ExecuteAsync(
        NpgsqlTransaction transaction, IReadOnlyCollection<RunKey> keys, IReadOnlyCollection<Nudge> nudges, short shard, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        await RunStore.ForgetAsync(transaction, nudges, cancellationToken);
        var rows = await RunStore.LoadAsync(transaction, keys, cancellationToken);
        var poked = nudges.GroupBy(n => new RunKey(n.AccountId, n.RunId)).ToDictionary(g => g.Key, g => g.Any(n => n.Skip));
        var tally = new Tally(shard, now);
        var appended = false;
        // In one order, so that two batches never wait for each other's rows in a ring.
        foreach (var account in rows.GroupBy(r => r.AccountId).OrderBy(a => a.Key))
        {
            appended |= await AccountAsync(transaction, account.Key, [.. account], poked, tally, now, cancellationToken);
        }

        await tally.SaveAsync(transaction, cancellationToken);
        return appended;
    }

    private async Task<bool> AccountAsync(
        NpgsqlTransaction transaction, long accountId, List<RunRow> rows, Dictionary<RunKey, bool> poked, Tally tally, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        // The time zone is the account's own setting, read where it stands to spare a round trip.
        var plans = await Sql.Of($"""
            select a.id, a.status, a.published_version, t.time_zone
            from automations.automation a join accounts.account t on t.id = a.account_id
            where a.account_id = {accountId} and a.id = any ({rows.Select(r => r.AutomationId).Distinct().ToArray()})
            """).ListAsync<Plan>(transaction, cancellationToken);
        var active = plans.Where(p => p is { Status: AutomationStatus.Active, Version: not null }).ToDictionary(p => p.Id);
        await RunStore.FreezeAsync(transaction, rows.FindAll(r => !active.ContainsKey(r.AutomationId)), now, cancellationToken);
        if (active.Count == 0)
        {
            return false;
        }

        var present = await flows.LoadAsync(transaction, accountId, [.. active.Values.Select(p => (p.Id, p.Version!.Value))], cancellationToken);
        var walking = present.ToDictionary(p => p.Key, p => new WalkedFlow(p.Value, active[p.Key].Version!.Value));
        var (walk, _) = await WalkAsync(transaction, accountId, plans[0].TimeZone, rows, walking, poked, tally, null, now, cancellationToken);
        return walk.Activities.Count > 0;
    }

    /// <summary>Takes runs of one account as far as they come in the given flows, and writes back everything but the counts.</summary>
    /// <param name="poked">Runs that something has happened to; true: somebody has ended their wait.</param>
    /// <param name="witness">Looks on in a simulation; null: it is real.</param>
    public async Task<(Walk Walk, IReadOnlyList<Walker> Walkers)> WalkAsync(
        NpgsqlTransaction transaction, long accountId, string zone, IReadOnlyList<RunRow> rows, IReadOnlyDictionary<long, WalkedFlow> present,
        IReadOnlyDictionary<RunKey, bool> poked, Tally tally, IStepWitness? witness, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var walk = new Walk(transaction, accountId, zone, now, tally, reasons, witness);
        var walkers = new List<Walker>();
        foreach (var row in rows.Where(r => present.ContainsKey(r.AutomationId)))
        {
            var (flow, version) = present[row.AutomationId];
            walkers.Add(await PlaceAsync(transaction, row, flow, version, walk, now, cancellationToken));
        }

        await exits.LeaveAsync(transaction, walk, accountId, zone, now, walkers, cancellationToken);
        foreach (var skipped in walkers.Where(w => w.Step is not null && poked.GetValueOrDefault(new RunKey(accountId, w.Row.Id)) && w.Status == RunStatus.Waiting))
        {
            walk.Pass(skipped, "skipped_by_hand", "A person has ended the wait.");
        }

        await goals.JumpAsync(transaction, walk, accountId, zone, now, walkers, cancellationToken);
        await walk.RunAsync(walkers, cancellationToken);
        foreach (var waiting in walkers.Where(w => w.Status == RunStatus.Waiting))
        {
            waiting.DueAt = (goals.RecheckOf(waiting, now) ?? exits.RecheckOf(waiting, now)) is { } recheck && (waiting.DueAt is null || recheck < waiting.DueAt)
                ? recheck : waiting.DueAt;
        }

        await RunStore.SaveAsync(transaction, walkers, cancellationToken);
        await RunStore.AddVisitsAsync(transaction, walk.Visits, cancellationToken);
        if (witness is null)
        {
            // Counts that everybody shares: nobody is to wait for a simulation's.
            await RunStore.AddGoalTimesAsync(transaction, accountId, walk.GoalTimes, now, cancellationToken);
        }

        await log.AppendAsync(transaction, accountId, walk.Activities, cancellationToken);
        return (walk, walkers);
    }

    /// <summary>Puts a run on its step, or, when the step is gone, on the one that follows it.</summary>
    private async Task<Walker> PlaceAsync(
        NpgsqlTransaction transaction, RunRow row, Flow flow, int version, Walk walk, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (flow.Find(row.StepKey) is { } step)
        {
            return new Walker(row, flow, version, step);
        }

        var removed = row.StepKey is null
            ? null
            : await history.FindAsync(transaction, row.AccountId, row.AutomationId, version - 1, flow, row.StepKey, cancellationToken);
        var walker = new Walker(row, flow, version, flow.Find(removed?.To)) { Status = RunStatus.Active, ArrivedAt = now };
        walk.LeaveDeleted(walker, row.StepKey ?? string.Empty);
        return walker;
    }

    private sealed record Plan(long Id, AutomationStatus Status, int? Version, string TimeZone);
}

/// <summary>A flow that runs walk in, and the version it is; 0: a draft.</summary>
internal sealed record WalkedFlow(Flow Flow, int Version);
