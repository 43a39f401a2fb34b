using System.Text.Json;
using Millrace.Segments.Tree;

namespace Millrace.Segments.Contracts;

/// <summary>A checked condition tree in its stored form (ids, not names). Made by <see cref="IConditions.Parse"/>; immutable, so it can be kept and shared.</summary>
public sealed class ConditionTree
{
    internal ConditionTree(ConditionNode root, JsonElement json)
    {
        Root = root;
        Json = json;
    }

    internal ConditionNode Root { get; }

    /// <summary>What is stored.</summary>
    public JsonElement Json { get; }

    /// <summary>Whether it asks nothing, so that everybody matches.</summary>
    public bool IsEmpty => Root is GroupNode { IsAll: true, Children.Count: 0 };
}
