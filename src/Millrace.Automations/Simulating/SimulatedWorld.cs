using System.Diagnostics;
using Millrace.Activities.Contracts;
using Millrace.Automations.Definitions;
using Millrace.Automations.Engine;
using Millrace.Automations.Entry;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Extensibility;
using Millrace.Kernel.Time;
using Npgsql;

namespace Millrace.Automations.Simulating;

/// <summary>
/// One simulation inside its transaction: lets contacts in, moves virtual time from one due moment to the next, and has the real engine, the real steps and the real
/// conditions do the rest. Of what reacts to activities only what belongs to this automation happens: its waits and goals look again, its exit rule, and reactions
/// that say they are simulated. Other automations do not begin to walk.
/// </summary>
internal sealed class SimulatedWorld(
    SimulationTools tools, AccountTransaction work, Simulation simulation, long accountId, string zone, long automationId, SimulationPlan plan, bool careful) : IStepWitness
{
    private const int MaxVisits = 50_000;
    private readonly PriorityQueue<ComingEvent, (DateTimeOffset At, bool ByHand, int No)> _coming = new();
    private readonly IReadOnlyDictionary<long, WalkedFlow> _flows = new Dictionary<long, WalkedFlow> { [automationId] = new(plan.Flow, 0) };
    private readonly List<(long ContactId, SimulatedEvent Event)> _happened = [];
    private Dictionary<long, SimulatedRun> _runs = [];
    private ILookup<long, SimulatedRun> _byContact = Array.Empty<SimulatedRun>().ToLookup(r => r.ContactId);
    private IReadOnlySet<string> _awaited = new HashSet<string>(StringComparer.Ordinal);
    private long[] _contacts = [];
    private long _mark;
    private int _coded;
    private int _visits;

    public IReadOnlyCollection<SimulatedRun> Runs => _runs.Values;

    /// <summary>What was assumed or made up and has happened, in order.</summary>
    public IReadOnlyList<(long ContactId, SimulatedEvent Event)> Happened => _happened;

    /// <summary>What happens next, beyond the end; null: nothing.</summary>
    public DateTimeOffset? NextAt { get; private set; }

    /// <summary>Puts the contacts on the first step, as many as the entry rules let in.</summary>
    public async Task EnterAsync(IReadOnlyCollection<long> contactIds, CancellationToken cancellationToken)
    {
        _mark = await Sql.Of($"select nextval('activities.activity_id')").FirstAsync<long>(work, cancellationToken);
        _awaited = await tools.Live.AwaitedAsync(work.Transaction, accountId, plan.Flow, cancellationToken);
        var entered = await tools.Enrolment.EnterAsync(
            work.Transaction, accountId, automationId, plan.Request.KeepEntryRule ? plan.Flow : OpenToAll(plan.Flow),
            [.. contactIds.Select(id => new Candidate(id, plan.Trigger?.Key, plan.Trigger?.Runs ?? TriggerRuns.Multiple, $"simulated:{id}", ListsOf(plan.Trigger)))],
            manual: plan.Trigger is null || !plan.Request.KeepEntryRule, simulation.Now, cancellationToken);
        _runs = entered.ToDictionary(e => e.RunId, e => new SimulatedRun(e.RunId, e.ContactId, plan.Flow.First!, simulation.Now));
        _byContact = _runs.Values.ToLookup(r => r.ContactId);
        _contacts = [.. entered.Select(e => e.ContactId).Distinct()];
        foreach (var planned in plan.Events)
        {
            foreach (var contact in _contacts.Where(c => planned.ContactId is null || planned.ContactId == c))
            {
                Expect(new ComingEvent(contact, planned.At, planned.Kind?.Key ?? planned.Action!.Key, planned.StepKey, planned, null));
            }
        }
    }

    /// <summary>Moves time until nothing is left to happen.</summary>
    /// <returns>Why it ended: see <see cref="SimulationResult.Stopped"/>.</returns>
    public async Task<string> RunAsync(TimeSpan limit, Func<Task> giveWay, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            if (watch.Elapsed > limit || _visits > MaxVisits)
            {
                NextAt = simulation.Now;
                return watch.Elapsed > limit ? "time_limit" : "step_limit";
            }

            await giveWay();
            var poked = await ReactAsync(cancellationToken);
            var due = _runs.Values.Where(r => r.IsInside && (r.LooksAt <= simulation.Now || poked.Contains(r.Id))).ToList();
            if (due.Count > 0)
            {
                await StepAsync(due, poked, cancellationToken);
                continue;
            }

            if (await FireAsync(cancellationToken))
            {
                continue;
            }

            if (NextMoment() is not { } next)
            {
                return "over";
            }

            if (next > plan.Until)
            {
                NextAt = next;
                return "horizon";
            }

            simulation.Now = next > simulation.Now ? next : simulation.Now;
        }
    }

    public StepOutcome? InsteadOf(FlowStep step) => plan.Unfinished.TryGetValue(step.Key, out var problem)
        ? StepOutcome.Fail("step_invalid", problem)
        : step.Action?.NotSimulated is { } reason ? StepOutcome.Skip("passed_over", reason) : null;

    /// <summary>The world's answer to a step.</summary>
    public async Task SawAsync(FlowStep step, ActionBatch batch, IReadOnlyList<StepOutcome> outcomes, CancellationToken cancellationToken)
    {
        foreach (var (activity, at) in await step.Action!.AssumeAsync(batch, step.Settings!, outcomes, plan.Behaviour, cancellationToken))
        {
            Expect(new ComingEvent(activity.ContactId, at, tools.Kinds.Of(activity.GetType()).Key, step.Key, null, activity));
        }
    }

    private DateTimeOffset? NextMoment()
    {
        var looks = _runs.Values.Where(r => r.IsInside && r.LooksAt is not null).Select(r => r.LooksAt);
        return (_coming.TryPeek(out var coming, out _) ? looks.Append(coming.At) : looks).Min();
    }

    private void Expect(ComingEvent coming) => _coming.Enqueue(coming, (coming.At, coming.Planned is not null, _coded++));

    /// <summary>What happens next up to now to those who are still inside: what is assumed, or one event made up by hand, so that each finds settled what the one before has caused.</summary>
    /// <returns>False: nothing.</returns>
    private async Task<bool> FireAsync(CancellationToken cancellationToken)
    {
        if (!_coming.TryPeek(out var first, out _) || first.At > simulation.Now)
        {
            return false;
        }

        while (_coming.TryPeek(out var coming, out _) && coming.At <= simulation.Now && coming.Planned?.Index == first.Planned?.Index)
        {
            _coming.Dequeue();
            if (!_byContact[coming.ContactId].Any(r => r.IsInside))
            {
                // It changes nothing here any more.
                continue;
            }

            var problem = coming.Planned is { Action: not null } change
                ? await ChangeAsync(change, coming.ContactId, cancellationToken)
                : await AppendAsync(coming, cancellationToken);
            _happened.Add((coming.ContactId, new SimulatedEvent(coming.At, coming.Kind, coming.StepKey, coming.Planned is not null, problem)));
        }

        return true;
    }

    private async Task<string?> AppendAsync(ComingEvent coming, CancellationToken cancellationToken)
    {
        var activity = coming.Activity ?? EventReader.Make(
            coming.Planned!.Kind!, coming.ContactId, coming.Planned.Data, coming.StepKey is null ? null : await KnownAsync(coming, cancellationToken));
        var origin = coming.StepKey is null ? null : new ActivityOrigin(automationId, coming.StepKey);
        await tools.Log.AppendAsync(work.Transaction, accountId, [new DatedActivity(activity, coming.At, origin)], cancellationToken);
        return null;
    }

    /// <summary>What is known of what a step has last done for the contact: which mail an opening is about.</summary>
    private Task<System.Text.Json.JsonElement?> KnownAsync(ComingEvent coming, CancellationToken cancellationToken) => Sql.Of($"""
        select data from activities.activity
        where account_id = {accountId} and contact_id = {coming.ContactId} and automation_id = {automationId} and step_key = {coming.StepKey} and occurred_at >= {plan.Start}
        order by occurred_at desc, id desc limit 1
        """).FirstAsync<System.Text.Json.JsonElement?>(work, cancellationToken);

    /// <summary>A change that somebody makes, done by the step that makes it in automations.</summary>
    /// <returns>Why nothing came of it.</returns>
    private async Task<string?> ChangeAsync(PlannedEvent change, long contactId, CancellationToken cancellationToken)
    {
        var run = _byContact[contactId].First();
        var batch = new ActionBatch(
            work.Transaction, accountId, automationId, change.StepKey ?? "simulated", zone, simulation.Now,
            [new BatchRun(run.Id, contactId, -1 - change.Index, plan.Start, simulation.Now, null, false)]);
        var outcome = (await change.Action!.ExecuteAsync(batch, change.Settings!, cancellationToken))[0];
        return outcome.Kind == StepOutcomeKind.Fail || outcome.Result is not null ? outcome.Detail : null;
    }

    /// <summary>Hands on what has happened since the last time.</summary>
    /// <returns>Runs to look at again.</returns>
    private async Task<HashSet<long>> ReactAsync(CancellationToken cancellationToken)
    {
        var fresh = await Sql.Of($"""
            select q.id, q.contact_id, q.kind, q.occurred_at from activities.activity_queue q
            where q.account_id = {accountId} and q.id > {_mark} and q.contact_id = any ({_contacts}) order by q.id
            """).ListAsync<Fresh>(work, cancellationToken);
        if (fresh.Count == 0)
        {
            return [];
        }

        _mark = fresh[^1].Id;
        var reactions = tools.Reactions.Where(r => r.IsSimulated).Select(r => (r.Kinds, React: (Func<ReactionBatch, Task>)(b => r.ReactAsync(b, cancellationToken)))).ToList();
        if (plan.Flow.ExitOnUnsubscribe)
        {
            reactions.Add((tools.Exit.Kinds, LeaveAsync));
        }

        foreach (var (kinds, react) in reactions)
        {
            var mine = fresh.FindAll(f => kinds is null || kinds.Contains(f.Kind));
            if (mine.Count > 0)
            {
                await react(new ReactionBatch(work.Transaction, accountId, simulation.Now, await ActivityEntry.ListAsync(work.Transaction, accountId, mine.ConvertAll(f => (f.ContactId, f.OccurredAt, f.Id)), cancellationToken)));
            }
        }

        return [.. fresh.Where(f => _awaited.Contains(f.Kind)).SelectMany(f => _byContact[f.ContactId]).Where(r => r.IsInside).Select(r => r.Id)];

        async Task LeaveAsync(ReactionBatch batch)
        {
            var leaving = batch.Entries.Where(e => e.AutomationId == automationId).Select(e => e.ContactId).Distinct().ToArray();
            await tools.Exit.EndAsync(batch, automationId, leaving, cancellationToken);
            foreach (var run in leaving.SelectMany(c => _byContact[c]).Where(r => r.IsInside))
            {
                run.Vanish(simulation.Now, ExitOnUnsubscribe.Result);
            }
        }
    }

    /// <summary>One batch of the engine. A batch that fails is halved until the run whose fault it is stands alone.</summary>
    private async Task StepAsync(List<SimulatedRun> runs, HashSet<long> poked, CancellationToken cancellationToken)
    {
        if (careful)
        {
            await work.Transaction.SaveAsync("step", cancellationToken);
        }

        try
        {
            var rows = await RunStore.LoadAsync(work.Transaction, [.. runs.Select(r => new RunKey(accountId, r.Id))], cancellationToken);
            var (walk, walkers) = await tools.Batch.WalkAsync(
                work.Transaction, accountId, zone, rows, _flows, runs.Where(r => poked.Contains(r.Id)).ToDictionary(r => new RunKey(accountId, r.Id), _ => false),
                new Tally(0, simulation.Now), this, simulation.Now, cancellationToken);
            if (careful)
            {
                await work.Transaction.ReleaseAsync("step", cancellationToken);
            }

            Note(runs, walk, walkers);
        }
        catch (Exception e) when (careful && IsOfTheRuns(e))
        {
            await work.Transaction.RollbackAsync("step", cancellationToken);
            if (runs is [var only])
            {
                only.Stop(e is DomainException known ? known.Message : "The step cannot be carried out.");
                return;
            }

            await StepAsync(runs[..(runs.Count / 2)], poked, cancellationToken);
            await StepAsync(runs[(runs.Count / 2)..], poked, cancellationToken);
        }
        catch (Exception e) when (!careful && IsOfTheRuns(e))
        {
            throw new CarefulNeededException(e);
        }
    }

    private void Note(List<SimulatedRun> runs, Walk walk, IReadOnlyList<Walker> walkers)
    {
        _visits += walk.Visits.Count;
        foreach (var visit in walk.Visits)
        {
            _runs.GetValueOrDefault(visit.RunId)?.Visits.Add(visit);
        }

        var seen = new HashSet<long>();
        foreach (var walker in walkers)
        {
            seen.Add(walker.Row.Id);
            _runs[walker.Row.Id].See(walker, simulation.Now);
        }

        foreach (var gone in runs.Where(r => !seen.Contains(r.Id)))
        {
            gone.Vanish(simulation.Now, result: null);
        }
    }

    private static bool IsOfTheRuns(Exception exception) => exception switch
    {
        OperationCanceledException or NpgsqlException { InnerException: OperationCanceledException } => false,
        PostgresException { SqlState: PostgresErrorCodes.QueryCanceled or PostgresErrorCodes.LockNotAvailable } => false,
        PostgresException postgres => !postgres.IsTransient,
        NpgsqlException => false,
        _ => true,
    };

    /// <summary>The lists whose subscription lets them in, where a trigger names some.</summary>
    private static IReadOnlyList<long> ListsOf(FlowTrigger? trigger) => trigger is { IsUsable: true } ? trigger.Definition!.ListsOf(trigger.Settings!) : [];

    private static Flow OpenToAll(Flow flow) => new()
    {
        Entry = EntryRule.Any,
        Triggers = flow.Triggers,
        Steps = flow.Steps,
        UnsubscribeLists = flow.UnsubscribeLists,
    };

    private sealed record Fresh(long Id, long ContactId, string Kind, DateTimeOffset OccurredAt);

    /// <param name="Planned">What was made up; null: <paramref name="Activity"/> is assumed.</param>
    private sealed record ComingEvent(long ContactId, DateTimeOffset At, string Kind, string? StepKey, PlannedEvent? Planned, IActivity? Activity);
}

/// <summary>A step has failed with an exception; whose fault it is shows only with savepoints, so the simulation begins again with them.</summary>
internal sealed class CarefulNeededException(Exception cause) : Exception("A step has failed.", cause);

/// <summary>What simulations need of the product: its real parts.</summary>
internal sealed record SimulationTools(
    RunBatch Batch, Enrolment Enrolment, LiveFlows Live, ExitOnUnsubscribe Exit, IActivityLog Log, ActivityKinds Kinds, IEnumerable<IReaction> Reactions);
