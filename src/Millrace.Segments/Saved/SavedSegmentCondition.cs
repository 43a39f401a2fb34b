using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;

namespace Millrace.Segments.Saved;

/// <summary><c>{"field": "segment", "op": "in", "value": 7}</c>; of several, any. Never compiled itself: the trees stand in its place before (<see cref="SegmentBook"/>).</summary>
[SegmentCondition(Name, Title = "Segment", Group = "Segments", Description = "Whether a saved segment contains the contact.")]
internal sealed class SavedSegmentCondition : SegmentCondition
{
    public const string Name = "segment";

    public override ConditionKind Kind => ConditionKind.Membership;

    public override string Source => Name;

    public override Sql Compile(ConditionLeaf leaf, SegmentContext context) =>
        throw new InvalidOperationException("Saved segments have to be resolved before their tree is compiled.");

    public override IEnumerable<string> ActivityKinds(ConditionLeaf leaf) => [];
}
