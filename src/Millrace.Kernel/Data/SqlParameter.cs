using System.Text.Json;
using System.Text.Json.Nodes;
using Npgsql;
using NpgsqlTypes;

namespace Millrace.Kernel.Data;

/// <summary>A value that travels as <c>jsonb</c>.</summary>
/// <param name="Json">Valid JSON text; null is SQL null.</param>
public readonly record struct JsonText(string? Json)
{
    /// <summary>Many JSON texts as one <c>jsonb[]</c> parameter.</summary>
    public static JsonTextArray Array(string?[] values) => new(values);
}

/// <summary>A value that travels as <c>jsonb[]</c>.</summary>
public readonly record struct JsonTextArray(string?[] Values);

/// <summary>Makes the parameter for one hole. The static type decides, so that a null still has a type.</summary>
internal static class SqlParameter
{
    public static NpgsqlParameter Of<T>(T value)
    {
        switch (value)
        {
            case JsonText json:
                return new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Jsonb, Value = json.Json is { } valid ? StorableText.Json(valid) : DBNull.Value };
            case JsonTextArray array:
                return new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Jsonb, Value = array.Values };
            case JsonElement element:
                return new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Jsonb, Value = StorableText.Json(element.GetRawText()) };
            case JsonNode node:
                return new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Jsonb, Value = StorableText.Json(node.ToJsonString()) };
            case DateTimeOffset instant:
                return new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.TimestampTz, Value = instant.UtcDateTime };
            case DateTimeOffset[] instants:
                return new NpgsqlParameter
                {
                    NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz,
                    Value = System.Array.ConvertAll(instants, i => i.UtcDateTime),
                };
            case DateTimeOffset?[] instants:
                return new NpgsqlParameter
                {
                    NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz,
                    Value = System.Array.ConvertAll(instants, i => i?.UtcDateTime),
                };
            case Enum name:
                return new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Text, Value = JsonNamingPolicy.SnakeCaseLower.ConvertName(name.ToString()) };
            case null:
                return new NpgsqlParameter { NpgsqlDbType = TypeOf(typeof(T)), Value = DBNull.Value };
            case string text:
                return new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Text, Value = StorableText.Text(text) };
            case IReadOnlyList<long> ids when value is not long[]:
                return new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint, Value = ids.ToArray() };
            case IReadOnlyList<string?> texts when value is not string[]:
                return new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text, Value = StorableText.Texts(texts.ToArray()) };
            case string?[] texts:
                return new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text, Value = StorableText.Texts(texts) };
            default:
                return new NpgsqlParameter { Value = value };
        }
    }

    private static NpgsqlDbType TypeOf(Type type) => (Nullable.GetUnderlyingType(type) ?? type) switch
    {
        var t when t == typeof(string) || t.IsEnum => NpgsqlDbType.Text,
        var t when t == typeof(long) => NpgsqlDbType.Bigint,
        var t when t == typeof(int) => NpgsqlDbType.Integer,
        var t when t == typeof(short) => NpgsqlDbType.Smallint,
        var t when t == typeof(bool) => NpgsqlDbType.Boolean,
        var t when t == typeof(decimal) => NpgsqlDbType.Numeric,
        var t when t == typeof(double) => NpgsqlDbType.Double,
        var t when t == typeof(DateTimeOffset) => NpgsqlDbType.TimestampTz,
        var t when t == typeof(DateOnly) => NpgsqlDbType.Date,
        var t when t == typeof(TimeOnly) => NpgsqlDbType.Time,
        var t when t == typeof(Guid) => NpgsqlDbType.Uuid,
        var t when t == typeof(byte[]) => NpgsqlDbType.Bytea,
        var t when t == typeof(long[]) => NpgsqlDbType.Array | NpgsqlDbType.Bigint,
        var t when t == typeof(string[]) => NpgsqlDbType.Array | NpgsqlDbType.Text,
        var t when t == typeof(JsonElement) || t == typeof(JsonNode) || t == typeof(JsonObject) => NpgsqlDbType.Jsonb,
        var t => throw new NotSupportedException($"A null of type {t} has no database type."),
    };
}
