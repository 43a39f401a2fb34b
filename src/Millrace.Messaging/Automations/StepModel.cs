using System.Text.Json;
using System.Text.Json.Nodes;

namespace Millrace.Messaging.Automations;

/// <summary>
/// The model of a template as a step writes it: a line for each value, <c>name = text</c>; a dot makes a value within a value (<c>order.number = %ORDER%</c>).
/// Empty lines and those that begin with # say nothing.
/// </summary>
internal static class StepModel
{
    public const int MaxValues = 50;

    /// <summary>Names and the templates of their values, in order.</summary>
    /// <param name="problem">What is wrong, in words; null: nothing.</param>
    public static IReadOnlyList<(string Name, string Template)> Read(string? text, out string? problem)
    {
        var values = new List<(string, string)>();
        problem = null;
        foreach (var (line, no) in (text ?? "").ReplaceLineEndings("\n").Split('\n').Select((l, i) => (l.Trim(), i + 1)).Where(l => l.Item1.Length > 0 && l.Item1[0] != '#'))
        {
            var at = line.IndexOf('=', StringComparison.Ordinal);
            var name = at < 0 ? "" : line[..at].Trim();
            if (!IsName(name))
            {
                problem ??= $"Line {no}: write \"name = value\"; names are letters, digits and underscores, with dots between them.";
            }
            else if (name is "contact" || name.StartsWith("contact.", StringComparison.Ordinal))
            {
                problem ??= $"Line {no}: \"contact\" is filled in by itself.";
            }

            values.Add((name, at < 0 ? "" : line[(at + 1)..].Trim()));
        }

        problem ??= values.Count > MaxValues ? $"A model has at most {MaxValues} values." : null;
        return values;
    }

    /// <summary>Of one contact. A name that another one already stands on is left out: a value is a text or holds values, not both.</summary>
    public static JsonElement Write(JsonObject contact, IEnumerable<(string Name, string Value)> values)
    {
        var model = new JsonObject { ["contact"] = contact };
        foreach (var (name, value) in values)
        {
            var (at, parts) = (model, name.Split('.'));
            foreach (var part in parts[..^1])
            {
                at = at?[part] is JsonObject inner ? inner : at is not null && !at.ContainsKey(part) ? Added(at, part) : null;
            }

            if (at is not null && at[parts[^1]] is not JsonObject)
            {
                at[parts[^1]] = value;
            }
        }

        return JsonSerializer.SerializeToElement(model);
    }

    private static JsonObject Added(JsonObject to, string name)
    {
        var made = new JsonObject();
        to[name] = made;
        return made;
    }

    private static bool IsName(string name) =>
        name.Length is > 0 and <= 200 && name.Split('.').All(p => p.Length > 0 && p.All(c => char.IsAsciiLetterOrDigit(c) || c == '_'));
}
