using System.Text.Json.Nodes;
using Millrace.Kernel.Extensibility;
using Millrace.Segments.Happened;
using Millrace.Segments.Parsing;

namespace Millrace.Segments.Naming;

/// <summary>A place in a tree's JSON where a thing is named, by name (documents) or by id (stored).</summary>
/// <param name="Optional">The same place also takes a plain text, so a name nobody knows is no mistake.</param>
internal sealed record NameSlot(string Source, string Pointer, string? Name, long? Id, bool Optional, Action<long> SetId, Action<string> SetName);

/// <summary>Finds the places where things are named. Lenient: what it does not understand it passes over.</summary>
internal sealed class NameSlots(Catalogue<SegmentCondition> conditions, ActivityShapes shapes, Catalogue<RecordSet> records)
{
    private static readonly string[] Groups = ["all", "any"];

    /// <param name="byId">The tree is in its stored form.</param>
    public IEnumerable<NameSlot> Find(JsonNode? node, string pointer, bool byId)
    {
        if (node is not JsonObject tree)
        {
            return [];
        }

        var inner = Groups.Where(tree.ContainsKey).SelectMany(kind => tree[kind] is JsonArray list
            ? list.Index().SelectMany(child => Find(child.Item, pointer.Down(kind).Down(child.Index), byId))
            : []);
        return inner
            .Concat(Find(tree["not"], pointer.Down("not"), byId))
            .Concat(tree.ContainsKey("activity") ? Activity(tree, pointer) : State(tree, pointer, byId));
    }

    private List<NameSlot> State(JsonObject leaf, string pointer, bool byId)
    {
        var slots = new List<NameSlot>();
        if (Text(leaf["field"]) is not { } key)
        {
            return slots;
        }

        if (key.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot && records.Find(key[..dot])?.Find(key) is { } member)
        {
            return member.Source is null ? slots : Values(leaf, "value", member.Source, pointer.Down("value"), optional: false);
        }

        var (name, argument) = FieldKey.Split(key);
        if (conditions.Find(name) is not { } condition)
        {
            return slots;
        }

        if (condition.Argument is { } family && argument is not null)
        {
            long? id = byId && FieldKey.TryId(argument, out var known) ? known : null;
            slots.Add(new NameSlot(
                family, pointer.Down("field"), byId ? null : argument, id, Optional: false,
                found => leaf["field"] = FieldKey.Join(name, found), found => leaf["field"] = $"{name}:{found}"));
        }

        if (condition.Source is { } source)
        {
            slots.AddRange(Values(leaf, "value", source, pointer.Down("value"), optional: false));
        }

        return slots;
    }

    private List<NameSlot> Activity(JsonObject leaf, string pointer)
    {
        var slots = new List<NameSlot>();
        if (Text(leaf["activity"]) is not { } kind || shapes.Find(kind) is not { } shape)
        {
            return slots;
        }

        slots.AddRange(Values(leaf, TreeReferences.Automation, TreeReferences.Automation, pointer.Down(TreeReferences.Automation), optional: false));
        foreach (var member in shape.Members.Where(m => m.Source is not null))
        {
            var optional = shape.Members.Count(m => string.Equals(m.Key, member.Key, StringComparison.Ordinal)) > 1;
            slots.AddRange(leaf[member.Key] is JsonObject operand
                ? Values(operand, "value", member.Source!, pointer.Down(member.Key).Down("value"), optional)
                : Values(leaf, member.Key, member.Source!, pointer.Down(member.Key), optional));
        }

        return slots;
    }

    /// <summary>One name or id, or a list of them.</summary>
    private static List<NameSlot> Values(JsonObject owner, string key, string source, string pointer, bool optional)
    {
        if (owner[key] is JsonArray list)
        {
            return list.Index().Select(item => Slot(item.Item, pointer.Down(item.Index), source, optional, made => list[item.Index] = made)).OfType<NameSlot>().ToList();
        }

        return Slot(owner[key], pointer, source, optional, made => owner[key] = made) is { } slot ? [slot] : [];
    }

    private static NameSlot? Slot(JsonNode? node, string pointer, string source, bool optional, Action<JsonValue> set)
    {
        var name = Text(node);
        long? id = node is JsonValue value && name is null && value.TryGetValue(out long number) ? number : null;
        return name is null && id is null
            ? null
            : new NameSlot(source, pointer, name, id, optional, found => set(JsonValue.Create(found)), found => set(JsonValue.Create(found)!));
    }

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : null;
}
