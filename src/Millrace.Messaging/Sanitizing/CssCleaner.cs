using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;
using Millrace.Messaging.Images;

namespace Millrace.Messaging.Sanitizing;

/// <summary>
/// Keeps the declarations whose property, functions and URLs are on the lists. Escapes, imports, fonts from elsewhere and positioning go.
/// The result is in one shape, so cleaning it again changes nothing.
/// </summary>
internal static partial class CssCleaner
{
    private static readonly HashSet<string> Properties = new(StringComparer.Ordinal)
    {
        "background", "background-color", "background-image", "background-position", "background-repeat", "background-size", "border-collapse",
        "border-spacing", "border-radius", "box-shadow", "box-sizing", "caption-side", "clear", "color", "color-scheme", "supported-color-schemes",
        "direction", "display", "empty-cells", "float", "height", "letter-spacing", "line-height", "max-height", "max-width", "min-height",
        "min-width", "object-fit", "opacity", "outline", "overflow", "overflow-wrap", "table-layout", "vertical-align", "visibility", "white-space",
        "width", "word-break", "word-spacing", "word-wrap", "hyphens", "unicode-bidi", "-webkit-text-size-adjust", "-ms-text-size-adjust",
        "-ms-interpolation-mode", "-webkit-font-smoothing", "-webkit-text-fill-color",
    };

    private static readonly SearchValues<char> Unsafe = SearchValues.Create("\\<>@{};");

    private static readonly string[] Families = ["border", "font", "list-style", "margin", "padding", "text", "mso"];

    private static readonly HashSet<string> Functions = new(StringComparer.OrdinalIgnoreCase)
    {
        "rgb", "rgba", "hsl", "hsla", "url", "calc", "linear-gradient",
    };

    [GeneratedRegex(@"(?<name>[A-Za-z_-][A-Za-z0-9_-]*)?\(", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Call();

    [GeneratedRegex(@"url\(\s*(?<url>[^)]*?)\s*\)", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Url();

    [GeneratedRegex(@"^[A-Za-z0-9\s.#:,>+~*\[\]=""'()_^$|-]+$", RegexOptions.None, 1000)]
    private static partial Regex Selector();

    /// <summary>The content of a style attribute.</summary>
    public static string CleanDeclarations(string css)
    {
        var output = new StringBuilder();
        foreach (var declaration in Split(WithoutComments(css), ';'))
        {
            var colon = declaration.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0)
            {
                continue;
            }

            var property = declaration[..colon].Trim().ToLowerInvariant();
            var value = string.Join(' ', declaration[(colon + 1)..].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
            if (IsKnown(property) && IsSafe(value))
            {
                output.Append(output.Length > 0 ? ";" : "").Append(property).Append(':').Append(value);
            }
        }

        return output.ToString();
    }

    /// <summary>The content of a style element: rules, and rules inside <c>@media</c>.</summary>
    public static string CleanSheet(string css)
    {
        var output = new StringBuilder();
        CleanRules(WithoutComments(css), output, nested: false);
        return output.ToString();
    }

    private static void CleanRules(string css, StringBuilder output, bool nested)
    {
        var at = 0;
        while (at < css.Length)
        {
            var open = css.IndexOf('{', at);
            var end = css.IndexOf(';', at);
            if (end >= 0 && (open < 0 || end < open))
            {
                at = end + 1; // @import, @charset: statements without a block
                continue;
            }

            if (open < 0)
            {
                return;
            }

            var prelude = string.Join(' ', css[at..open].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
            var close = Close(css, open);
            var block = css[(open + 1)..close];
            at = close + 1;
            if (prelude.StartsWith("@media", StringComparison.OrdinalIgnoreCase) && !nested && Selector().IsMatch(prelude[1..]))
            {
                var inner = new StringBuilder();
                CleanRules(block, inner, nested: true);
                output.Append(prelude).Append('{').Append(inner).Append('}');
            }
            else if (Selector().IsMatch(prelude) && !block.Contains('{', StringComparison.Ordinal) && CleanDeclarations(block) is { Length: > 0 } declarations)
            {
                output.Append(prelude).Append('{').Append(declarations).Append('}');
            }
        }
    }

    private static bool IsKnown(string property) =>
        Properties.Contains(property)
        || Families.Any(f => property.StartsWith(f, StringComparison.Ordinal)
            && (property.Length == f.Length || property[f.Length] == '-')
            && property.All(c => char.IsAsciiLetterLower(c) || c == '-'));

    private static bool IsSafe(string value)
    {
        if (value.Length is 0 or > 1000
            || value.AsSpan().ContainsAny(Unsafe)
            || value.Any(char.IsControl)
            || value.Count(c => c == '"') % 2 != 0
            || value.Count(c => c == '\'') % 2 != 0
            || value.Count(c => c == '(') != value.Count(c => c == ')'))
        {
            return false;
        }

        return Call().Matches(value).All(c => Functions.Contains(c.Groups["name"].Value))
            && Call().Matches(value).Count(c => c.Groups["name"].ValueSpan.Equals("url", StringComparison.OrdinalIgnoreCase)) == Url().Count(value)
            && Url().Matches(value).All(u => u.Groups["url"].Value.Trim('"', '\'') is var url && (url.StartsWith("https://", StringComparison.OrdinalIgnoreCase) || ImageAddress.Parse(url) is not null));
    }

    private static string WithoutComments(string css)
    {
        int open;
        while ((open = css.IndexOf("/*", StringComparison.Ordinal)) >= 0)
        {
            var close = css.IndexOf("*/", open + 2, StringComparison.Ordinal);
            css = close < 0 ? css[..open] : string.Concat(css.AsSpan(0, open), " ", css.AsSpan(close + 2));
        }

        return css;
    }

    private static int Close(string css, int open)
    {
        var depth = 0;
        for (var i = open; i < css.Length; i++)
        {
            depth += css[i] switch { '{' => 1, '}' => -1, _ => 0 };
            if (depth == 0)
            {
                return i;
            }
        }

        return css.Length;
    }

    /// <summary>Parts between separators that stand outside quotes and parentheses.</summary>
    private static IEnumerable<string> Split(string css, char separator)
    {
        var (start, depth, quote) = (0, 0, '\0');
        for (var i = 0; i < css.Length; i++)
        {
            var c = css[i];
            if (quote != '\0')
            {
                quote = c == quote ? '\0' : quote;
            }
            else if (c is '"' or '\'')
            {
                quote = c;
            }
            else if (c is '(' or ')')
            {
                depth = Math.Max(0, depth + (c == '(' ? 1 : -1));
            }
            else if (c == separator && depth == 0)
            {
                yield return css[start..i];
                start = i + 1;
            }
        }

        yield return css[start..];
    }
}
