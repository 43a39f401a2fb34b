using Millrace.Kernel.Extensibility;

namespace Millrace.Segments.Now;

/// <summary><c>{"field": "now.date", "op": "lt", "value": "2026-12-24"}</c>.</summary>
[SegmentCondition("now.date", Title = "Current date", Group = "Date and time", Description = "The day on which the condition is asked.")]
internal sealed class NowDateCondition : NowCondition
{
    public override ConditionKind Kind => ConditionKind.Date;

    public override IReadOnlyList<ConditionOp> Ops => ConditionOps.Of(ConditionKind.Number);

    protected override bool Holds(ConditionLeaf leaf, SegmentContext context, DateTime local) =>
        Compare(leaf.Op, DateOnly.FromDateTime(local), [.. leaf.Value.Moments.Select(m => m.DayIn(context)!.Value)]);
}
