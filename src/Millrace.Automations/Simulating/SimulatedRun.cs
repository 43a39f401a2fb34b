using Millrace.Automations.Definitions;
using Millrace.Automations.Engine;
using Millrace.Automations.Steps;
using Millrace.Kernel.Extensibility;

namespace Millrace.Automations.Simulating;

/// <summary>One contact's run in a simulation, as it was last seen.</summary>
internal sealed class SimulatedRun(long id, long contactId, FlowStep step, DateTimeOffset start)
{
    // Conditions that time alone changes are looked at again every quarter of an hour; who waits long is looked at less often, or a year would take minutes.
    private const int QuartersOfTwoDays = 2 * 24 * 4;
    private const int QuartersOfTwoMonths = 60 * 24 * 4;
    private int _quarters;
    private int _visit = -1;

    public long Id { get; } = id;

    public long ContactId { get; } = contactId;

    public List<StepVisit> Visits { get; } = [];

    public FlowStep? Step { get; private set; } = step;

    public RunStatus Status { get; private set; } = RunStatus.Active;

    public DateTimeOffset ArrivedAt { get; private set; } = start;

    /// <summary>When its step says it is to be looked at again.</summary>
    public DateTimeOffset? DueAt { get; private set; } = start;

    /// <summary>When the simulation looks at it again; null: an event must come.</summary>
    public DateTimeOffset? LooksAt { get; private set; } = start;

    public DateTimeOffset? FinishedAt { get; private set; }

    /// <summary>Why it stands still.</summary>
    public string? Problem { get; private set; }

    public bool IsInside => Status is RunStatus.Active or RunStatus.Waiting && Problem is null;

    public void See(Walker walker, DateTimeOffset now)
    {
        (Status, Step, ArrivedAt, FinishedAt) = (walker.Status, walker.Step, walker.ArrivedAt, walker.FinishedAt);
        (DueAt, LooksAt) = (walker.DueAt, walker.DueAt);
        if (walker.Attempts > 0 || walker.Status == RunStatus.Parked)
        {
            Stop(walker.Error ?? "The step fails.");
            return;
        }

        var again = Status == RunStatus.Waiting && walker.DueAt == now + ParsedConditions.Recheck && _visit == walker.VisitNo;
        (_quarters, _visit) = (again ? _quarters : 0, walker.VisitNo);
        if (again)
        {
            var stride = _quarters < QuartersOfTwoDays ? 1 : _quarters < QuartersOfTwoMonths ? 4 : 24;
            _quarters += stride;
            LooksAt = Earliest(now + (stride * ParsedConditions.Recheck), Later(walker.StepDueAt), Later(LimitOf(walker)));
        }

        DateTimeOffset? Later(DateTimeOffset? time) => time > walker.DueAt ? time : null;
    }

    /// <summary>No look may miss the end of a wait.</summary>
    private static DateTimeOffset? LimitOf(Walker walker) => walker.Step?.Settings is WaitUntilAction.Settings { Timeout: { } limit }
        ? IsoDuration.Parse(limit).After(walker.ArrivedAt)
        : null;

    private static DateTimeOffset Earliest(DateTimeOffset time, params DateTimeOffset?[] others) => others.OfType<DateTimeOffset>().Append(time).Min();

    /// <summary>It was ended from outside.</summary>
    /// <param name="result">How it left its step; null: that has been told.</param>
    public void Vanish(DateTimeOffset now, string? result)
    {
        if (result is not null && Step is { } step)
        {
            Visits.Add(new StepVisit(0, Id, int.MaxValue, step.Key, ArrivedAt, now, result, null, 0));
        }

        (Status, Step, DueAt, LooksAt, FinishedAt) = (RunStatus.Ended, null, null, null, now);
    }

    /// <summary>The engine would try again for about a day and then give up; a simulation says so at once.</summary>
    public void Stop(string problem) => (Problem, LooksAt) = (problem, null);
}
