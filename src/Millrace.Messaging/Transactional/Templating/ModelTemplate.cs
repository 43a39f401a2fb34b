using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;

namespace Millrace.Messaging.Transactional.Templating;

/// <summary>
/// A template over a model of JSON, in the Mustache dialect of transactional mail: <c>{{name}}</c> (encoded in HTML), <c>{{{name}}}</c> (as it is),
/// <c>{{#each items}}...{{/each}}</c>, <c>{{#section}}...{{/section}}</c>, <c>{{^section}}...{{/section}}</c>, <c>{{.}}</c>, <c>{{../name}}</c>, <c>{{! comment }}</c>,
/// and in layouts <c>{{{@content}}}</c>. Parsed once, rendered often; no reflection, nothing but the model can be reached, and everything has a limit.
/// </summary>
internal sealed class ModelTemplate
{
    public const string Content = "@content";
    private const int MaxRounds = 1_000;
    private const int MaxOutput = 2 * 1024 * 1024;

    private ModelTemplate(IReadOnlyList<TemplateNode> nodes) => Nodes = nodes;

    public IReadOnlyList<TemplateNode> Nodes { get; }

    /// <exception cref="ModelTemplateException">Names line and column.</exception>
    public static ModelTemplate Parse(string source) => new(ModelTemplateParser.Parse(source));

    /// <param name="encode">Values are encoded for HTML; false in subjects and texts.</param>
    /// <param name="content">What stands for <c>{{{@content}}}</c>; null when this is no layout.</param>
    /// <exception cref="ModelTemplateException">The output is too long, or loops turn too often.</exception>
    public string Render(JsonElement model, bool encode, string? content = null)
    {
        var run = new Run(encode, content);
        run.All(Nodes, [model]);
        return run.Output.ToString();
    }

    private sealed class Run(bool encode, string? content)
    {
        private int _rounds;

        public StringBuilder Output { get; } = new();

        public void All(IReadOnlyList<TemplateNode> nodes, List<JsonElement> scopes)
        {
            foreach (var node in nodes)
            {
                One(node, scopes);
            }
        }

        private void One(TemplateNode node, List<JsonElement> scopes)
        {
            switch (node)
            {
                case TemplateText text:
                    Append(text.Text);
                    break;
                case TemplateValue { Path: Content }:
                    Append(content ?? "");
                    break;
                case TemplateValue value:
                    var shown = Text(Find(value.Path, scopes));
                    Append(encode && !value.IsRaw ? WebUtility.HtmlEncode(shown) : shown);
                    break;
                case TemplateSection section:
                    Section(section, scopes);
                    break;
            }
        }

        private void Section(TemplateSection section, List<JsonElement> scopes)
        {
            var value = Find(section.Path, scopes);
            if (section.IsInverted)
            {
                if (!Holds(value))
                {
                    All(section.Nodes, scopes);
                }
            }
            else if (value is { ValueKind: JsonValueKind.Array } array)
            {
                foreach (var item in array.EnumerateArray())
                {
                    Inside(section, scopes, item);
                }
            }
            else if (Holds(value))
            {
                Inside(section, scopes, value!.Value);
            }
        }

        private void Inside(TemplateSection section, List<JsonElement> scopes, JsonElement scope)
        {
            if (++_rounds > MaxRounds)
            {
                throw new ModelTemplateException(section.Line, section.Column, $"All loops together turn at most {MaxRounds} times.");
            }

            scopes.Add(scope);
            All(section.Nodes, scopes);
            scopes.RemoveAt(scopes.Count - 1);
        }

        private void Append(string text)
        {
            if (Output.Length + text.Length > MaxOutput)
            {
                throw new ModelTemplateException(1, 1, "What the template makes of this model is too long.");
            }

            Output.Append(text);
        }
    }

    private static JsonElement? Find(string path, List<JsonElement> scopes)
    {
        var depth = scopes.Count - 1;
        while (path.StartsWith("../", StringComparison.Ordinal))
        {
            (path, depth) = (path[3..], depth - 1);
        }

        if (depth < 0)
        {
            return null;
        }

        if (path is "." or "this")
        {
            return scopes[depth];
        }

        // A name that the inner scope does not have is looked for further out; a dotted path begins at the first scope that has its first name.
        var names = path.Split('.');
        for (; depth >= 0; depth--)
        {
            if (Member(scopes[depth], names[0]) is { } found)
            {
                JsonElement? value = found;
                foreach (var name in names.Skip(1))
                {
                    value = value is { } parent ? Member(parent, name) : null;
                }

                return value;
            }
        }

        return null;
    }

    private static JsonElement? Member(JsonElement scope, string name) =>
        scope.ValueKind == JsonValueKind.Object && scope.TryGetProperty(name, out var value) ? value : null;

    private static bool Holds(JsonElement? value) => value is { } v && v.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.Undefined or JsonValueKind.False => false,
        JsonValueKind.String => v.GetString()!.Length > 0,
        JsonValueKind.Array => v.GetArrayLength() > 0,
        JsonValueKind.Number => !v.TryGetDecimal(out var number) || number != 0,
        _ => true,
    };

    private static string Text(JsonElement? value) => value is { } v ? v.ValueKind switch
    {
        JsonValueKind.String => v.GetString()!,
        JsonValueKind.Number => v.GetRawText(),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        JsonValueKind.Array => v.GetArrayLength().ToString(CultureInfo.InvariantCulture),
        _ => "",
    } : "";
}

/// <summary>A template that cannot be used, and where.</summary>
internal sealed class ModelTemplateException(int line, int column, string message) : Exception(message)
{
    public int Line { get; } = line;

    public int Column { get; } = column;
}

internal abstract record TemplateNode;

internal sealed record TemplateText(string Text) : TemplateNode;

/// <param name="IsRaw">Written as it is, even in HTML.</param>
internal sealed record TemplateValue(string Path, bool IsRaw) : TemplateNode;

internal sealed record TemplateSection(string Path, bool IsInverted, bool IsEach, IReadOnlyList<TemplateNode> Nodes, int Line, int Column) : TemplateNode;
