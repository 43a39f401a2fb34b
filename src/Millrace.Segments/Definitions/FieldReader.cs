using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Millrace.Segments.Parsing;

namespace Millrace.Segments.Definitions;

/// <summary>Turns one field of a condition into a leaf of a tree.</summary>
internal sealed class FieldReader(TreeErrors errors, string pointer)
{
    /// <summary>Operators of tags; the opposite of one is written with <c>!</c>.</summary>
    private static readonly Dictionary<string, string> TagOps = new(StringComparer.Ordinal)
    {
        ["="] = "has_any",
        ["is"] = "has_any",
        ["is in any"] = "has_any",
        ["any"] = "has_any",
        ["all"] = "has_all",
        ["!="] = "has_none",
        ["is not"] = "has_none",
        ["none"] = "has_none",
        ["missing at least one"] = "!has_all",
    };

    private static readonly Dictionary<string, string> ContactOps = new(StringComparer.Ordinal)
    {
        ["="] = "is",
        ["is"] = "is",
        ["is in any"] = "is",
        ["!="] = "is_not",
        ["is not"] = "is_not",
        ["<"] = "lt",
        [">"] = "gt",
        ["<="] = "lte",
        [">="] = "gte",
        ["between"] = "between",
        ["not between"] = "!between",
        ["contains"] = "contains",
        ["does not contain"] = "not_contains",
        ["starts with"] = "starts_with",
        ["does not start with"] = "!starts_with",
        ["empty"] = "blank",
        ["not empty"] = "not_blank",
        ["any"] = "has_any",
        ["all"] = "has_all",
        ["none"] = "has_none",
    };

    /// <summary>Names of the original for conditions of ours.</summary>
    private static readonly Dictionary<string, string> ContactNames = new(StringComparer.Ordinal)
    {
        ["firstName"] = "first_name",
        ["lastName"] = "last_name",
        ["cdate"] = "created",
        ["udate"] = "updated",
    };

    public Part? Read(string objectType, JsonElement field)
    {
        var (name, op) = (DefinitionReader.Text(field, "name"), DefinitionReader.Text(field, "operator"));
        if (name is null || (objectType == "tag" && name != "tagid"))
        {
            errors.Add(pointer.Down("name"), objectType == "tag" ? "The field of a tag is tagid." : "This must be the name of a condition.");
            return null;
        }

        var isTag = objectType == "tag";
        var orEmpty = !isTag && op is not null && op.StartsWith("empty|", StringComparison.Ordinal);
        var known = isTag ? TagOps : ContactOps;
        if (op is null || !known.TryGetValue(orEmpty ? op["empty|".Length..] : op, out var ours))
        {
            errors.Add(pointer.Down("operator"), $"This must be one of: {string.Join(", ", known.Keys)}.");
            return null;
        }

        var key = isTag ? "tag" : ContactNames.GetValueOrDefault(name, name);
        var value = ours is "blank" or "not_blank" ? null : Value(field, isTag);
        var leaf = Leaf(key, ours.TrimStart('!'), value);
        leaf = ours.StartsWith('!') ? leaf.Not() : leaf;
        return orEmpty ? Part.Join(isAll: false, [Leaf(key, "blank", value: null), leaf]) : leaf;
    }

    private Part Leaf(string key, string op, JsonNode? value)
    {
        var leaf = new JsonObject { ["field"] = key, ["op"] = op };
        if (value is not null)
        {
            leaf["value"] = value;
        }

        return new Part(leaf, [(string.Empty, pointer), ("/field", pointer.Down("name")), ("/op", pointer.Down("operator")), ("/value", pointer.Down("value"))]);
    }

    /// <summary>The value as the tree takes it: numbers that came as texts, and tags one after the other in one text.</summary>
    private static JsonNode? Value(JsonElement field, bool isTag)
    {
        if (!field.TryGetProperty("value", out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        var numeric = isTag || DefinitionReader.Text(field, "data_type") is "number" or "decimal";
        if (!numeric)
        {
            return DefinitionReader.Node(value);
        }

        return value.ValueKind switch
        {
            JsonValueKind.Array => new JsonArray([.. value.EnumerateArray().Select(Number)]),
            JsonValueKind.String when value.GetString()!.Split(',') is { Length: > 1 } several => new JsonArray([.. several.Select(s => (JsonNode?)Number(s.Trim()))]),
            _ => Number(value),
        };
    }

    private static JsonNode? Number(JsonElement value) => value.ValueKind == JsonValueKind.String ? Number(value.GetString()!) : DefinitionReader.Node(value);

    private static JsonValue? Number(string text) => decimal.TryParse(text, NumberStyles.Number & ~NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out var number)
        ? JsonValue.Create(number)
        : JsonValue.Create(text);
}
