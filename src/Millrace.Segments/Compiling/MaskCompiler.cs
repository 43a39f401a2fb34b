using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;
using Millrace.Segments.Tree;

namespace Millrace.Segments.Compiling;

/// <summary>
/// Sets of contacts as bits: rows of a block <c>b</c> of 64 contacts, which are close to each other where they came in together, and the bits <c>m</c> of those
/// in it. Each condition is read once, by all processes together, into a few thousand numbers; <c>and</c>, <c>or</c> and <c>not</c> of millions
/// are then joins of these.
/// </summary>
internal static class MaskCompiler
{
    /// <summary>More than this many conditions are asked one contact after the other.</summary>
    private const int MostLeaves = 16;

    /// <param name="Mask">A select of b, m.</param>
    /// <param name="IsRest">Everybody else is meant.</param>
    private sealed record Bits(Sql Mask, bool IsRest);

    /// <summary>The set of a tree, and how its conditions are read.</summary>
    /// <param name="Mask">A select of b, m; contacts that are gone are not among them.</param>
    /// <param name="Reads">All that is read for it, as one select.</param>
    public sealed record Masked(Sql Mask, Sql Reads);

    /// <summary>Null where a condition cannot name its contacts, or where those are meant for whom nothing holds.</summary>
    public static Masked? Compile(ConditionNode root, SegmentContext context)
    {
        var reads = new List<Sql>();
        return BitsOf(root, context, reads) is { IsRest: false } bits && reads.Count <= MostLeaves
            ? new(WithoutDeleted(bits.Mask, context), Sql.Join(" union all ", reads.Select(r => Sql.Of($"({r})"))))
            : null;
    }

    /// <summary>Rows of <c>contact_id</c>, each as often as it likes, as bits.</summary>
    public static Sql Of(Sql rows) => Sql.Of($"select r.contact_id >> 6 as b, bit_or(1::bigint << (r.contact_id & 63)::int) as m from ({rows}) r group by 1");

    /// <summary>How many there are.</summary>
    public static Sql Count(Sql mask) => Sql.Of($"select coalesce(sum(bit_count(s.m::bit(64))), 0)::bigint from ({mask}) s");

    /// <summary>How many there are, and the highest ids.</summary>
    public static Sql CountAndNewest(Sql mask, int limit) => Sql.Of($"""
        with s as materialized ({mask}),
             newest as (select s.b, s.m from s where s.m <> 0 order by s.b desc limit {limit})
        select (select coalesce(sum(bit_count(s.m::bit(64))), 0)::bigint from s),
               array(select n.b * 64 + i from newest n, generate_series(0, 63) i where (n.m >> i) & 1 = 1 order by 1 desc limit {limit})
        """);

    /// <summary>Nor is nobody, to whom the log ascribes what no contact did: to leave one number out here costs nothing, to look at every row for it does.</summary>
    private static Sql WithoutDeleted(Sql mask, SegmentContext context) =>
        Without(mask, Of(Sql.Of($"select contact_id from contacts.deleted_contact where account_id = {context.AccountId} union all select 0")));

    private static Bits? BitsOf(ConditionNode node, SegmentContext context, List<Sql> reads) => node switch
    {
        StateNode leaf => leaf.Condition.Members(leaf.Leaf, context) is { } rows ? Read(rows, leaf.Negated, reads) : null,
        ActivityNode leaf => ActivityCompiler.Rows(leaf, context) is var (rows, negated) ? Read(rows, negated, reads) : null,
        NotNode not => Rest(BitsOf(not.Child, context, reads)),
        SavedNode saved when saved.Named.Negated => Rest(Any([.. saved.Contents.Select(c => BitsOf(c.Root, context, reads))])),
        SavedNode saved => Any([.. saved.Contents.Select(c => BitsOf(c.Root, context, reads))]),
        GroupNode { IsAll: true } all => All([.. all.Children.Select(c => BitsOf(c, context, reads))]),
        GroupNode any => Any([.. any.Children.Select(c => BitsOf(c, context, reads))]),
        _ => null,
    };

    private static Bits Read(Sql rows, bool isRest, List<Sql> reads)
    {
        reads.Add(rows);
        return new(Of(rows), isRest);
    }

    private static Bits? Rest(Bits? bits) => bits is null ? null : bits with { IsRest = !bits.IsRest };

    /// <summary>All but those who are outside of one of them.</summary>
    private static Bits? Any(List<Bits?> parts) => Rest(All(parts.ConvertAll(Rest)));

    private static Bits? All(List<Bits?> parts)
    {
        if (parts.Count == 0 || parts.Contains(null))
        {
            return null;
        }

        var (within, without) = (parts.OfType<Bits>().Where(p => !p.IsRest).ToList(), parts.OfType<Bits>().Where(p => p.IsRest).ToList());
        // Outside of all of them: the rest of their union.
        return within.Count == 0
            ? new(without.Select(p => p.Mask).Aggregate(Union), IsRest: true)
            : new(without.Select(p => p.Mask).Aggregate(within.Select(p => p.Mask).Aggregate(Common), Without), IsRest: false);
    }

    private static Sql Union(Sql some, Sql others) => Sql.Of($"""
        select coalesce(x.b, y.b) as b, coalesce(x.m, 0) | coalesce(y.m, 0) as m from ({some}) x full join ({others}) y on y.b = x.b
        """);

    private static Sql Common(Sql some, Sql others) => Sql.Of($"select x.b, x.m & y.m as m from ({some}) x join ({others}) y on y.b = x.b");

    private static Sql Without(Sql some, Sql others) => Sql.Of($"select x.b, x.m & ~coalesce(y.m, 0) as m from ({some}) x left join ({others}) y on y.b = x.b");
}
