using System.Text;
using AngleSharp.Dom;

namespace Millrace.Messaging.Sanitizing;

/// <summary>The text part of an HTML mail: paragraphs, lists, "text (url)" links, one line per row of a table of data. Hidden parts are left out.</summary>
internal static class HtmlText
{
    private static readonly HashSet<string> Blocks = new(StringComparer.Ordinal)
    {
        "address", "article", "aside", "blockquote", "center", "dd", "div", "dl", "dt", "figure", "figcaption", "footer", "header", "li", "main",
        "nav", "pre", "section", "table", "tr", "td", "th", "body", "caption",
    };

    private static readonly HashSet<string> Paragraphs = new(StringComparer.Ordinal)
    {
        "p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "blockquote",
    };

    public static string From(string html)
    {
        using var document = HtmlSanitizer.Parse(html);
        var output = new Lines();
        if (document.Body is { } body)
        {
            Write(body, output);
        }

        return output.ToString();
    }

    private static void Write(INode node, Lines output)
    {
        foreach (var child in node.ChildNodes)
        {
            if (child is IText text)
            {
                output.Text(text.Data);
            }
            else if (child is IElement element && !IsHidden(element))
            {
                Write(element, output);
            }
        }
    }

    private static void Write(IElement element, Lines output)
    {
        var name = element.LocalName;
        if (name is "br")
        {
            output.Break(1);
        }
        else if (name is "hr")
        {
            output.Break(2);
            output.Text("----------");
            output.Break(2);
        }
        else if (name is "img")
        {
            output.Text(element.ParentElement?.LocalName is "a" ? element.GetAttribute("alt") ?? "" : "");
        }
        else if (name is "a")
        {
            WriteLink(element, output);
        }
        else if (name is "tr" && IsDataRow(element))
        {
            output.Break(1);
            output.Text(string.Join(" | ", element.Children.Select(c => From(c.InnerHtml).ReplaceLineEndings(" "))));
            output.Break(1);
        }
        else
        {
            WriteBlock(element, name, output);
        }
    }

    private static void WriteBlock(IElement element, string name, Lines output)
    {
        var gap = Paragraphs.Contains(name) ? 2 : Blocks.Contains(name) ? 1 : 0;
        output.Break(gap);
        if (name is "li")
        {
            output.Text(element.ParentElement?.LocalName is "ol"
                ? $"{element.ParentElement.Children.Index(element) + 1}. "
                : "- ");
        }

        Write((INode)element, output);
        output.Break(gap);
    }

    private static void WriteLink(IElement link, Lines output)
    {
        var start = output.Length;
        Write((INode)link, output);
        var url = link.GetAttribute("href");
        var label = output.Since(start).Trim();
        if (url is not { Length: > 0 } || url[0] == '#')
        {
            return;
        }

        if (!url.Replace("mailto:", "", StringComparison.Ordinal).Equals(label, StringComparison.Ordinal))
        {
            output.Text(label.Length > 0 ? $" ({url})" : url);
        }

        output.EndLink();
    }

    private static bool IsDataRow(IElement row) =>
        row.Children.Length > 1
        && row.Closest("table")?.GetAttribute("role") is not "presentation"
        && row.QuerySelector("table,p,div,img,ul,ol,h1,h2,h3") is null;

    private static bool IsHidden(IElement element) =>
        element.LocalName is "style" or "script" or "head" or "title"
        || (element.GetAttribute("style") ?? "").Replace(" ", "", StringComparison.Ordinal).Contains("display:none", StringComparison.OrdinalIgnoreCase);

    private sealed class Lines
    {
        private readonly StringBuilder _text = new();
        private int _breaks = 2;
        private bool _afterLink;

        public int Length => _text.Length;

        public string Since(int start) => _text.ToString(start, _text.Length - start);

        /// <summary>At least so many line ends before the next text.</summary>
        public void Break(int count)
        {
            if (_text.Length > 0)
            {
                _breaks = Math.Max(_breaks, count);
            }
        }

        public void Text(string data)
        {
            var words = data.Replace('\u00A0', ' ').Split([' ', '\t', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 0)
            {
                Space(data.Length > 0);
                return;
            }

            Space(char.IsWhiteSpace(data[0]) || (_afterLink && data[0] is not ('.' or ',' or ';' or ':' or '!' or '?' or ')' or ']' or '}' or '"' or '\'')));
            _afterLink = false;
            if (_breaks > 0 && _text.Length > 0)
            {
                while (_text.Length > 0 && _text[^1] == ' ')
                {
                    _text.Length--;
                }

                _text.Append('\n', _breaks);
            }

            _breaks = 0;
            _text.AppendJoin(' ', words);
            Space(char.IsWhiteSpace(data[^1]));
        }

        /// <summary>What follows a link directly would be read as a part of its address: it is set off by a blank.</summary>
        public void EndLink() => _afterLink = true;

        public override string ToString() => _text.ToString().TrimEnd();

        private void Space(bool wanted)
        {
            if (wanted && _breaks == 0 && _text.Length > 0 && _text[^1] is not (' ' or '\n'))
            {
                _text.Append(' ');
            }
        }
    }
}
