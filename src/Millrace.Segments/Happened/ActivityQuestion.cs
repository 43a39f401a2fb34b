using Millrace.Kernel.Extensibility;

namespace Millrace.Segments.Happened;

/// <summary>A checked <c>{"activity": KIND, ...}</c>: how often did something happen?</summary>
/// <param name="AutomationId">Caused by this automation; null for any.</param>
/// <param name="StepKey">Caused by this step, of that automation or of the one that asks.</param>
/// <param name="Times">How often; null for at least once.</param>
/// <param name="Within">Only the last so and so long.</param>
/// <param name="Between">Only from the first to the second moment, days wholly included.</param>
/// <param name="Never">The answer is turned round.</param>
internal sealed record ActivityQuestion(
    ActivityShape Shape,
    IReadOnlyList<ActivityFilter> Filters,
    long? AutomationId,
    string? StepKey,
    ActivityTimes? Times,
    CalendarSpan? Within,
    (ConditionMoment From, ConditionMoment To)? Between,
    bool Never)
{
    public bool IsTimeDependent => Within is not null || Between is not null;
}

/// <summary><c>"times": {"at_least": 3}</c>.</summary>
internal sealed record ActivityTimes(TimesOp Op, int Count);

internal enum TimesOp
{
    AtLeast,
    Exactly,
    AtMost,
}

/// <summary>One filter on a member of the activity's record.</summary>
internal sealed record ActivityFilter(ActivityMember Member, ConditionOp Op, bool Negated, ConditionValue Value);
