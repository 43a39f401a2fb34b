namespace Millrace.Messaging.Sanitizing;

/// <summary>Counts before anything is parsed, for deep nesting makes a parser slow.</summary>
internal static class HtmlLimits
{
    public const int MaxLength = 512 * 1024;
    public const int MaxNesting = 100;

    /// <summary>Elements without an end tag, or whose end tag may be left out: these never nest without one that counts between them.</summary>
    private static readonly HashSet<string> Uncounted = new(StringComparer.OrdinalIgnoreCase)
    {
        "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr",
        "p", "li", "td", "th", "tr", "tbody", "thead", "tfoot", "dt", "dd", "option", "optgroup", "colgroup",
    };

    /// <exception cref="HtmlRefusedException">Too long or nested too deeply.</exception>
    public static void Check(string html)
    {
        if (html.Length > MaxLength)
        {
            throw new HtmlRefusedException("html_too_large", "The HTML is larger than 512 KB.");
        }

        var open = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        var names = open.GetAlternateLookup<ReadOnlySpan<char>>();
        var (depth, at) = (0, 0);
        while ((at = html.IndexOf('<', at)) >= 0)
        {
            at++;
            var closes = at < html.Length && html[at] == '/';
            var start = closes ? at + 1 : at;
            var end = start;
            while (end < html.Length && (char.IsAsciiLetterOrDigit(html[end]) || html[end] is '-' or ':'))
            {
                end++;
            }

            var name = html.AsSpan(start, end - start);
            if (name.IsEmpty || !char.IsAsciiLetter(name[0]) || Uncounted.GetAlternateLookup<ReadOnlySpan<char>>().Contains(name))
            {
                continue;
            }

            names.TryGetValue(name, out var count);
            if (!closes)
            {
                names[name] = count + 1;
                depth++;
            }
            else if (count > 0)
            {
                names[name] = count - 1;
                depth--;
            }

            if (depth > MaxNesting)
            {
                throw new HtmlRefusedException("html_too_complex", "The HTML is nested more than 100 deep.");
            }
        }
    }
}
