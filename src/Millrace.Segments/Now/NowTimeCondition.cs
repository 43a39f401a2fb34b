using Millrace.Kernel.Extensibility;

namespace Millrace.Segments.Now;

/// <summary><c>{"field": "now.time", "op": "between", "value": ["22:00", "06:00"]}</c>: over midnight when the second is the earlier. To the minute, but <c>is</c> a full hour means all of it.</summary>
[SegmentCondition("now.time", Title = "Current time", Group = "Date and time", Description = "The time of day at which the condition is asked.")]
internal sealed class NowTimeCondition : NowCondition
{
    public override ConditionKind Kind => ConditionKind.Time;

    protected override bool Holds(ConditionLeaf leaf, SegmentContext context, DateTime local)
    {
        var now = new TimeOnly(local.Hour, local.Minute);
        var times = leaf.Value.Times;
        return leaf.Op switch
        {
            // Nobody comes by on the minute: "at 11" is the hour.
            ConditionOp.Is when times[0].Minute == 0 => now.Hour == times[0].Hour,
            ConditionOp.Between when times[1] < times[0] => now >= times[0] || now <= times[1],
            _ => Compare(leaf.Op, now, times),
        };
    }
}
