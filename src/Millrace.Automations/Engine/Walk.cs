using System.Globalization;
using Millrace.Activities.Contracts;
using Millrace.Automations.Contracts;
using Millrace.Automations.Definitions;
using Millrace.Automations.Steps;
using Millrace.Kernel.Extensibility;
using Npgsql;

namespace Millrace.Automations.Engine;

/// <summary>
/// Takes runs of one account from step to step, all that stand at the same step together, until each of them waits or ends. The step
/// furthest up goes first, so that runs parted by a branch meet again where it ends and go on as one batch.
/// </summary>
internal sealed class Walk(NpgsqlTransaction transaction, long accountId, string timeZone, DateTimeOffset now, Tally tally, StepReasons reasons, IStepWitness? witness)
{
    /// <summary>Steps of one run in one batch; the rest is for the next one.</summary>
    private const int MaxHops = 50;

    private readonly SortedDictionary<(long AutomationId, int Index, int Lists), List<Walker>> _ready = [];

    /// <summary>Runs that came in by way of other lists are other batches: their mails unsubscribe from something else.</summary>
    private readonly Dictionary<string, int> _lists = new(StringComparer.Ordinal);

    public List<StepVisit> Visits { get; } = [];

    public List<DatedActivity> Activities { get; } = [];

    public List<GoalTime> GoalTimes { get; } = [];

    /// <summary>All runs of the batch, for steps that end others than their own.</summary>
    private IReadOnlyList<Walker> All { get; set; } = [];

    public async Task RunAsync(IReadOnlyList<Walker> walkers, CancellationToken cancellationToken)
    {
        All = walkers;
        foreach (var walker in walkers)
        {
            Enqueue(walker);
        }

        while (_ready.Count > 0)
        {
            var (key, group) = _ready.First();
            _ready.Remove(key);
            await StepAsync(group, cancellationToken);
        }
    }

    /// <summary>Takes a run to a goal whose conditions it fulfils, from wherever it stands.</summary>
    /// <param name="why">What its conditions found, as <see cref="StepReasons"/> writes it.</param>
    public void Jump(Walker walker, FlowGoal goal, string? why)
    {
        Leave(walker, "jumped_to_goal", $"The conditions of the goal {goal.Name} held.");
        Meet(walker, goal.Step.Key, goal.Name, jumped: true);
        MoveTo(walker, goal.Step.Key, count: true);
        walker.Why = why;
        Leave(walker, GoalAction.Reached, null);
        MoveTo(walker, goal.Step.Next, count: true);
    }

    /// <summary>Result in the trace of the step from which <see cref="Exit"/> took a run.</summary>
    public const string Exited = "ended_" + ExitReason;

    private const string ExitReason = "exit_conditions";

    /// <summary>Ends a run whose contact fulfils the automation's exit conditions. Its step does not count as passed.</summary>
    /// <param name="why">What the conditions found, as <see cref="StepReasons"/> writes it.</param>
    public void Exit(Walker walker, string? why)
    {
        Visits.Add(new StepVisit(accountId, walker.Row.Id, walker.VisitNo, walker.Step!.Key, walker.ArrivedAt, now, Exited, null, walker.Version, why));
        End(walker, ExitReason);
    }

    /// <summary>Takes a run past its present step.</summary>
    public void Pass(Walker walker, string result, string? detail)
    {
        Leave(walker, result, detail);
        MoveTo(walker, walker.Step!.Next, count: true);
    }

    /// <summary>The step the run stood on was deleted; it stands on the next one already, or at the end.</summary>
    public void LeaveDeleted(Walker walker, string deleted)
    {
        Visits.Add(new StepVisit(accountId, walker.Row.Id, walker.VisitNo, deleted, walker.Row.ArrivedAt, now, "step_deleted", null, walker.Version));
        MoveTo(walker, walker.Step?.Key, count: false, from: deleted);
    }

    private void Enqueue(Walker walker)
    {
        if (walker.Rests || walker.Step is null)
        {
            return;
        }

        if (walker.Hops >= MaxHops)
        {
            walker.Rest(RunStatus.Active, now);
            return;
        }

        var key = (walker.Row.AutomationId, walker.Step.Index, ListsOf(walker));
        if (!_ready.TryGetValue(key, out var group))
        {
            _ready[key] = group = [];
        }

        group.Add(walker);
    }

    private int ListsOf(Walker walker)
    {
        if (walker.Row.ListIds is not { Length: > 0 } lists)
        {
            return 0;
        }

        var name = string.Join(',', lists);
        return _lists.TryGetValue(name, out var number) ? number : _lists[name] = _lists.Count + 1;
    }

    private async Task StepAsync(List<Walker> group, CancellationToken cancellationToken)
    {
        // Another run's step may have ended some of them meanwhile.
        group.RemoveAll(w => w.Step is null || w.Rests);
        if (group.Count == 0)
        {
            return;
        }

        var step = group[0].Step!;
        if (step.Shape == "goal")
        {
            foreach (var again in group.Where(w => w.Goals.Contains(step.Key)).ToList())
            {
                // A goal counts once per entry.
                group.Remove(again);
                Pass(again, "passed_before", null);
                Enqueue(again);
            }
        }

        if (group.Count == 0)
        {
            return;
        }

        var outcomes = await ExecuteAsync(step, group, cancellationToken);
        await reasons.NoteAsync(transaction, accountId, timeZone, now, step, group, outcomes, cancellationToken);
        await EndEntriesAsync(group, outcomes, cancellationToken);
        for (var i = 0; i < group.Count; i++)
        {
            if (group[i].Step is null)
            {
                continue;
            }

            group[i].Hops++;
            Apply(group[i], step, outcomes[i]);
            Enqueue(group[i]);
        }
    }

    private async Task<StepOutcome[]> ExecuteAsync(FlowStep step, List<Walker> group, CancellationToken cancellationToken)
    {
        if (step.Action is null || step.Settings is null)
        {
            var broken = new StepOutcome[group.Count];
            Array.Fill(broken, StepOutcome.Fail("step_invalid", "The step's options are not valid any more."));
            return broken;
        }

        var first = group[0];
        var batch = new ActionBatch(transaction, accountId, first.Row.AutomationId, step.Key, timeZone, now, [.. group.Select(w => w.AsBatchRun())])
        {
            UnsubscribeLists = first.Flow.ListsOf(first.Row.ListIds),
            EntryLists = first.Row.ListIds ?? [],
        };
        if (witness?.InsteadOf(step) is { } instead)
        {
            return batch.All(instead);
        }

        var outcomes = await step.Action.ExecuteAsync(batch, step.Settings, cancellationToken);
        if (witness is not null)
        {
            await witness.SawAsync(step, batch, outcomes, cancellationToken);
        }

        return outcomes.Length == group.Count
            ? outcomes
            : throw new InvalidOperationException($"{step.Action.GetType()} gave {outcomes.Length} outcomes for {group.Count} runs.");
    }

    /// <summary>Ends the entries that outcomes name, in the database and in this batch, and says in the outcomes what is left for their own runs.</summary>
    private async Task EndEntriesAsync(List<Walker> group, StepOutcome[] outcomes, CancellationToken cancellationToken)
    {
        foreach (var target in Enumerable.Range(0, group.Count).Where(i => outcomes[i].Kind == StepOutcomeKind.EndEntries)
            .GroupBy(i => (outcomes[i].Target, outcomes[i].Result)).ToList())
        {
            long? automationId = target.Key.Target is { } id ? long.Parse(id, CultureInfo.InvariantCulture) : null;
            var contacts = target.Select(i => group[i].Row.ContactId).ToHashSet();
            var own = target.Select(i => group[i].Row.Id).ToHashSet();
            var reason = target.Key.Result ?? string.Empty;
            var others = await RunStore.EndOthersAsync(
                transaction, accountId, automationId, [.. contacts], [.. All.Select(w => w.Row.Id)], now, cancellationToken);
            foreach (var other in others)
            {
                if (other.StepKey is not null)
                {
                    Visits.Add(new StepVisit(accountId, other.Id, other.VisitNo, other.StepKey, other.ArrivedAt, now, "ended_by_step", null, other.Version ?? 0));
                }

                Ended(other.ContactId, other.AutomationId, other.Id, other.StepKey, target.Key.Result);
            }

            var ended = others.Select(o => o.ContactId).ToHashSet();
            foreach (var walker in All.Where(w => w.Step is not null && contacts.Contains(w.Row.ContactId) && !own.Contains(w.Row.Id)
                && (automationId is null || w.Row.AutomationId == automationId)))
            {
                ended.Add(walker.Row.ContactId);
                // Not counted as passed, like those above: whether they are in the same batch is chance.
                Visits.Add(new StepVisit(accountId, walker.Row.Id, walker.VisitNo, walker.Step!.Key, walker.ArrivedAt, now, "ended_by_step", null, walker.Version));
                Ended(walker.Row.ContactId, walker.Row.AutomationId, walker.Row.Id, walker.Step?.Key, target.Key.Result);
                walker.VisitNo++;
                walker.Finish(RunStatus.Ended, now);
            }

            foreach (var i in target)
            {
                if (automationId is null || automationId == group[i].Row.AutomationId)
                {
                    // Its own is among them.
                    Leave(group[i], reason.Length == 0 ? "done" : reason, null);
                    Ended(group[i].Row.ContactId, group[i].Row.AutomationId, group[i].Row.Id, group[i].Step?.Key, target.Key.Result);
                    group[i].VisitNo++;
                    group[i].Finish(RunStatus.Ended, now);
                }
                else
                {
                    outcomes[i] = ended.Contains(group[i].Row.ContactId) ? StepOutcome.Continue : StepOutcome.Skip("not_inside", "The contact was not in that automation.");
                }
            }
        }
    }

    private void Ended(long contactId, long automationId, long runId, string? stepKey, string? reason)
    {
        tally.AddEnd(accountId, automationId, stepKey, reason);
        if (reason is not null)
        {
            Activities.Add(new DatedActivity(new AutomationEnded(contactId, automationId, runId, reason), now, null));
        }
    }

    private void Apply(Walker walker, FlowStep step, StepOutcome outcome)
    {
        switch (outcome.Kind)
        {
            case StepOutcomeKind.Wait:
                walker.Attempts = 0;
                walker.Rest(RunStatus.Waiting, outcome.Until);
                break;
            case StepOutcomeKind.Fail:
                Charge(walker, step.Key, $"{outcome.Result}: {outcome.Detail}");
                break;
            case StepOutcomeKind.End:
                Count(walker, step, outcome.Result);
                Leave(walker, outcome.Result ?? "ended", outcome.Detail);
                End(walker, step.Shape == "goal" ? "goal_missed" : outcome.Result ?? "ended");
                break;
            case StepOutcomeKind.Branch when step.Branches.TryGetValue(outcome.Target!, out var target):
                tally.Add(accountId, walker.Row.AutomationId, step.Key, outcome.Target!);
                Leave(walker, outcome.Result ?? outcome.Target!, outcome.Detail);
                MoveTo(walker, target, count: true);
                break;
            case StepOutcomeKind.Goto when walker.Flow.Find(outcome.Target) is not null:
                Goto(walker, step, outcome);
                break;
            case StepOutcomeKind.Continue:
                Count(walker, step, outcome.Result);
                Leave(walker, outcome.Result ?? (step.Shape == "wait" ? "waited" : "done"), outcome.Detail);
                MoveTo(walker, step.Next, count: true);
                break;
            default:
                Leave(walker, "target_missing", $"There is no {outcome.Target} to go to.");
                End(walker, "target_missing");
                break;
        }
    }

    private void Goto(Walker walker, FlowStep step, StepOutcome outcome)
    {
        walker.Guard ??= new LoopGuard();
        if (walker.Guard.Pass(step.Key, walker.VisitNo, now) is { } refusal)
        {
            tally.Add(accountId, walker.Row.AutomationId, step.Key, "limit_exceeded");
            Leave(walker, "limit_exceeded", refusal);
            End(walker, "goto_limit");
            return;
        }

        Leave(walker, outcome.Result ?? "went_on", outcome.Detail);
        MoveTo(walker, outcome.Target, count: true);
    }

    /// <summary>Keeps what is told of goals, and of results beside the ordinary one.</summary>
    private void Count(Walker walker, FlowStep step, string? result)
    {
        if (step.Settings is GoalAction.Settings goal)
        {
            if (result == GoalAction.Reached)
            {
                Meet(walker, step.Key, goal.Name, jumped: false);
            }
            else
            {
                walker.Goals.Add(step.Key);
                Happened(walker, new GoalSkipped(walker.Row.ContactId, walker.Row.AutomationId, walker.Row.Id, step.Key, goal.Name), step.Key);
                tally.Add(accountId, walker.Row.AutomationId, step.Key, GoalAction.Skipped);
            }
        }
        else if (result is not null && step.Shape == "action")
        {
            tally.Add(accountId, walker.Row.AutomationId, step.Key, result);
        }
    }

    private void Meet(Walker walker, string stepKey, string name, bool jumped)
    {
        walker.Goals.Add(stepKey);
        Happened(walker, new GoalReached(walker.Row.ContactId, walker.Row.AutomationId, walker.Row.Id, stepKey, name, jumped), stepKey);
        tally.Add(accountId, walker.Row.AutomationId, stepKey, GoalAction.Reached);
        GoalTimes.Add(new GoalTime(walker.Row.AutomationId, stepKey, walker.Row.Id, Math.Max(0, (now - walker.Row.EnteredAt).TotalSeconds)));
    }

    private void Leave(Walker walker, string result, string? detail)
    {
        var step = walker.Step!;
        Visits.Add(new StepVisit(accountId, walker.Row.Id, walker.VisitNo, step.Key, walker.ArrivedAt, now, result, detail, walker.Version, walker.Why));
        tally.Add(accountId, walker.Row.AutomationId, step.Key, Tally.Passed);
        if (step.Shape == "wait" && walker.Guard is not null)
        {
            walker.Guard.LastWait = walker.VisitNo;
        }
    }

    /// <param name="from">The step it comes from, where that is not the present one.</param>
    private void MoveTo(Walker walker, string? key, bool count, string? from = null)
    {
        if ((from ?? walker.Step?.Key) is { Length: > 0 } left)
        {
            tally.AddInPeriod(accountId, walker.Row.AutomationId, left, Tally.Went);
        }

        walker.VisitNo++;
        walker.ArrivedAt = now;
        (walker.Attempts, walker.Error, walker.Rests, walker.Why) = (0, null, false, null);
        walker.Step = walker.Flow.Find(key);
        walker.Status = RunStatus.Active;
        walker.DueAt = now;
        if (walker.Step is { } arrived)
        {
            tally.AddInPeriod(accountId, walker.Row.AutomationId, arrived.Key, Tally.Arrived);
        }

        if (walker.Step is null)
        {
            walker.Finish(RunStatus.Completed, now);
            tally.Add(accountId, walker.Row.AutomationId, string.Empty, Tally.Completed);
            Happened(walker, new AutomationCompleted(walker.Row.ContactId, walker.Row.AutomationId, walker.Row.Id), null);
        }
        else if (count && walker.Guard is not null && !walker.Guard.Step(now))
        {
            walker.Error = $"step_limit: More than {LoopGuard.DailySteps} steps in 24 hours.";
            walker.Rest(RunStatus.Parked, null);
        }
    }

    private void End(Walker walker, string reason)
    {
        tally.AddEnd(accountId, walker.Row.AutomationId, walker.Step?.Key, reason);
        walker.VisitNo++;
        walker.Finish(RunStatus.Ended, now);
        Happened(walker, new AutomationEnded(walker.Row.ContactId, walker.Row.AutomationId, walker.Row.Id, reason), null);
    }

    /// <summary>A failure of the step for this run: again later, and after the tenth time parked.</summary>
    private void Charge(Walker walker, string stepKey, string error)
    {
        walker.Attempts++;
        walker.Error = error;
        tally.Add(accountId, walker.Row.AutomationId, stepKey, Tally.Failed);
        var next = Backoff.Next(walker.Attempts, now);
        walker.Rest(next is null ? RunStatus.Parked : RunStatus.Active, next);
    }

    private void Happened(Walker walker, IActivity activity, string? stepKey) => Activities.Add(
        new DatedActivity(activity, now, stepKey is null ? null : new ActivityOrigin(walker.Row.AutomationId, stepKey)));
}
