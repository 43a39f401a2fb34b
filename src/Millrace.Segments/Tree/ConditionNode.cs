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

/// <summary>Membership of saved segments whose trees stand beside it.</summary>
internal sealed record SavedNode(StateNode Named, IReadOnlyList<SavedContent> Contents) : LeafNode(Named.Pointer);

/// <summary>A saved segment and its tree.</summary>
internal sealed record SavedContent(long Id, string Name, ConditionNode Root);

/// <summary><c>{"same": "list", "all": [...], "times": ...}</c>: records of the contact for which all of it holds.</summary>
internal sealed record SameNode(string Pointer, RecordSet Records, ConditionNode Where, ActivityTimes? Times, bool Never) : LeafNode(Pointer);

/// <summary>A fact about one record.</summary>
internal sealed record MemberNode(RecordSet Records, RecordMember Member, ConditionLeaf Leaf, ConditionOp Op, bool Negated) : LeafNode(Leaf.Pointer);

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

    /// <summary>The leaves, those of saved segments and of records in the place of what they stand in.</summary>
    public static IEnumerable<LeafNode> DeepLeaves(this ConditionNode node) => node.Leaves().SelectMany(leaf => leaf switch
    {
        SavedNode saved => saved.Contents.SelectMany(c => c.Root.DeepLeaves()),
        _ => [leaf],
    });
}
