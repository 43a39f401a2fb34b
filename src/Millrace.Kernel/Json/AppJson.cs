using System.Text.Json;
using System.Text.Json.Serialization;

namespace Millrace.Kernel.Json;

/// <summary>JSON of <c>/api/app</c>, of settings and of activities: snake_case, strict, nothing unknown, nothing twice.</summary>
public static class AppJson
{
    public static readonly JsonSerializerOptions Options = Configure(new JsonSerializerOptions());

    /// <summary>The same rules on options that ASP.NET has made.</summary>
    public static JsonSerializerOptions Configure(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        options.DictionaryKeyPolicy = null;
        options.PropertyNameCaseInsensitive = false;
        options.MaxDepth = 32;
        options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        options.AllowDuplicateProperties = false;
        options.RespectNullableAnnotations = true;
        options.RespectRequiredConstructorParameters = true;
        options.DefaultIgnoreCondition = JsonIgnoreCondition.Never;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false));
        return options;
    }

    /// <summary>Whether the text was JSON but of another shape than asked for.</summary>
    public static bool IsShapeError(JsonException exception) => exception.InnerException is not (JsonException or System.Text.DecoderFallbackException)
        && exception.GetType() == typeof(JsonException) && !exception.Message.StartsWith("Duplicate property", StringComparison.Ordinal) && (exception.Path is { Length: > 1 } || exception.Message.Contains("required", StringComparison.Ordinal));

    /// <summary>Turns System.Text.Json's <c>$.tag.names[0]</c> into a JSON pointer, <c>/tag/names/0</c>.</summary>
    public static string Pointer(string? path) => path is null
        ? "/"
        : "/" + path.TrimStart('$').TrimStart('.').Replace("']", string.Empty, StringComparison.Ordinal).Replace("['", "/", StringComparison.Ordinal)
            .Replace("]", string.Empty, StringComparison.Ordinal).Replace('[', '/').Replace('.', '/').TrimStart('/');
}
