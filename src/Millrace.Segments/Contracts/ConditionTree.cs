using System.Text.Json;
using Millrace.Segments.Saved;
using Millrace.Segments.Tree;

namespace Millrace.Segments.Contracts;

/// <summary>A checked condition tree in its stored form (ids, not names). Made by <see cref="IConditions.Parse"/>; immutable, so it can be kept and shared.</summary>
public sealed class ConditionTree
{
    internal ConditionTree(ConditionNode root, JsonElement json)
    {
        Root = root;
        Json = json;
        IsResolved = !KnownSegment.SegmentsOf(root).Any();
    }

    internal ConditionNode Root { get; }

    /// <summary>Whether no saved segment is named in it, or their trees stand in the place of their names.</summary>
    internal bool IsResolved { get; private init; }

    internal ConditionTree Resolved(ConditionNode root) => new(root, Json) { IsResolved = true };

    /// <summary>What is stored.</summary>
    public JsonElement Json { get; }

    /// <summary>Whether its meaning depends on saved segments and can change without it; <see cref="IConditions.ResolveAsync"/>.</summary>
    public bool NamesSegments => !IsResolved;

    /// <summary>Whether it asks nothing, so that everybody matches.</summary>
    public bool IsEmpty => Root is GroupNode { IsAll: true, Children.Count: 0 };
}
