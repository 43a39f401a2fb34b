using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;
using Millrace.Segments.Tree;

namespace Millrace.Segments.Compiling;

/// <summary>
/// The statement that counts all contacts of an account for whom a tree holds. Conditions that can name their contacts (<see cref="SegmentCondition.Members"/>)
/// are joined, so that the planner may begin with the smallest of them; the contacts themselves are read only where something of theirs is asked for.
/// Rows of the log name a contact more than once. They are made one at the very top: a <c>distinct</c> inside would keep the planner from sharing the work
/// among processes, for row-level security gives every inner query a plan of its own.
/// </summary>
internal static class CountCompiler
{
    private static readonly Sql[] Aliases = [Sql.Of($"m0"), Sql.Of($"m1"), Sql.Of($"m2"), Sql.Of($"m3"), Sql.Of($"m4"), Sql.Of($"m5")];

    /// <summary>A select of <c>contact_id</c>.</summary>
    /// <param name="Once">Each contact comes once.</param>
    private sealed record Members(Sql Rows, bool Once);

    /// <summary>One row of one number.</summary>
    public static Sql Compile(ConditionNode root, SegmentContext context) => SetOf(root, context) switch
    {
        { Once: true } set => Sql.Of($"select count(*) from ({set.Rows}) s"),
        // An index gives them nearly in order, which makes the sort short.
        { } set when root is StateNode => Sql.Of($"select count(distinct s.contact_id) from ({set.Rows}) s"),
        { } set => MaskCompiler.Count(MaskCompiler.Of(set.Rows)),
        null => Sql.Of($"select count(*) from contacts.contact c{Joined(root, context)}"),
    };

    /// <summary>Those that <see cref="Compile"/> counts, as bits; null where the contacts themselves have to be read.</summary>
    public static Sql? Mask(ConditionNode root, SegmentContext context) => SetOf(root, context) is { } set ? MaskCompiler.Of(set.Rows) : null;

    /// <summary>The highest ids of those that <see cref="Compile"/> counts; null where the contacts themselves have to be read.</summary>
    public static Sql? Newest(ConditionNode root, SegmentContext context, int limit) => SetOf(root, context) is { } set
        // Found first and ordered then: told of the limit, the planner would walk down all contacts in the hope of meeting one soon.
        ? Sql.Of($"select contact_id from (select distinct s.contact_id from ({set.Rows}) s offset 0) n order by contact_id desc limit {limit}")
        : null;

    /// <summary>Those for whom the node holds; null where the contacts themselves have to be read.</summary>
    private static Members? SetOf(ConditionNode node, SegmentContext context) => node switch
    {
        StateNode { Negated: false } leaf => leaf.Condition.Members(leaf.Leaf, context) is { } rows ? new(rows, leaf.Condition.NamesEachOnce(leaf.Leaf)) : null,
        ActivityNode leaf => ActivityCompiler.Members(leaf, context) is { } rows ? new(rows, Once: false) : null,
        GroupNode { Children: [var only] } => SetOf(only, context),
        GroupNode { IsAll: false, Children.Count: > 1 } any => Union(any, context),
        GroupNode { IsAll: true, Children.Count: > 1 } all => Intersection(all, context),
        SavedNode { Named.Negated: false, Contents: [var only] } => SetOf(only.Root, context),
        _ => null,
    };

    private static Members? Union(GroupNode any, SegmentContext context)
    {
        var sets = any.Children.Select(child => SetOf(child, context)).ToList();
        return sets.Contains(null) ? null : new(Sql.Join(" union ", sets.OfType<Members>().Select(s => Sql.Of($"({s.Rows})"))), Once: true);
    }

    /// <summary>The first set stands for the contact: only where all else asks for nothing but its number.</summary>
    private static Members? Intersection(GroupNode all, SegmentContext context)
    {
        var (sets, others) = Split(all, context, mayBegin: true);
        if (sets.Count == 0)
        {
            return null;
        }

        var rest = others.ConvertAll(o => TreeCompiler.Compile(o, context));
        if (rest.Exists(ReadsContact))
        {
            return null;
        }

        var joins = Joins(sets.Skip(1));
        var where = rest.Count == 0 ? Sql.Empty : Sql.Of($" where {Sql.Join(" and ", rest)}");
        return new(Sql.Of($"select c.id as contact_id from (select contact_id as id from ({sets[0].Rows}) f) c{joins}{where}"), sets[0].Once);
    }

    private static Sql Joined(ConditionNode root, SegmentContext context)
    {
        var (sets, others) = Split(root is GroupNode { IsAll: true } all ? all : new GroupNode(IsAll: true, [root]), context, mayBegin: false);
        var rest = others.Select(o => TreeCompiler.Compile(o, context)).Prepend(Sql.Of($"c.account_id = {context.AccountId}"));
        return Sql.Of($"{Joins(sets)} where {Sql.Join(" and ", rest)}");
    }

    /// <summary>Joined are sets in which each contact comes once; the others are semi-joins.</summary>
    /// <param name="mayBegin">Where there is no such set, the first of the others takes the first place.</param>
    private static (List<Members> Sets, List<ConditionNode> Others) Split(GroupNode all, SegmentContext context, bool mayBegin)
    {
        var (sets, others) = (new List<Members>(), new List<ConditionNode>());
        (Members Set, ConditionNode Node)? many = null;
        foreach (var child in all.Children)
        {
            switch (SetOf(child, context))
            {
                case { Once: true } set when sets.Count < Aliases.Length:
                    sets.Add(set);
                    break;
                case { Once: false } set when mayBegin && many is null:
                    many = (set, child);
                    break;
                default:
                    others.Add(child);
                    break;
            }
        }

        if (many is var (first, node))
        {
            if (sets.Count == 0)
            {
                sets.Add(first);
            }
            else
            {
                others.Add(node);
            }
        }

        return (sets, others);
    }

    private static Sql Joins(IEnumerable<Members> sets) =>
        Sql.Join("", sets.Select((set, i) => Sql.Of($" join ({set.Rows}) {Aliases[i]} on {Aliases[i]}.contact_id = c.id")));

    private static bool ReadsContact(Sql sql)
    {
        var text = sql.ToString();
        for (var at = text.IndexOf("c.", StringComparison.Ordinal); at >= 0; at = text.IndexOf("c.", at + 2, StringComparison.Ordinal))
        {
            var isAlias = at == 0 || !(char.IsAsciiLetterOrDigit(text[at - 1]) || text[at - 1] is '_' or '.');
            var isId = text.AsSpan(at + 2).StartsWith("id", StringComparison.Ordinal) && (at + 4 >= text.Length || !(char.IsAsciiLetterOrDigit(text[at + 4]) || text[at + 4] == '_'));
            if (isAlias && !isId)
            {
                return true;
            }
        }

        return false;
    }
}
