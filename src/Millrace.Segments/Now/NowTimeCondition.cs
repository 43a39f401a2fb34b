using Millrace.Kernel.Extensibility;

namespace Millrace.Segments.Now;

/// <summary><c>{"field": "now.time", "op": "between", "value": ["22:00", "06:00"]}</c>: over midnight when the second is the earlier. To the minute.</summary>
[SegmentCondition("now.time", Title = "Current time", Group = "Date and time", Description = "The time of day at which the condition is asked.")]
internal sealed class NowTimeCondition : NowCondition
{
    public override ConditionKind Kind => ConditionKind.Time;

    protected override bool Holds(ConditionLeaf leaf, SegmentContext context, DateTime local)
    {
        var now = new TimeOnly(local.Hour, local.Minute);
        var times = leaf.Value.Times;
        return leaf.Op == ConditionOp.Between && times[1] < times[0]
            ? now >= times[0] || now <= times[1]
            : Compare(leaf.Op, now, times);
    }
}
