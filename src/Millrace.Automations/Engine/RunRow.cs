using Millrace.Automations.Definitions;

namespace Millrace.Automations.Engine;

/// <summary>A run as the engine finds it.</summary>
internal sealed record RunRow(
    long AccountId, long Id, long AutomationId, long ContactId, RunStatus Status, string? StepKey, int VisitNo, DateTimeOffset ArrivedAt,
    DateTimeOffset? DueAt, DateTimeOffset EnteredAt, long[]? ListIds, string[] Goals, short Attempts, short Crashes, string? Guard,
    string? SubjectKind, long? SubjectId);

/// <summary>Identity of a run.</summary>
internal readonly record struct RunKey(long AccountId, long Id);

/// <summary>A sign that something happened that a run may be waiting for.</summary>
/// <param name="Skip">Someone has said that the run's wait is over.</param>
internal sealed record Nudge(long AccountId, long Id, long RunId, bool Skip);
