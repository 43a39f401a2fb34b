using System.Text.Json;
using System.Text.Json.Serialization;

namespace Millrace.Api.Dialect;

/// <summary>
/// JSON of <c>/api/3</c>: camelCase unless a member is named otherwise, read with tolerance (unknown members, numbers as strings), because
/// software written for the original sends all of that.
/// </summary>
public static class V3Json
{
    public static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        PropertyNameCaseInsensitive = false,
        NumberHandling = JsonNumberHandling.AllowReadingFromString,
        MaxDepth = 32,
        AllowDuplicateProperties = false,
        // Named, so that the options can be asked about types before they were first used.
        TypeInfoResolver = new System.Text.Json.Serialization.Metadata.DefaultJsonTypeInfoResolver(),
        Converters = { new V3IdConverter(), new LooseTextConverter() },
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.Default,
    };

    /// <summary>Text members may come as numbers or booleans.</summary>
    private sealed class LooseTextConverter : JsonConverter<string>
    {
        public override bool HandleNull => false;

        public override string Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
        {
            JsonTokenType.String => reader.GetString()!,
            JsonTokenType.Number => System.Text.Encoding.UTF8.GetString(reader.ValueSpan),
            JsonTokenType.True => "1",
            JsonTokenType.False => "0",
            _ => throw new JsonException(),
        };

        public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);
    }
}
