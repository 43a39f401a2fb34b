using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Millrace.Automations.Recipes;

/// <summary>Puts an account's own words and names into the texts of a recipe.</summary>
internal static class RecipeWords
{
    /// <summary>The step whose options hold a mail.</summary>
    public const string Mail = "email.send";

    private const int MaxLength = 200;
    private const int MaxLinkLength = 2_000;

    /// <summary>Members that hold what people read, links, and conditions of blocks.</summary>
    private static readonly HashSet<string> Spoken =
        new(StringComparer.Ordinal) { "subject", "preheader", "html", "text", "label", "title", "url", "show_when" };

    /// <summary>Why the answer cannot be used; null: it can.</summary>
    public static string? Problem(RecipeAsk ask, string to) => ask.Kind switch
    {
        RecipeAskKind.Link => to.Length <= MaxLinkLength && Uri.TryCreate(to, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            ? null
            : "An address is needed here that begins with https:// or http://.",
        _ when to.Length is 0 or > MaxLength => $"1 to {MaxLength} characters are needed here.",
        _ when to.Any(char.IsControl) => "Only one line of plain text can stand here.",
        _ => null,
    };

    public static void Replace(JsonObject document, RecipeAsk ask, string to) =>
        Each(document, (key, text) => text.Replace(ask.Value, key == "html" ? WebUtility.HtmlEncode(to) : to, StringComparison.Ordinal));

    /// <summary>Personalization tags and conditions of blocks follow the field that was chosen.</summary>
    /// <param name="name">Of the field in the recipe.</param>
    /// <param name="key">Of the field of the account.</param>
    public static void RenameField(JsonObject document, string name, string key)
    {
        var before = name.Replace(' ', '_').ToUpperInvariant();
        if (before != key)
        {
            Each(document, (at, text) => at == "show_when"
                ? Regex.Replace(text, $@"\b{Regex.Escape(before)}\b", key, RegexOptions.None, TimeSpan.FromSeconds(1))
                : text.Replace($"%{before}%", $"%{key}%", StringComparison.Ordinal).Replace($"%{before}|", $"%{key}|", StringComparison.Ordinal));
        }
    }

    public static void RenameTag(JsonObject document, string before, string after)
    {
        if (before != after)
        {
            // Quoted by the other kind of sign where the name holds one.
            var quoted = after.Contains('\'', StringComparison.Ordinal) ? $"\"{after}\"" : $"'{after}'";
            Each(document, (at, text) => at == "show_when" ? text.Replace($"'{before}'", quoted, StringComparison.Ordinal) : text);
        }
    }

    private static void Each(JsonNode? node, Func<string, string, string> change)
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
                    if (Spoken.Contains(key) && value is JsonValue leaf && leaf.TryGetValue<string>(out var text))
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
