using Millrace.Kernel.Extensibility;

namespace Millrace.Segments.Now;

/// <summary><c>{"field": "now.weekday", "op": "is", "value": ["saturday", "sunday"]}</c>.</summary>
[SegmentCondition("now.weekday", Title = "Current day of the week", Group = "Date and time", Description = "The day of the week on which the condition is asked.")]
internal sealed class NowWeekdayCondition : NowCondition
{
    private static readonly ConditionChoice[] Days =
    [
        new("monday", "Monday"), new("tuesday", "Tuesday"), new("wednesday", "Wednesday"), new("thursday", "Thursday"), new("friday", "Friday"),
        new("saturday", "Saturday"), new("sunday", "Sunday"),
    ];

    public override ConditionKind Kind => ConditionKind.Option;

    public override IReadOnlyList<ConditionOp> Ops => [ConditionOp.Is, ConditionOp.IsNot];

    public override IReadOnlyList<ConditionChoice> Choices => Days;

    protected override bool Holds(ConditionLeaf leaf, SegmentContext context, DateTime local) =>
        leaf.Value.Texts.Contains(local.DayOfWeek.ToString().ToLowerInvariant(), StringComparer.Ordinal);
}
