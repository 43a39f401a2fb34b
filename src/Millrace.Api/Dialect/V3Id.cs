using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Millrace.Api.Dialect;

/// <summary>An identifier as v3 writes it: a number in a string. Read from a string or a number; anything else is 0, which no record has.</summary>
public readonly record struct V3Id(long Value)
{
    public static implicit operator V3Id(long value) => new(value);

    public static implicit operator long(V3Id id) => id.Value;

    /// <summary>A path segment: what is not a number is read as 0, as the original does.</summary>
    public static long Parse(string? text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0;

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}

internal sealed class V3IdConverter : JsonConverter<V3Id>
{
    public override V3Id Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.Number => reader.TryGetInt64(out var id) ? id : 0,
        JsonTokenType.String => V3Id.Parse(reader.GetString()),
        JsonTokenType.Null => 0,
        _ => throw new JsonException(),
    };

    public override void Write(Utf8JsonWriter writer, V3Id value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());

    public override V3Id ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => V3Id.Parse(reader.GetString());

    public override void WriteAsPropertyName(Utf8JsonWriter writer, V3Id value, JsonSerializerOptions options) => writer.WritePropertyName(value.ToString());
}
