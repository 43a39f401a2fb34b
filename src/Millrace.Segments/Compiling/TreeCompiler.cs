using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;
using Millrace.Segments.Tree;

namespace Millrace.Segments.Compiling;

/// <summary>
/// A tree as one boolean expression over <c>c</c>. Negation is carried down to the leaves, where <c>not exists</c> becomes an anti-join,
/// which a <c>not</c> around a whole group would hide from the planner.
/// </summary>
internal static class TreeCompiler
{
    public static Sql Compile(ConditionNode node, SegmentContext context, bool negated = false) => node switch
    {
        GroupNode { Children.Count: 0 } group => group.IsAll != negated ? ConditionSql.True : ConditionSql.False,
        GroupNode group when group.IsAll != negated => Sql.Of($"({Sql.Join(" and ", Children(group, context, negated))})"),
        GroupNode group => Sql.Of($"({Sql.Join(" or ", Children(group, context, negated))})"),
        NotNode not => Compile(not.Child, context, !negated),
        StateNode leaf => Turned(leaf.Condition.Compile(leaf.Leaf, context), leaf.Negated != negated),
        ActivityNode leaf => ActivityCompiler.Compile(leaf, context, negated),
        SavedNode leaf => Saved(leaf, context, leaf.Named.Negated != negated),
        SameNode leaf => SameCompiler.Compile(leaf, context, negated),
        MemberNode leaf => Turned(leaf.Member.Compile(leaf.Leaf, context), leaf.Negated != negated),
        _ => throw new ArgumentOutOfRangeException(nameof(node)),
    };

    public static Sql Turned(Sql expression, bool negated) => negated ? Sql.Of($"not ({expression})") : Sql.Of($"({expression})");

    /// <summary>In any of them, or in none.</summary>
    private static Sql Saved(SavedNode node, SegmentContext context, bool negated) =>
        Compile(new GroupNode(IsAll: false, [.. node.Contents.Select(c => c.Root)]), context, negated);

    private static IEnumerable<Sql> Children(GroupNode group, SegmentContext context, bool negated) =>
        group.Children.Select(child => Compile(child, context, negated));
}
