using System.Text.Json;
using System.Text.Json.Nodes;
using Millrace.Segments.Parsing;

namespace Millrace.Segments.Definitions;

/// <summary>What the three members are called.</summary>
internal sealed record DefinitionNames(string Conditions, string Groups, string Operator)
{
    public static readonly DefinitionNames Segment = new("segment_conditions", "segment_condition_groups", "segment_condition_group_operator");

    public static readonly DefinitionNames Criteria = new("conditions", "condition_groups", "group_operator");
}

/// <summary>
/// Reads conditions in groups into a tree. A condition is either one of the published form (<c>source_system: activecampaign</c>; <c>tag</c>, and
/// <c>contact</c> with the names of our own conditions), or any part of a tree (<c>source_system: millrace</c>, member <c>tree</c>).
/// What a tree may hold is said by the parser; this here only says what keeps it from becoming one.
/// </summary>
internal sealed class DefinitionReader(string pointer, DefinitionNames names)
{
    private const int MaxConditions = TreeParser.MaxLeaves;

    private readonly TreeErrors _errors = new();

    public Definition Read(JsonElement attributes)
    {
        var conditions = Conditions(attributes);
        var groups = Groups(attributes, conditions);
        var all = IsAll(attributes, names.Operator, pointer);
        _errors.ThrowIfAny();
        var tree = Part.Join(all!.Value, groups);
        var body = new JsonObject
        {
            [DefinitionNames.Segment.Conditions] = Node(attributes.GetProperty(names.Conditions)),
            [DefinitionNames.Segment.Groups] = Node(attributes.GetProperty(names.Groups)),
            [DefinitionNames.Segment.Operator] = all.Value ? "and" : "or",
        };
        return new Definition(Element(body), Element(tree.Node), tree.Places) { Root = pointer };
    }

    /// <summary>By id; null for one that could not be read, which has been said.</summary>
    private Dictionary<string, Part?> Conditions(JsonElement attributes)
    {
        var read = new Dictionary<string, Part?>(StringComparer.Ordinal);
        foreach (var (index, condition) in List(attributes, names.Conditions, pointer).Index())
        {
            var at = pointer.Down(names.Conditions).Down(index);
            if (condition.ValueKind != JsonValueKind.Object)
            {
                _errors.Add(at, "A condition is an object.");
                continue;
            }

            if (Id(condition, at) is { } id && !read.TryAdd(id, Condition(condition, at)))
            {
                _errors.Add(at.Down("id"), "This id stands here twice.");
            }
        }

        return read;
    }

    private List<Part> Groups(JsonElement attributes, Dictionary<string, Part?> conditions)
    {
        var (groups, unused) = (new List<Part>(), conditions.Keys.ToHashSet(StringComparer.Ordinal));
        foreach (var (index, group) in List(attributes, names.Groups, pointer).Index())
        {
            var at = pointer.Down(names.Groups).Down(index);
            if (group.ValueKind != JsonValueKind.Object)
            {
                _errors.Add(at, "A group is an object.");
                continue;
            }

            var (all, members) = (IsAll(group, "operator", at), new List<Part>());
            foreach (var (number, value) in List(group, "values", at).Index())
            {
                var here = at.Down("values").Down(number);
                if (value.ValueKind != JsonValueKind.Object || Text(value, "type") is not (null or "condition"))
                {
                    _errors.Add(here, "A group holds objects of the type condition.");
                }
                else if (Id(value, here) is { } id)
                {
                    unused.Remove(id);
                    if (!conditions.TryGetValue(id, out var part))
                    {
                        _errors.Add(here.Down("id"), "There is no condition of this id.");
                    }
                    else if (part is not null)
                    {
                        members.Add(part);
                    }
                }
            }

            if (all is { } isAll && members.Count > 0)
            {
                groups.Add(Part.Join(isAll, members));
            }
        }

        if (unused.Count > 0)
        {
            _errors.Add(pointer.Down(names.Conditions), $"Each condition has to stand in a group; these do not: {string.Join(", ", unused.Take(10))}.");
        }

        return groups;
    }

    private Part? Condition(JsonElement condition, string at)
    {
        switch (Text(condition, "source_system"))
        {
            case "millrace":
                if (condition.TryGetProperty("tree", out var tree) && tree.ValueKind == JsonValueKind.Object)
                {
                    return new Part(Node(tree)!, [(string.Empty, at.Down("tree"))]);
                }

                _errors.Add(at.Down("tree"), "This must be a condition tree.");
                return null;
            case "activecampaign":
                break;
            default:
                _errors.Add(at.Down("source_system"), "This must be activecampaign, or millrace for a condition tree.");
                return null;
        }

        if (condition.TryGetProperty("field_aggregate", out var aggregate) && aggregate.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined)
            && !(aggregate.ValueKind == JsonValueKind.Object && !aggregate.EnumerateObject().Any()))
        {
            _errors.Add(at.Down("field_aggregate"), "Aggregates are not known here; a condition of the source_system millrace can count activities.");
            return null;
        }

        if (Text(condition, "object_type") is not ("tag" or "contact") and var type)
        {
            _errors.Add(at.Down("object_type"), "This must be tag or contact; all else can be said by a condition of the source_system millrace.");
            return null;
        }

        var fields = new List<Part>();
        foreach (var (index, field) in List(condition, "fields", at).Index())
        {
            var here = at.Down("fields").Down(index);
            if (field.ValueKind != JsonValueKind.Object)
            {
                _errors.Add(here, "A field is an object.");
            }
            else if (new FieldReader(_errors, here).Read(Text(condition, "object_type")!, field) is { } part)
            {
                fields.Add(part);
            }
        }

        return fields.Count == 0 ? null : Part.Join(isAll: true, fields);
    }

    private bool? IsAll(JsonElement element, string member, string at)
    {
        switch (Text(element, member))
        {
            case "and":
                return true;
            case "or":
                return false;
            default:
                _errors.Add(at.Down(member), "This must be and or or.");
                return null;
        }
    }

    private List<JsonElement> List(JsonElement element, string member, string at)
    {
        if (element.TryGetProperty(member, out var list) && list.ValueKind == JsonValueKind.Array && list.GetArrayLength() is > 0 and <= MaxConditions)
        {
            return [.. list.EnumerateArray()];
        }

        _errors.Add(at.Down(member), $"This must be a list of 1 to {MaxConditions}.");
        return [];
    }

    private string? Id(JsonElement element, string at)
    {
        var id = element.TryGetProperty("id", out var given) ? given.ValueKind switch
        {
            JsonValueKind.String => given.GetString(),
            JsonValueKind.Number => given.GetRawText(),
            _ => null,
        } : null;
        if (id is { Length: > 0 and <= 20 } && id.All(char.IsAsciiDigit))
        {
            return id;
        }

        _errors.Add(at.Down("id"), "This must be a number.");
        return null;
    }

    public static string? Text(JsonElement element, string member) =>
        element.TryGetProperty(member, out var given) && given.ValueKind == JsonValueKind.String ? given.GetString() : null;

    public static JsonNode? Node(JsonElement element) => JsonNode.Parse(element.GetRawText());

    private static JsonElement Element(JsonNode node) => JsonElement.Parse(node.ToJsonString());
}

/// <summary>A piece of the tree and where its parts came from.</summary>
internal sealed record Part(JsonNode Node, IReadOnlyList<(string At, string Source)> Places)
{
    /// <summary>One alone needs no group, so that a tree comes out as deep as it went in.</summary>
    public static Part Join(bool isAll, IReadOnlyList<Part> parts)
    {
        if (parts is [var only])
        {
            return only;
        }

        var key = isAll ? "all" : "any";
        return new Part(
            new JsonObject { [key] = new JsonArray([.. parts.Select(p => p.Node.DeepClone())]) },
            [.. parts.Index().SelectMany(p => p.Item.Under(FormattableString.Invariant($"/{key}/{p.Index}")))]);
    }

    public Part Not() => new(new JsonObject { ["not"] = Node }, [.. Under("/not")]);

    private IEnumerable<(string At, string Source)> Under(string above) => Places.Select(p => (above + p.At, p.Source));
}
