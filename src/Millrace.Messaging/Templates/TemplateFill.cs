using System.Net;
using System.Text.Json.Nodes;

namespace Millrace.Messaging.Templates;

/// <summary>Makes a template of the library that of an account: its name where the company's stands.</summary>
internal static class TemplateFill
{
    /// <summary>What stands in the library for the name of the account.</summary>
    public const string Company = "Your company";

    /// <param name="design">As in the library.</param>
    public static string Design(string design, string company)
    {
        var document = JsonNode.Parse(design)!;
        Each(document, (key, text) => text.Replace(Company, key == "html" ? WebUtility.HtmlEncode(company) : company, StringComparison.Ordinal));
        return document.ToJsonString();
    }

    public static string Line(string text, string company) => text.Replace(Company, company, StringComparison.Ordinal);

    /// <summary>Every text of the document, by the name of its member.</summary>
    public static void Each(JsonNode? node, Func<string, string, string> change)
    {
        switch (node)
        {
            case JsonArray list:
                foreach (var item in list)
                {
                    Each(item, change);
                }

                break;
            case JsonObject json:
                foreach (var (key, value) in json.ToList())
                {
                    if (value is JsonValue leaf && leaf.TryGetValue<string>(out var text))
                    {
                        json[key] = change(key, text);
                    }
                    else
                    {
                        Each(value, change);
                    }
                }

                break;
            default:
                break;
        }
    }
}
