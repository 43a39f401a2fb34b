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

    private static IEnumerable<TreeReference> Of(LeafNode leaf) => leaf switch
    {
        StateNode state => Of(state),
        ActivityNode activity => Of(activity.Question, activity.Pointer),
        _ => [],
    };

    private static IEnumerable<TreeReference> Of(StateNode node)
    {
        if (node.Condition.Argument is { } family)
        {
            yield return new(family, node.Leaf.Argument, node.Pointer.Down("field"));
        }

        if (node.Condition.Source is { } source)
        {
            foreach (var (index, id) in node.Leaf.Value.Ids.Index())
            {
                yield return new(source, id, At(node.Pointer.Down("value"), node.Leaf.Value.Ids, index));
            }
        }
    }

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
