namespace Millrace.Kernel.Extensibility;

/// <summary>One row of a condition tree, checked: the operator is positive and the value fits it.</summary>
/// <param name="Pointer">Where it stands in its document, for errors.</param>
/// <param name="Key">Key of the condition.</param>
/// <param name="Argument">The id behind the colon of <c>list:7</c>; 0 where the condition is no family.</param>
/// <param name="Op">Never a negative one.</param>
/// <param name="Options">Further members, such as <c>zone</c>, as far as given.</param>
public sealed record ConditionLeaf(
    string Pointer, string Key, long Argument, ConditionOp Op, ConditionValue Value, IReadOnlyDictionary<string, string> Options);

/// <summary>The value of a leaf; filled are those members that its kind and operator call for.</summary>
public sealed record ConditionValue
{
    public static readonly ConditionValue None = new();

    /// <summary>One or more; several mean any of them. Also the text of a date literal where the kind is not known.</summary>
    public IReadOnlyList<string> Texts { get; init; } = [];

    /// <summary>One or more; two for <c>between</c>.</summary>
    public IReadOnlyList<decimal> Numbers { get; init; } = [];

    /// <summary>Ids of things.</summary>
    public IReadOnlyList<long> Ids { get; init; } = [];

    /// <summary>One, or two for <c>between</c>.</summary>
    public IReadOnlyList<ConditionMoment> Moments { get; init; } = [];

    /// <summary>One, or two for <c>between</c>.</summary>
    public IReadOnlyList<TimeOnly> Times { get; init; } = [];

    /// <summary>Length of <c>in_last</c> and <c>in_next</c>; shift of <c>anniversary</c>.</summary>
    public CalendarSpan? Span { get; init; }

    /// <summary>Whether what it means depends on when it is asked.</summary>
    public bool IsRelative => Span is not null || Moments.Any(m => m.DaysFromToday is not null);
}

/// <summary>A fixed day, a day counted from today, or an instant. Exactly one is set.</summary>
public readonly record struct ConditionMoment(DateOnly? Day, int? DaysFromToday, DateTimeOffset? Instant)
{
    /// <summary>The day it names; null for an instant.</summary>
    public DateOnly? DayIn(SegmentContext context) => Day ?? (DaysFromToday is { } days ? context.Today.AddDays(days) : null);
}
