using System.Text.Json.Nodes;

namespace Millrace.Messaging.Transactional.Templating;

/// <summary>A model that fills every place of some templates, so that people see what they have to send.</summary>
internal static class SuggestedModel
{
    public static JsonObject Of(params IEnumerable<ModelTemplate> templates)
    {
        var model = new JsonObject();
        foreach (var template in templates)
        {
            Fill(model, template.Nodes);
        }

        return model;
    }

    private static void Fill(JsonObject model, IReadOnlyList<TemplateNode> nodes)
    {
        foreach (var node in nodes)
        {
            switch (node)
            {
                case TemplateValue { Path: not (ModelTemplate.Content or "." or "this") } value when !IsOutside(value.Path):
                    Put(model, value.Path, static name => JsonValue.Create(name + "_Value"));
                    break;
                case TemplateSection { IsInverted: false } section when !IsOutside(section.Path) && section.Path is not ("." or "this"):
                    Section(model, section);
                    break;
                case TemplateSection section:
                    Fill(model, section.Nodes);
                    break;
            }
        }
    }

    private static void Section(JsonObject model, TemplateSection section)
    {
        var inner = new JsonObject();
        Fill(inner, section.Nodes);
        JsonNode value = inner.Count == 0 && section.Nodes.Any(n => n is TemplateValue { Path: "." or "this" }) ? JsonValue.Create(section.Path + "_Value")
            : inner.Count == 0 && !section.IsEach ? JsonValue.Create(true) : inner;
        Put(model, section.Path, _ => section.IsEach ? new JsonArray(value) : value);
    }

    private static bool IsOutside(string path) => path.StartsWith("../", StringComparison.Ordinal) || path.StartsWith("pm:", StringComparison.Ordinal);

    private static void Put(JsonObject model, string path, Func<string, JsonNode?> value)
    {
        var names = path.Split('.');
        foreach (var name in names[..^1])
        {
            if (model[name] is not JsonObject child)
            {
                model[name] = child = [];
            }

            model = child;
        }

        if (!model.ContainsKey(names[^1]))
        {
            model[names[^1]] = value(names[^1]);
        }
    }
}
