using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;
using Millrace.Segments.Compiling;
using Millrace.Segments.Contracts;
using Millrace.Segments.Tree;
using Npgsql;

namespace Millrace.Segments.Explaining;

/// <summary>Asks every leaf of a tree about many contacts, in one statement: does it hold, and what was found? Saved segments answer as a whole.</summary>
internal static class TreeFindings
{
    public static async Task<Dictionary<long, LeafFinding[]>> OfAsync(
        NpgsqlTransaction transaction, SegmentContext context, ConditionNode root, long[] contactIds, CancellationToken cancellationToken)
    {
        var leaves = root.Leaves().ToList();
        if (leaves.Count == 0 || contactIds.Length == 0)
        {
            return [];
        }

        var holds = leaves.Select(leaf => TreeCompiler.Compile(leaf, context));
        var found = leaves.Select(leaf => Found(leaf, context) is { IsEmpty: false } sql ? Sql.Of($"left(({sql})::text, {LeafFinding.MaxFound})") : Sql.Of($"null"));
        var rows = await Sql.Of($"""
            select c.id, array[{Sql.Join(", ", holds)}]::boolean[], array[{Sql.Join(", ", found)}]::text[]
            from contacts.contact c where c.account_id = {context.AccountId} and c.id = any ({contactIds})
            """).ListAsync<Row>(transaction, cancellationToken);
        return rows.ToDictionary(r => r.Id, r => r.Holds.Zip(r.Found, (h, f) => new LeafFinding(h, f)).ToArray());
    }

    /// <summary>What a contact has that a leaf asks for; empty where nothing can be shown.</summary>
    internal static Sql Found(LeafNode leaf, SegmentContext context) => leaf switch
    {
        StateNode state => state.Condition.Found(state.Leaf, context),
        ActivityNode activity => ActivityCompiler.Found(activity, context),
        SameNode same => SameCompiler.Found(same, context),
        _ => Sql.Empty,
    };

    private sealed record Row(long Id, bool[] Holds, string?[] Found);
}
