using System.Text;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;

namespace Millrace.TestKit;

/// <summary>
/// What the HTML of a mail must be made of so that the mail readers of the last twenty years show it alike. Every fault names its place; a mail
/// without faults gives an empty list. Judge the rendered HTML, with the personalization tags still in it.
/// </summary>
public static partial class MailStructure
{
    /// <summary>From here on a large provider shows only the beginning of a mail.</summary>
    public const int ClippedAt = 102 * 1024;

    private static readonly string[] ForbiddenElements =
        ["script", "link", "iframe", "object", "embed", "form", "input", "select", "textarea", "video", "audio", "svg", "canvas", "base", "picture"];

    /// <summary>Declarations that a reader in wide use drops or misunderstands.</summary>
    [GeneratedRegex(
        @"(?<bad>display\s*:\s*(inline-)?(flex|grid)|(?<![-\w])position\s*:|(?<![-\w])float\s*:|(?<![-\w])gap\s*:|var\(|calc\(|clamp\(|rgba\(|hsla?\(|object-fit|aspect-ratio|clip-path|transform\s*:|filter\s*:|(?<![-\w])inset\s*:|margin(-\w+)?\s*:[^;]*-\d|[\d.](rem|vw|vh)\b|!important)",
        RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Unsupported();

    [GeneratedRegex(@"<!--\[if (?<test>[^\]]+)\]>(?<body>.*?)<!\[endif\]-->", RegexOptions.ExplicitCapture | RegexOptions.Singleline, 1000)]
    private static partial Regex Conditional();

    [GeneratedRegex(@"</?(?<name>table|tr|td)\b", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex GhostTag();

    [GeneratedRegex(@"(?<![-\w])width\s*:\s*(?<pixels>\d+)px", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex FixedWidth();

    /// <summary>Tags that stand around what they rule and write nothing themselves.</summary>
    [GeneratedRegex(@"%(RSS-(FEED|LOOP)(\|[^%]*)?|IF [^%]*|ELSEIF [^%]*|ELSE|/IF)%", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Frames();

    /// <param name="width">Pixels the mail has on a desktop.</param>
    /// <returns>Faults in words, in the order of the document.</returns>
    public static IReadOnlyList<string> Faults(string html, int width = 600)
    {
        ArgumentNullException.ThrowIfNull(html);
        var faults = new List<string>();
        using var document = new HtmlParser().ParseDocument(html);
        Frame(html, document, faults);
        Conditionals(html, faults);
        foreach (var element in document.All)
        {
            Judge(element, width, faults);
        }

        return faults;
    }

    private static void Frame(string html, IDocument document, List<string> faults)
    {
        Require(html.StartsWith("<!doctype html>", StringComparison.OrdinalIgnoreCase), "no <!doctype html> at the beginning", faults);
        Require(document.DocumentElement.GetAttribute("lang") is { Length: > 1 }, "<html> names no language", faults);
        Require(document.QuerySelector("meta[charset]") is not null, "no <meta charset>", faults);
        Require(document.QuerySelector("meta[name=viewport]") is not null, "no <meta name=viewport>", faults);
        Require(document.QuerySelector("meta[name=color-scheme]") is not null, "no <meta name=color-scheme>", faults);
        Require(document.QuerySelectorAll("style").Length <= 1, "more than one <style>: some readers keep only the first", faults);
        Require(document.QuerySelectorAll("body style").Length == 0, "<style> outside of the head", faults);
        Require((document.QuerySelector("style")?.TextContent.Length ?? 0) <= 8_192, "<style> over 8 KB: a large reader drops it whole", faults);
        var size = Encoding.UTF8.GetByteCount(html);
        Require(size <= ClippedAt, $"{size} bytes: over {ClippedAt} the mail is cut off", faults);
        Require(!html.Split('\n').Any(l => l.Length > 0 && l.Contains("javascript:", StringComparison.OrdinalIgnoreCase)), "a script address", faults);
    }

    /// <summary>What only Outlook reads: balanced, and its ghost tables closed as they were opened.</summary>
    private static void Conditionals(string html, List<string> faults)
    {
        Require(Regex.Count(html, Regex.Escape("<!--[if ")) == Regex.Count(html, Regex.Escape("<![endif]")), "conditional comments do not balance", faults);
        var open = new Stack<string>();
        foreach (Match part in Conditional().Matches(html))
        {
            if (!part.Groups["test"].Value.Contains("mso", StringComparison.Ordinal) || part.Groups["test"].Value.StartsWith('!'))
            {
                continue;
            }

            foreach (Match tag in GhostTag().Matches(part.Groups["body"].Value))
            {
                var name = tag.Groups["name"].Value;
                if (tag.Value[1] != '/')
                {
                    open.Push(name);
                }
                else if (open.Count == 0 || open.Pop() != name)
                {
                    faults.Add($"a ghost table for Outlook closes </{name}> that was not opened");
                    return;
                }
            }
        }

        Require(open.Count == 0, "a ghost table for Outlook stays open", faults);
    }

    private static void Judge(IElement element, int width, List<string> faults)
    {
        var at = Place(element);
        if (ForbiddenElements.Contains(element.LocalName, StringComparer.Ordinal))
        {
            faults.Add($"{at}: not for mails");
        }

        if (element.Attributes.Any(a => a.Name.StartsWith("on", StringComparison.OrdinalIgnoreCase)))
        {
            faults.Add($"{at}: an event handler");
        }

        var style = element.GetAttribute("style") ?? "";
        if (Unsupported().Match(style) is { Success: true } bad)
        {
            faults.Add($"{at}: style \"{bad.Value}\" is not shown by all readers");
        }

        if (FixedWidth().Matches(style).Any(w => int.Parse(w.Groups["pixels"].Value, System.Globalization.CultureInfo.InvariantCulture) > width))
        {
            faults.Add($"{at}: wider than the mail");
        }

        switch (element.LocalName)
        {
            case "table":
                Require(element.GetAttribute("role") == "presentation", $"{at}: no role=presentation", faults);
                Require(
                    element.GetAttribute("cellpadding") == "0" && element.GetAttribute("cellspacing") == "0" && element.GetAttribute("border") == "0",
                    $"{at}: border, cellpadding and cellspacing are not 0", faults);
                break;
            case "img":
                Image(element, at, width, faults);
                break;
            case "a":
                Require(style.Contains("text-decoration", StringComparison.Ordinal), $"{at}: a link without text-decoration of its own", faults);
                break;
            case "p" or "h1" or "h2" or "h3" or "h4" or "ul" or "ol":
                Require(style.Contains("margin", StringComparison.Ordinal), $"{at}: leaves its margin to the reader", faults);
                break;
            case "div" when element.ParentElement?.LocalName is "body":
                Require(style.Contains("display:none", StringComparison.Ordinal), $"{at}: content outside of tables", faults);
                break;
        }

        if (element.ChildNodes.OfType<IText>().Any(t => Frames().Replace(t.Data, "").Trim().Length > 0) && element.Closest("body") is not null && !IsHidden(element))
        {
            Require(Inherits(element, "font-family") || Inherits(element, "font:"), $"{at}: text without a font", faults);
            Require(Inherits(element, "color:"), $"{at}: text without a colour", faults);
        }
    }

    private static void Image(IElement image, string at, int width, List<string> faults)
    {
        var style = image.GetAttribute("style") ?? "";
        Require(image.HasAttribute("alt"), $"{at}: no alternative text", faults);
        Require(style.Contains("border:0", StringComparison.Ordinal), $"{at}: a frame where it is a link", faults);
        Require(style.Contains("display:", StringComparison.Ordinal) || style.Contains("vertical-align", StringComparison.Ordinal), $"{at}: a gap below the image", faults);
        Require(image.HasAttribute("width") || image.HasAttribute("height"), $"{at}: Outlook would show it in its own size", faults);
        if (int.TryParse(image.GetAttribute("width"), out var pixels))
        {
            Require(pixels <= width, $"{at}: wider than the mail", faults);
        }

        var source = image.GetAttribute("src") ?? "";
        Require(
            source.StartsWith("https://", StringComparison.Ordinal) || source.StartsWith("http://", StringComparison.Ordinal) || source.StartsWith("/i/", StringComparison.Ordinal)
                || source.StartsWith('%'),
            $"{at}: shown from nowhere", faults);
    }

    private static bool IsHidden(IElement element) =>
        element.Ancestors<IElement>().Prepend(element).Any(e => e.GetAttribute("style")?.Contains("mso-hide:all", StringComparison.Ordinal) is true);

    private static bool Inherits(IElement element, string declaration) =>
        element.Ancestors<IElement>().Prepend(element).Any(e => e.GetAttribute("style")?.Split(';').Any(d => d.TrimStart().StartsWith(declaration, StringComparison.Ordinal)) is true);

    private static string Place(IElement element)
    {
        var text = element.TextContent.Trim();
        return $"<{element.LocalName}> \"{(text.Length > 40 ? text[..40] : text)}\"";
    }

    private static void Require(bool holds, string fault, List<string> faults)
    {
        if (!holds)
        {
            faults.Add(fault);
        }
    }
}
