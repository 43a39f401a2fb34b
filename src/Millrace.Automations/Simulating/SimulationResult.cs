using Millrace.Automations.Engine;

namespace Millrace.Automations.Simulating;

/// <summary>What would come of it. Nothing of it has happened.</summary>
/// <param name="Population">How many contacts the choice stands for: the size of the segment, or of the account; null: they were named.</param>
/// <param name="ReachedAt">The virtual time up to which everything is told.</param>
/// <param name="Complete">Nothing more happens after <paramref name="ReachedAt"/> by itself.</param>
/// <param name="Stopped">Why it ends where it ends: <c>over</c>, <c>horizon</c> (up to where was asked), <c>time_limit</c> (of computing) or <c>step_limit</c>.</param>
/// <param name="NextAt">When something happens next; null: never.</param>
/// <param name="Steps">Totals of the steps that somebody came to.</param>
/// <param name="People">One for each contact.</param>
internal sealed record SimulationResult(
    DateTimeOffset StartedAt, DateTimeOffset ReachedAt, bool Complete, string Stopped, DateTimeOffset? NextAt, long? Population, SimulatedTotals Totals,
    IReadOnlyList<SimulatedStep> Steps, IReadOnlyList<SimulatedPerson> People);

/// <param name="Waiting">Still stand at a wait.</param>
/// <param name="Stuck">Stand at a step that fails.</param>
/// <param name="NotEntered">Would not come in.</param>
internal sealed record SimulatedTotals(int Completed, int Ended, int Waiting, int Stuck, int NotEntered);

/// <param name="Arrived">How often somebody came to it; in a loop more than once each.</param>
/// <param name="Here">Who stands on it at the end.</param>
/// <param name="Stuck">Of these: for whom it fails.</param>
/// <param name="FirstAt">When the first came.</param>
/// <param name="LastAt">When the last came.</param>
/// <param name="Results">How often it ended how: branches, <c>done</c>, <c>waited</c>, <c>skipped_...</c>.</param>
/// <param name="Note">What a simulation cannot tell of it; null: it is carried out as it is.</param>
internal sealed record SimulatedStep(
    string StepId, int Arrived, int Here, int Stuck, DateTimeOffset FirstAt, DateTimeOffset LastAt, IReadOnlyDictionary<string, int> Results, string? Note);

/// <param name="Outcome"><c>completed</c>, <c>ended</c>, <c>waiting</c>, <c>stuck</c> or <c>not_entered</c>.</param>
/// <param name="Detail">Why it ended, is stuck or did not come in.</param>
/// <param name="StepId">Where it stands; null when it is out.</param>
/// <param name="Since">Since when it stands there, or when it was over.</param>
/// <param name="DueAt">When its wait is over at the latest; null: only an event ends it.</param>
/// <param name="Why">What the conditions it waits for find, or those of the trigger that keep it out.</param>
/// <param name="Visits">Steps it has left behind, in order.</param>
/// <param name="Events">What was assumed or made up.</param>
internal sealed record SimulatedPerson(
    long ContactId, string? Email, string Name, string Outcome, string? Detail, string? StepId, DateTimeOffset? Since, DateTimeOffset? DueAt,
    IReadOnlyList<StepReason> Why, IReadOnlyList<SimulatedVisit> Visits, IReadOnlyList<SimulatedEvent> Events);

/// <param name="Result">As in the trace of a real run.</param>
/// <param name="Why">What its conditions found at that moment.</param>
/// <param name="Cause">Why a split chose the path; null: it is none.</param>
internal sealed record SimulatedVisit(
    string StepId, DateTimeOffset ArrivedAt, DateTimeOffset LeftAt, string Result, string? Detail, IReadOnlyList<StepReason> Why, StepCause? Cause);

/// <param name="Kind">Kind of the activity, or type of the change.</param>
/// <param name="ByHand">It was made up; otherwise it was assumed of everybody.</param>
/// <param name="Problem">Why it had no effect; null: it had.</param>
internal sealed record SimulatedEvent(DateTimeOffset At, string Kind, string? StepId, bool ByHand, string? Problem);
