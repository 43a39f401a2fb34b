using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using Millrace.Kernel.Data;
using Millrace.Messaging.Sanitizing;

namespace Millrace.Messaging.Design.Importing;

/// <summary>
/// Recognises blocks in the HTML of a mail: headings, texts, pictures, buttons, lines, links of a footer, and rows of two to four columns. What it does
/// not know becomes an HTML block, so that nothing is lost.
/// </summary>
internal sealed partial class HtmlBlocks
{
    private const int MaxSections = 90;
    private const int MaxBlocks = 90;

    private readonly List<DesignSection> _sections = [];
    private readonly List<DesignBlock> _open = [];

    [GeneratedRegex(@"background(-color)?\s*:\s*(?<colour>#[0-9a-fA-F]{6}|#[0-9a-fA-F]{3})\b", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Ground();

    [GeneratedRegex(@"(?<![-\w])color\s*:\s*(?<colour>#[0-9a-fA-F]{6}|#[0-9a-fA-F]{3})\b", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Ink();

    /// <summary>How many blocks are HTML as it was.</summary>
    public int Unknown { get; private set; }

    /// <param name="html">Cleaned already.</param>
    public MailDesign Read(string html)
    {
        using var document = HtmlSanitizer.Parse(html);
        Walk(document.Body!);
        Close();
        return new MailDesign { Sections = _sections };
    }

    private void Walk(IElement parent)
    {
        foreach (var node in parent.ChildNodes)
        {
            switch (node)
            {
                case IText text when text.Data.Trim().Length > 0:
                    AddText($"<p>{WebUtility.HtmlEncode(text.Data.Trim())}</p>");
                    break;
                case IElement element when !IsHidden(element):
                    Take(element);
                    break;
            }
        }
    }

    private void Take(IElement element)
    {
        switch (element.LocalName)
        {
            case "style" or "title" or "head" or "meta" or "br":
                return;
            case "h1" or "h2" or "h3" or "h4" or "h5" or "h6" when element.QuerySelector("img") is null:
                Add("heading", new() { ["text"] = Short(Words(element)), ["level"] = element.LocalName is "h1" ? "1" : element.LocalName is "h2" ? "2" : "3" });
                return;
            case "img":
                AddImage(element, null);
                return;
            case "hr":
                Add("divider", []);
                return;
            case "a" when element.QuerySelector("img") is { } picture && Words(element).Length == 0:
                AddImage(picture, element.GetAttribute("href"));
                return;
            case "a" when ButtonColour(element) is { } colour:
                Add("button", new() { ["label"] = Short(Words(element)), ["url"] = Short(element.GetAttribute("href") ?? ""), ["colour"] = colour, ["text_colour"] = ColourOf(Ink(), element) ?? "#ffffff" });
                return;
            case "p" or "ul" or "ol" or "blockquote" or "pre" when element.QuerySelector("img,table") is null:
                if (Words(element).Length > 0)
                {
                    AddText(element.LocalName is "p" ? $"<p>{element.InnerHtml}</p>" : element.OuterHtml);
                }

                return;
            case "a" or "span" or "b" or "strong" or "em" or "i" or "u" or "font" or "small" when element.QuerySelector("img,table,div") is null:
                if (Words(element).Length > 0)
                {
                    AddText($"<p>{(element.LocalName is "font" ? element.InnerHtml : element.OuterHtml)}</p>");
                }

                return;
            case "tr" when Cells(element) is { Count: >= 2 and <= 4 } cells:
                TakeColumns(cells);
                return;
            case "td" or "div" or "center" or "th" when IsPlainText(element):
                AddText($"<p>{element.InnerHtml.Trim()}</p>");
                return;
            default:
                Walk(element);
                return;
        }
    }

    /// <summary>Cells side by side that hold something: a section of as many columns, when each can be read; else HTML as it was.</summary>
    private void TakeColumns(List<IElement> cells)
    {
        Close();
        var columns = new List<DesignColumn>();
        foreach (var cell in cells)
        {
            var inner = new HtmlBlocks();
            inner.Walk(cell);
            inner.Close();
            Unknown += inner.Unknown;
            columns.Add(new DesignColumn { Share = ShareOf(cell, cells.Count), Blocks = [.. inner._sections.SelectMany(s => s.Columns).SelectMany(c => c.Blocks).Take(MaxBlocks)] });
        }

        if (_sections.Count < MaxSections)
        {
            _sections.Add(new DesignSection { Columns = columns, PaddingTop = 12, PaddingBottom = 12 });
        }
    }

    private void AddImage(IElement image, string? link)
    {
        var source = image.GetAttribute("src") ?? "";
        var options = new Dictionary<string, object> { ["src"] = Short(source), ["alt"] = Short(image.GetAttribute("alt") ?? "") };
        if (link is { Length: > 0 })
        {
            options["url"] = Short(link);
        }

        // Not the dots that count opens.
        if (source.Length > 0 && image.GetAttribute("width") is not ("1" or "0"))
        {
            if (int.TryParse(image.GetAttribute("width"), NumberStyles.None, CultureInfo.InvariantCulture, out var width) && width is > 30 and < 500)
            {
                options["width"] = Math.Clamp(width * 100 / 536, 5, 100);
            }

            Add("image", options);
        }
    }

    private void AddText(string html)
    {
        if (html.Contains("%UNSUBSCRIBELINK%", StringComparison.Ordinal) || html.Contains("unsubscribe", StringComparison.OrdinalIgnoreCase))
        {
            // Who is unsubscribed by another system's link is not by ours.
            if (!_open.Any(b => b.Kind is "footer") && !_sections.SelectMany(s => s.Columns).SelectMany(c => c.Blocks).Any(b => b.Kind is "footer"))
            {
                Add("footer", []);
            }

            return;
        }

        // Paragraphs that follow each other are one text.
        if (_open is [.., { Kind: "text" } before])
        {
            _open[^1] = before with { Options = Options(new() { ["html"] = before.Options["html"].GetString() + html }) };
            return;
        }

        Add("text", new() { ["html"] = html });
    }

    private void Add(string kind, Dictionary<string, object> options)
    {
        if (_open.Count >= MaxBlocks)
        {
            Close();
        }

        _open.Add(new DesignBlock { Kind = kind, Options = Options(options) });
    }

    private void Close()
    {
        if (_open.Count > 0 && _sections.Count < MaxSections)
        {
            _sections.Add(new DesignSection { Columns = [new DesignColumn { Blocks = [.. _open] }] });
        }

        _open.Clear();
    }

    /// <summary>Only those that hold something to see.</summary>
    private static List<IElement> Cells(IElement row) =>
        [.. row.Children.Where(c => c.LocalName is "td" or "th" && !IsHidden(c) && (Words(c).Length > 0 || c.QuerySelector("img") is not null))];

    private static int ShareOf(IElement cell, int count)
    {
        var width = cell.GetAttribute("width") ?? "";
        return double.TryParse(width.TrimEnd('%'), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number > 0
            ? Math.Clamp((int)Math.Round(width.EndsWith('%') ? number / 100 * 12 : number / 600 * 12), 1, 12) : 12 / count;
    }

    private static bool IsPlainText(IElement element) =>
        Words(element).Length > 0 && element.QuerySelector("img,table,div,h1,h2,h3,h4,p,ul,ol,center,hr") is null && !element.Children.Any(c => c.LocalName is "a" && ButtonColour(c) is not null);

    /// <summary>A link on a ground of its own, or alone in a coloured cell.</summary>
    private static string? ButtonColour(IElement link)
    {
        if (link.QuerySelector("img") is not null || Words(link) is { Length: 0 or > 60 })
        {
            return null;
        }

        if (ColourOf(Ground(), link) is { } own)
        {
            return own;
        }

        return link.ParentElement is { LocalName: "td" } cell && Words(cell) == Words(link)
            ? ColourOf(Ground(), cell) ?? (cell.GetAttribute("bgcolor") is { Length: 7 } colour && DesignCheck.Colour().IsMatch(colour) ? colour : null) : null;
    }

    private static string? ColourOf(Regex property, IElement element)
    {
        var colour = property.Match(element.GetAttribute("style") ?? "").Groups["colour"].Value;
        return colour.Length == 4 ? $"#{colour[1]}{colour[1]}{colour[2]}{colour[2]}{colour[3]}{colour[3]}" : colour.Length == 7 ? colour : null;
    }

    private static bool IsHidden(IElement element) => (element.GetAttribute("style") ?? "").Replace(" ", "", StringComparison.Ordinal) is var style
        && (style.Contains("display:none", StringComparison.OrdinalIgnoreCase) || style.Contains("max-height:0", StringComparison.OrdinalIgnoreCase));

    private static string Words(IElement element) => string.Join(' ', element.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).Trim('͏', '‌', ' ');

    private static string Short(string text) => StorableText.Cut(text, 2_000);

    private static Dictionary<string, JsonElement> Options(Dictionary<string, object> values) =>
        values.ToDictionary(v => v.Key, v => v.Value is int n ? JsonElement.Parse(n.ToString(CultureInfo.InvariantCulture)) : JsonElement.Parse(JsonSerializer.Serialize((string)v.Value, Text.Default.String)), StringComparer.Ordinal);

    [System.Text.Json.Serialization.JsonSerializable(typeof(string))]
    private sealed partial class Text : System.Text.Json.Serialization.JsonSerializerContext;
}
