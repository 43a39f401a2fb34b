using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Millrace.Segments.Definitions;

/// <summary>
/// Writes a segment as API v3 shows it. A tree that came in another way is told as conditions of the source system <c>millrace</c>, one for each row of its
/// outermost group, so that what was read can be sent back and means the same.
/// </summary>
internal static class DefinitionWriter
{
    public static JsonObject View(FoundSegment segment)
    {
        var body = BodyNode(segment);
        foreach (var condition in body[DefinitionNames.Segment.Conditions]!.AsArray().OfType<JsonObject>())
        {
            condition.Remove("hash");
            condition.Remove("hash_simple");
            var hash = Hash(condition);
            condition["hash"] = hash;
            condition["hash_simple"] = hash;
        }

        var attributes = new JsonObject
        {
            ["segment_id"] = segment.ShownId,
            ["name"] = segment.Name,
            ["description"] = segment.Description,
            ["category"] = "AUDIENCE",
            ["segment_hash"] = Hash(segment.Tree),
            ["user_id"] = segment.CreatedBy?.ToString(CultureInfo.InvariantCulture),
            // Of this version, as the original means it.
            ["created_date"] = segment.UpdatedAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
            ["meta"] = segment.Meta is { } meta ? JsonNode.Parse(meta.GetRawText()) : new JsonObject(),
        };
        foreach (var (name, value) in body)
        {
            attributes[name] = value?.DeepClone();
        }

        return new JsonObject
        {
            ["data"] = new JsonArray(new JsonObject { ["id"] = segment.ShownId, ["type"] = "Segment.v2", ["attributes"] = attributes }),
        };
    }

    /// <summary>Conditions, groups and their operator that mean what the segment means.</summary>
    public static JsonElement BodyOf(FoundSegment segment) => JsonSerializer.SerializeToElement(BodyNode(segment));

    private static JsonObject BodyNode(FoundSegment segment) =>
        segment.Body is { } given && segment.BodyTree is { } meant && JsonElement.DeepEquals(meant, segment.Tree)
            ? JsonNode.Parse(given.GetRawText())!.AsObject()
            : Body(segment.Tree);

    private static JsonObject Body(JsonElement tree)
    {
        var root = JsonNode.Parse(tree.GetRawText())!.AsObject();
        var (isAny, rows) = root switch
        {
            { Count: 1 } when root["all"] is JsonArray { Count: > 0 and <= 200 } all => (false, all.Select(n => n!.DeepClone()).ToList()),
            { Count: 1 } when root["any"] is JsonArray { Count: > 0 and <= 200 } any => (true, any.Select(n => n!.DeepClone()).ToList()),
            _ => (false, [root.DeepClone()]),
        };
        var op = isAny ? "or" : "and";
        return new JsonObject
        {
            [DefinitionNames.Segment.Conditions] = new JsonArray([.. rows.Index().Select(r => new JsonObject
            {
                ["id"] = Number(r.Index), ["source_system"] = "millrace", ["object_type"] = "tree", ["fields"] = new JsonArray(), ["tree"] = r.Item,
            })]),
            [DefinitionNames.Segment.Groups] = new JsonArray(new JsonObject
            {
                ["id"] = "1",
                ["operator"] = op,
                ["values"] = new JsonArray([.. rows.Index().Select(r => new JsonObject { ["id"] = Number(r.Index), ["type"] = "condition" })]),
            }),
            [DefinitionNames.Segment.Operator] = op,
        };
    }

    private static string Number(int index) => (index + 1).ToString(CultureInfo.InvariantCulture);

    /// <summary>Of a tree.</summary>
    public static string Hash(JsonElement tree) => Hash(JsonNode.Parse(tree.GetRawText())!);

    /// <summary>To recognise what is the same, as the original does; nothing is kept safe by it.</summary>
#pragma warning disable CA5350 // The contract's hash of a segment, which clients compare; SHA-1 by definition.
    private static string Hash(JsonNode node) => Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes(node.ToJsonString())));
#pragma warning restore CA5350
}
