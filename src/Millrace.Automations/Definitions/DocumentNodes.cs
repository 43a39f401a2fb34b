using System.Globalization;
using System.Text.Json.Nodes;
using Millrace.Kernel.Extensibility;

namespace Millrace.Automations.Definitions;

/// <summary>The triggers and steps of a document as it is being changed, wherever they stand.</summary>
internal sealed class DocumentNodes(Catalogue<AutomationTrigger> triggers, Catalogue<AutomationAction> actions)
{
    private const int MaxDepth = 24;

    /// <summary>Each trigger and step with its JSON pointer and the shape of its settings (null: type unknown).</summary>
    public IEnumerable<DocumentNode> All(JsonObject document)
    {
        foreach (var (trigger, pointer) in Items(document["triggers"], "/triggers"))
        {
            yield return new DocumentNode(trigger, pointer, triggers.Find(TypeOf(trigger))?.SettingsType, IsTrigger: true, []);
        }

        foreach (var step in Steps(document["steps"], "/steps", 0))
        {
            yield return step;
        }
    }

    /// <summary>Each condition tree with the object and the key it stands under, and the trigger or step it belongs to (null: the whole).</summary>
    public IEnumerable<(JsonObject Owner, string Key, string Pointer, DocumentNode? Node)> Trees(JsonObject document)
    {
        foreach (var node in All(document))
        {
            var keys = node.IsTrigger ? ["where"]
                : node.SettingsType is null ? [] : SettingsShape.Of(node.SettingsType).Members.Where(m => m.IsConditions).Select(m => m.Key);
            foreach (var key in keys.Where(k => node.Json[k] is JsonObject))
            {
                yield return (node.Json, key, $"{node.Pointer}/{key}", node);
            }
        }

        if (document[FlowReader.ExitKey] is JsonObject)
        {
            yield return (document, FlowReader.ExitKey, $"/{FlowReader.ExitKey}", null);
        }
    }

    /// <summary>Makes up an id where one is absent, from the type and a number that is not taken.</summary>
    public void FillIds(JsonObject document)
    {
        var taken = All(document).Select(n => IdOf(n.Json)).OfType<string>().ToHashSet(StringComparer.Ordinal);
        foreach (var node in All(document).Where(n => !n.Json.ContainsKey("id")).ToList())
        {
            var stem = node.IsTrigger ? "trigger" : TypeOf(node.Json).Split('.') is [.., { Length: > 0 } last] && last.All(char.IsAsciiLetterOrDigit) ? last : "step";
            node.Json.Insert(0, "id", Free(stem, taken));
        }

        var notes = Items(document["notes"], "/notes").Select(n => n.Json).ToList();
        taken = [.. notes.Select(IdOf).OfType<string>()];
        foreach (var note in notes.Where(n => !n.ContainsKey("id")))
        {
            note.Insert(0, "id", Free("note", taken));
        }
    }

    /// <summary>Takes out what publishing has put in.</summary>
    public void RemoveHidden(JsonObject document)
    {
        foreach (var node in All(document).Where(n => n.SettingsType is not null).ToList())
        {
            foreach (var hidden in SettingsShape.Of(node.SettingsType!).Members.Where(m => m.IsHidden))
            {
                node.Json.Remove(hidden.Key);
            }
        }
    }

    private static string Free(string stem, HashSet<string> taken)
    {
        for (var number = 1; ; number++)
        {
            var id = string.Create(CultureInfo.InvariantCulture, $"{stem}{number}");
            if (taken.Add(id))
            {
                return id;
            }
        }
    }

    private IEnumerable<DocumentNode> Steps(JsonNode? list, string at, int depth)
    {
        if (depth > MaxDepth)
        {
            yield break;
        }

        foreach (var (step, pointer) in Items(list, at))
        {
            var action = actions.Find(TypeOf(step));
            yield return new DocumentNode(step, pointer, action?.SettingsType, IsTrigger: false, action?.Branches ?? []);
            foreach (var inner in (action?.Branches ?? []).SelectMany(b => Steps(step[b], $"{pointer}/{b}", depth + 1)))
            {
                yield return inner;
            }
        }
    }

    private static IEnumerable<(JsonObject Json, string Pointer)> Items(JsonNode? list, string at) => list is JsonArray array
        ? array.Select((item, i) => (Json: item as JsonObject, Pointer: $"{at}/{i}")).Where(i => i.Json is not null).Select(i => (i.Json!, i.Pointer))
        : [];

    private static string TypeOf(JsonObject node) => node["type"] is JsonValue value && value.TryGetValue<string>(out var type) ? type : string.Empty;

    private static string? IdOf(JsonObject node) => node["id"] is JsonValue value && value.TryGetValue<string>(out var id) ? id : null;
}

/// <summary>A trigger or a step of a document.</summary>
internal sealed record DocumentNode(JsonObject Json, string Pointer, Type? SettingsType, bool IsTrigger, IReadOnlyList<string> Branches);
