using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;
using Millrace.Segments.Tree;

namespace Millrace.Segments.Compiling;

/// <summary>
/// The statement that counts all contacts of an account for whom a tree holds. Conditions that can name their contacts (<see cref="SegmentCondition.Members"/>)
/// are joined, so that the planner may begin with the smallest of them; the contacts themselves are read only where something of theirs is asked for.
/// </summary>
internal static class CountCompiler
{
    private static readonly Sql[] Aliases = [Sql.Of($"m0"), Sql.Of($"m1"), Sql.Of($"m2"), Sql.Of($"m3"), Sql.Of($"m4"), Sql.Of($"m5")];

    public static Sql Compile(ConditionNode root, SegmentContext context) => SetOf(root, context) is { } set
        ? Sql.Of($"select count(*) from ({set}) s")
        : Sql.Of($"select count(*) from contacts.contact c{Joined(root, context)}");

    /// <summary><c>contact_id</c> of those for whom the node holds, each once; null where the contacts themselves have to be read.</summary>
    private static Sql? SetOf(ConditionNode node, SegmentContext context) => node switch
    {
        StateNode { Negated: false } leaf => leaf.Condition.Members(leaf.Leaf, context),
        GroupNode { Children: [var only] } => SetOf(only, context),
        GroupNode { IsAll: false, Children.Count: > 1 } any => Union(any, context),
        GroupNode { IsAll: true, Children.Count: > 1 } all => Intersection(all, context),
        SavedNode { Named.Negated: false, Contents: [var only] } => SetOf(only.Root, context),
        _ => null,
    };

    private static Sql? Union(GroupNode any, SegmentContext context)
    {
        var sets = any.Children.Select(child => SetOf(child, context)).ToList();
        return sets.Contains(null) ? null : Sql.Join(" union ", sets.OfType<Sql>().Select(s => Sql.Of($"({s})")));
    }

    /// <summary>The first set stands for the contact: only where all else asks for nothing but its number.</summary>
    private static Sql? Intersection(GroupNode all, SegmentContext context)
    {
        var (sets, others) = Split(all, context);
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
        return Sql.Of($"select c.id as contact_id from (select contact_id as id from ({sets[0]}) f) c{joins}{where}");
    }

    private static Sql Joined(ConditionNode root, SegmentContext context)
    {
        var (sets, others) = Split(root is GroupNode { IsAll: true } all ? all : new GroupNode(IsAll: true, [root]), context);
        var rest = others.Select(o => TreeCompiler.Compile(o, context)).Prepend(Sql.Of($"c.account_id = {context.AccountId}"));
        return Sql.Of($"{Joins(sets)} where {Sql.Join(" and ", rest)}");
    }

    private static (List<Sql> Sets, List<ConditionNode> Others) Split(GroupNode all, SegmentContext context)
    {
        var (sets, others) = (new List<Sql>(), new List<ConditionNode>());
        foreach (var child in all.Children)
        {
            if (sets.Count <= Aliases.Length && SetOf(child, context) is { } set)
            {
                sets.Add(set);
            }
            else
            {
                others.Add(child);
            }
        }

        return (sets, others);
    }

    private static Sql Joins(IEnumerable<Sql> sets) =>
        Sql.Join("", sets.Take(Aliases.Length).Select((set, i) => Sql.Of($" join ({set}) {Aliases[i]} on {Aliases[i]}.contact_id = c.id")));

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
