using System.Text.Json;
using System.Text.Json.Nodes;

namespace Millrace.Automations.Engine;

/// <summary>Why a step that asks no conditions decided as it did: a code and its values, kept as the detail of the visit.</summary>
/// <param name="Code">What was decided by, such as <c>split_turn</c>.</param>
/// <param name="Values">What belongs to the code: <c>{"path":"B","taken":4,"of":9,"share":50}</c>.</param>
internal sealed record StepCause(string Code, IReadOnlyDictionary<string, JsonElement> Values)
{
    private const string CodeMember = "code";
    private const string Opening = $$"""{"{{CodeMember}}":""";

    public static string Write(string code, params ReadOnlySpan<(string Name, JsonNode Value)> values)
    {
        var json = new JsonObject { [CodeMember] = code };
        foreach (var (name, value) in values)
        {
            json[name] = value;
        }

        return json.ToJsonString();
    }

    /// <summary>Takes a kept detail apart. What an earlier version of the product kept is a sentence, and so is what steps say that could not do their work.</summary>
    public static (string? Sentence, StepCause? Cause) Read(string? detail)
    {
        if (detail?.StartsWith(Opening, StringComparison.Ordinal) != true)
        {
            return (detail, null);
        }

        try
        {
            using var json = JsonDocument.Parse(detail);
            return (null, new StepCause(
                json.RootElement.GetProperty(CodeMember).GetString()!,
                json.RootElement.EnumerateObject().Where(m => m.Name != CodeMember).ToDictionary(m => m.Name, m => m.Value.Clone(), StringComparer.Ordinal)));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            // Whatever it is, it is somebody's text.
            return (detail, null);
        }
    }
}
