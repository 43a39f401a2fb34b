using Millrace.Automations.Definitions;
using Millrace.Automations.Engine;
using Millrace.Segments.Contracts;

namespace Millrace.Automations.Simulating;

/// <summary>Tells what happened in a simulation.</summary>
/// <param name="refused">Contacts that the trigger kept out, and why.</param>
/// <param name="words">By step, its conditions in words; those of the exit under no step's key.</param>
/// <param name="waiting">By contact, what the conditions found at the end for which it waits.</param>
internal sealed class SimulationStory(
    SimulationPlan plan, SimulatedWorld world, IReadOnlyList<SampleContact> people, IReadOnlyDictionary<long, IReadOnlyList<StepReason>> refused,
    IReadOnlyDictionary<string, List<string>> words, IReadOnlyDictionary<long, string> waiting)
{
    private readonly ILookup<long, SimulatedEvent> _events = world.Happened.ToLookup(h => h.ContactId, h => h.Event);
    private readonly Dictionary<long, SimulatedRun> _runs = world.Runs.ToDictionary(r => r.ContactId);

    public SimulationResult Tell(DateTimeOffset reachedAt, long? population, string stopped)
    {
        var told = people.Select(Person).ToList();
        var totals = new SimulatedTotals(Count("completed"), Count("ended"), Count("waiting"), Count("stuck"), Count("not_entered"));
        return new SimulationResult(
            plan.Start, stopped == "horizon" ? plan.Until : reachedAt, stopped == "over", stopped, world.NextAt, population, totals, [.. Steps()], told);

        int Count(string outcome) => told.Count(p => p.Outcome == outcome);
    }

    private SimulatedPerson Person(SampleContact contact)
    {
        if (!_runs.TryGetValue(contact.Id, out var run))
        {
            return new SimulatedPerson(
                contact.Id, contact.Email, contact.Name, "not_entered", refused.ContainsKey(contact.Id) ? "filter" : "entry_rule", null, null, null,
                refused.GetValueOrDefault(contact.Id) ?? [], [], []);
        }

        var outcome = run switch
        {
            { Problem: not null } => "stuck",
            { Status: RunStatus.Completed } => "completed",
            { Status: RunStatus.Ended } => "ended",
            _ => "waiting",
        };
        return new SimulatedPerson(
            contact.Id, contact.Email, contact.Name, outcome, run.Problem ?? (outcome == "ended" ? run.Visits.LastOrDefault()?.Result : null), run.Step?.Key,
            run.FinishedAt ?? run.ArrivedAt, run.IsInside ? run.DueAt : null, run.IsInside ? Reasons(run.Step?.Key, waiting.GetValueOrDefault(contact.Id)) : [],
            [.. run.Visits.OrderBy(v => v.VisitNo).Select(Visit)],
            [.. _events[contact.Id]]);
    }

    private SimulatedVisit Visit(StepVisit visit)
    {
        var (detail, cause) = StepCause.Read(visit.Detail);
        var decided = visit.Result == Walk.Exited ? string.Empty : visit.StepKey;
        return new SimulatedVisit(visit.StepKey, visit.ArrivedAt, visit.LeftAt, visit.Result, detail, Reasons(decided, visit.Why), cause);
    }

    private IEnumerable<SimulatedStep> Steps()
    {
        var visits = world.Runs.SelectMany(r => r.Visits).ToLookup(v => v.StepKey, StringComparer.Ordinal);
        var standing = world.Runs.Where(r => r.Step is not null).ToLookup(r => r.Step!.Key, StringComparer.Ordinal);
        foreach (var step in plan.Flow.Steps)
        {
            List<DateTimeOffset> arrivals = [.. visits[step.Key].Select(v => v.ArrivedAt), .. standing[step.Key].Select(r => r.ArrivedAt)];
            if (arrivals.Count > 0)
            {
                yield return new SimulatedStep(
                    step.Key, arrivals.Count, standing[step.Key].Count(), standing[step.Key].Count(r => r.Problem is not null), arrivals.Min(), arrivals.Max(),
                    visits[step.Key].CountBy(v => v.Result).ToDictionary(r => r.Key, r => r.Value, StringComparer.Ordinal), step.Action?.NotSimulated);
            }
        }
    }

    private IReadOnlyList<StepReason> Reasons(string? step, string? why) =>
        step is not null && words.TryGetValue(step, out var leaves) ? StepReasons.Read(why, leaves) : [];
}
