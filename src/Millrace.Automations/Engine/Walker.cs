using Millrace.Automations.Definitions;
using Millrace.Kernel.Extensibility;

namespace Millrace.Automations.Engine;

/// <summary>One run on its way through a batch: where it stands now, to be written back at the end.</summary>
internal sealed class Walker(RunRow row, Flow flow, int version, FlowStep? step)
{
    public RunRow Row { get; } = row;

    public Flow Flow { get; } = flow;

    /// <summary>Version of the automation it walks in.</summary>
    public int Version { get; } = version;

    public FlowStep? Step { get; set; } = step;

    public RunStatus Status { get; set; } = row.Status;

    public int VisitNo { get; set; } = row.VisitNo;

    public DateTimeOffset ArrivedAt { get; set; } = row.ArrivedAt;

    public DateTimeOffset? DueAt { get; set; } = row.DueAt;

    /// <summary>When the step itself wants to be looked at again, whatever the goals want.</summary>
    public DateTimeOffset? StepDueAt { get; private set; }

    public DateTimeOffset? FinishedAt { get; set; }

    public List<string> Goals { get; } = [.. row.Goals];

    public short Attempts { get; set; } = row.Attempts;

    public string? Error { get; set; }

    /// <summary>What the conditions of the present step found, as <see cref="StepReasons"/> writes it; null where none decided.</summary>
    public string? Why { get; set; }

    public LoopGuard? Guard { get; set; } = LoopGuard.Read(row.Guard);

    /// <summary>Steps done in this batch.</summary>
    public int Hops { get; set; }

    /// <summary>Nothing more to do in this batch.</summary>
    public bool Rests { get; set; }

    public bool HasMoved => VisitNo != Row.VisitNo;

    public BatchRun AsBatchRun()
    {
        var again = !HasMoved && Row.Status == RunStatus.Waiting;
        return new BatchRun(Row.Id, Row.ContactId, VisitNo, Row.EnteredAt, ArrivedAt, again ? Row.DueAt : null, again)
        {
            Subject = Row is { SubjectKind: { } kind, SubjectId: { } id } ? new RunSubject(kind, id) : null,
        };
    }

    public void Rest(RunStatus status, DateTimeOffset? dueAt)
    {
        (Status, DueAt, StepDueAt, Rests) = (status, dueAt, dueAt, true);
    }

    public void Finish(RunStatus status, DateTimeOffset now)
    {
        (Status, DueAt, FinishedAt, Rests, Step) = (status, null, now, true, null);
    }
}
