using Millrace.Kernel.Extensibility;
using Millrace.Segments.Contracts;
using Millrace.Segments.Happened;
using Millrace.Segments.Parsing;
using Millrace.Segments.Tree;

namespace Millrace.Segments.Naming;

/// <summary>What a checked tree points to.</summary>
internal static class TreeReferences
{
    public const string Automation = "automation";

    public static IReadOnlyList<TreeReference> Of(ConditionNode root) =>
        [.. root.Leaves().SelectMany(Of).DistinctBy(r => (r.Source, r.Id))];

    /// <summary>Those in the trees of saved segments as well.</summary>
    public static IReadOnlyList<TreeReference> OfAll(ConditionNode root) => [.. root.Leaves()
        .SelectMany(leaf => leaf is SavedNode saved ? Of(saved.Named).Concat(saved.Contents.SelectMany(c => OfAll(c.Root))) : Of(leaf))
        .DistinctBy(r => (r.Source, r.Id))];

    private static IEnumerable<TreeReference> Of(LeafNode leaf) => leaf switch
    {
        StateNode state => Of(state),
        ActivityNode activity => Of(activity.Question, activity.Pointer),
        SavedNode saved => Of(saved.Named),
        SameNode same => same.Where.Leaves().SelectMany(Of),
        MemberNode { Member.Source: { } source } member => Of(source, member.Leaf),
        _ => [],
    };

    private static IEnumerable<TreeReference> Of(StateNode node)
    {
        if (node.Condition.Argument is { } family)
        {
            yield return new(family, node.Leaf.Argument, node.Pointer.Down("field"));
        }

        foreach (var reference in node.Condition.Source is { } source ? Of(source, node.Leaf) : [])
        {
            yield return reference;
        }
    }

    private static IEnumerable<TreeReference> Of(string source, ConditionLeaf leaf) =>
        leaf.Value.Ids.Index().Select(id => new TreeReference(source, id.Item, At(leaf.Pointer.Down("value"), leaf.Value.Ids, id.Index)));

    private static IEnumerable<TreeReference> Of(ActivityQuestion question, string pointer)
    {
        if (question.AutomationId is { } automation)
        {
            yield return new(Automation, automation, pointer.Down(Automation));
        }

        foreach (var filter in question.Filters.Where(f => f.Member.Source is not null))
        {
            foreach (var id in filter.Value.Ids)
            {
                yield return new(filter.Member.Source!, id, pointer.Down(filter.Member.Key));
            }
        }
    }

    private static string At(string pointer, IReadOnlyList<long> ids, int index) => ids.Count == 1 ? pointer : pointer.Down(index);
}
