using Millrace.Segments.Tree;

namespace Millrace.Segments.Saved;

/// <summary>A saved segment as far as other trees need it.</summary>
/// <param name="Root">Null when the tree can no longer be read: then nobody is in it.</param>
internal sealed record KnownSegment(long Id, string Name, ConditionNode? Root)
{
    /// <summary>The segments it names itself.</summary>
    public IReadOnlyList<long> Uses { get; } = Root is null ? [] : [.. SegmentsOf(Root).Distinct()];

    /// <summary>How many conditions it has, without those of other segments.</summary>
    public int Leaves { get; } = Root?.Leaves().Count() ?? 0;

    public static IEnumerable<long> SegmentsOf(ConditionNode root) =>
        root.Leaves().OfType<StateNode>().Where(s => s.Condition is SavedSegmentCondition).SelectMany(s => s.Leaf.Value.Ids);
}

/// <summary>All saved segments of an account, and what follows from their naming each other.</summary>
internal sealed class AccountSegments(long stamp, IEnumerable<KnownSegment> segments)
{
    /// <summary>Segments within segments, and conditions in all of them together, that one tree may come to.</summary>
    public const int MaxNesting = 10;
    public const int MaxLeaves = 1_000;

    private readonly Dictionary<long, KnownSegment> _byId = segments.ToDictionary(s => s.Id);

    public long Stamp { get; } = stamp;

    public int Count => _byId.Count;

    public IEnumerable<KnownSegment> All => _byId.Values.OrderBy(s => s.Name, StringComparer.OrdinalIgnoreCase);

    public KnownSegment? Find(long id) => _byId.GetValueOrDefault(id);

    /// <summary>The same segments with one put in or replaced.</summary>
    public AccountSegments With(KnownSegment segment) => new(Stamp, _byId.Values.Where(s => s.Id != segment.Id).Append(segment));

    /// <summary>The segments that name this one, directly or through others.</summary>
    public IReadOnlyList<KnownSegment> Dependents(long id)
    {
        var users = _byId.Values.SelectMany(s => s.Uses.Select(used => (used, s))).ToLookup(p => p.used, p => p.s);
        var found = new Dictionary<long, KnownSegment>();
        var open = new Stack<long>([id]);
        while (open.TryPop(out var next))
        {
            foreach (var user in users[next].Where(u => u.Id != id && found.TryAdd(u.Id, u)))
            {
                open.Push(user.Id);
            }
        }

        return [.. found.Values.OrderBy(s => s.Name, StringComparer.OrdinalIgnoreCase)];
    }

    /// <summary>The way from the segment back to itself, by names; null when there is none.</summary>
    public IReadOnlyList<string>? Circle(KnownSegment start)
    {
        var path = new List<KnownSegment>();
        var done = new HashSet<long>();
        return Leads(start) ? [.. path.Select(s => s.Name), start.Name] : null;

        bool Leads(KnownSegment at)
        {
            path.Add(at);
            foreach (var next in at.Uses)
            {
                if (next == start.Id || (done.Add(next) && Find(next) is { } known && Leads(known)))
                {
                    return true;
                }
            }

            path.RemoveAt(path.Count - 1);
            return false;
        }
    }

    /// <summary>How deep segments stand in each other below the given ones, and how many conditions that makes. Only where there is no circle.</summary>
    public (int Nesting, long Leaves) Size(IEnumerable<long> uses)
    {
        var known = new Dictionary<long, (int, long)>();
        return Of(uses);

        (int Nesting, long Leaves) Of(IEnumerable<long> ids)
        {
            var (nesting, leaves) = (0, 0L);
            foreach (var id in ids)
            {
                if (!known.TryGetValue(id, out var size))
                {
                    // Holds the place, should there be a circle after all.
                    known[id] = (0, 0);
                    var (inner, more) = Find(id) is { } segment ? Of(KnownSegment.SegmentsOf(segment.Root ?? Nobody)) : (0, 0);
                    known[id] = size = (inner + 1, Math.Min(int.MaxValue, more + (Find(id)?.Leaves ?? 0)));
                }

                nesting = Math.Max(nesting, size.Item1);
                leaves += size.Item2;
            }

            return (nesting, leaves);
        }
    }

    /// <summary>The tree with the trees of the segments in the place of their names.</summary>
    public ConditionNode Inline(ConditionNode node) => Inline(node, []);

    private static readonly ConditionNode Nobody = new GroupNode(IsAll: false, []);

    private ConditionNode Inline(ConditionNode node, HashSet<long> above) => node switch
    {
        GroupNode group => group with { Children = [.. group.Children.Select(c => Inline(c, above))] },
        NotNode not => new NotNode(Inline(not.Child, above)),
        StateNode { Condition: SavedSegmentCondition } leaf => new SavedNode(leaf, [.. leaf.Leaf.Value.Ids.Distinct().Select(id => Content(id, above))]),
        _ => node,
    };

    private SavedContent Content(long id, HashSet<long> above)
    {
        // A circle cannot be saved; should there be one, it contains nobody rather than never ending.
        if (Find(id) is not { Root: { } root } known || above.Count >= MaxNesting || !above.Add(id))
        {
            return new SavedContent(id, Find(id)?.Name ?? Naming.TreeNames.Deleted(id), Nobody);
        }

        var inner = Inline(root, above);
        above.Remove(id);
        return new SavedContent(id, known.Name, inner);
    }
}
