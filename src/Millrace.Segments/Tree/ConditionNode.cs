using Millrace.Kernel.Extensibility;
using Millrace.Segments.Happened;

namespace Millrace.Segments.Tree;

/// <summary>A checked node.</summary>
internal abstract record ConditionNode;

/// <summary><c>all</c> or <c>any</c>.</summary>
internal sealed record GroupNode(bool IsAll, IReadOnlyList<ConditionNode> Children) : ConditionNode;

/// <summary><c>not</c>.</summary>
internal sealed record NotNode(ConditionNode Child) : ConditionNode;

/// <summary>A row.</summary>
internal abstract record LeafNode(string Pointer) : ConditionNode;

/// <summary>A fact about the contact.</summary>
/// <param name="Op">As written, negative ones included.</param>
internal sealed record StateNode(SegmentCondition Condition, ConditionLeaf Leaf, ConditionOp Op, bool Negated) : LeafNode(Leaf.Pointer);

/// <summary>Something the contact did, or did not.</summary>
internal sealed record ActivityNode(string Pointer, ActivityQuestion Question) : LeafNode(Pointer);

internal static class ConditionNodes
{
    /// <summary>In the order of the document.</summary>
    public static IEnumerable<LeafNode> Leaves(this ConditionNode node) => node switch
    {
        GroupNode group => group.Children.SelectMany(Leaves),
        NotNode not => not.Child.Leaves(),
        LeafNode leaf => [leaf],
        _ => [],
    };
}
