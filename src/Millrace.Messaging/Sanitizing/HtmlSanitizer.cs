using AngleSharp;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace Millrace.Messaging.Sanitizing;

/// <summary>
/// Makes HTML from users safe to mail and to show. Parses without scripting, keeps what is on the lists, writes it, and does so again until
/// nothing changes: markup that is clean when read once can be live when read twice.
/// </summary>
internal static class HtmlSanitizer
{
    private const string HtmlNamespace = "http://www.w3.org/1999/xhtml";
    private const int MaxRounds = 3;

    private static readonly HtmlParser Parser = new(new HtmlParserOptions { IsScripting = false });

    /// <summary>A whole document; style elements stay, cleaned.</summary>
    /// <exception cref="HtmlRefusedException">Too large, too deep, or it never comes to rest.</exception>
    public static string CleanDocument(string html) => UntilStable(html, source =>
    {
        using var document = Parser.ParseDocument(source);
        CleanChildren(document, keepStyles: true);
        return "<!DOCTYPE html>" + document.DocumentElement.ToHtml();
    });

    /// <summary>A piece of a body; style elements go.</summary>
    /// <exception cref="HtmlRefusedException">Too large, too deep, or it never comes to rest.</exception>
    public static string CleanFragment(string html) => UntilStable(html, source =>
    {
        using var document = Parser.ParseDocument("<!DOCTYPE html><body>" + source);
        CleanChildren(document, keepStyles: false);
        return document.Body?.InnerHtml ?? "";
    });

    internal static IHtmlDocument Parse(string html) => Parser.ParseDocument(html);

    private static string UntilStable(string html, Func<string, string> clean)
    {
        ArgumentNullException.ThrowIfNull(html);
        HtmlLimits.Check(html);
        var before = clean(html);
        for (var round = 1; round < MaxRounds; round++)
        {
            HtmlLimits.Check(before);
            var after = clean(before);
            if (string.Equals(after, before, StringComparison.Ordinal))
            {
                return after;
            }

            before = after;
        }

        throw new HtmlRefusedException("html_unstable", "The HTML changes its meaning each time it is read.");
    }

    private static void CleanChildren(INode parent, bool keepStyles)
    {
        for (var i = 0; i < parent.ChildNodes.Length;)
        {
            var node = parent.ChildNodes[i];
            if (node is IText or IDocumentType)
            {
                i++;
            }
            else if (node is not IElement element || element.NamespaceUri is not HtmlNamespace)
            {
                parent.RemoveChild(node);
            }
            else if (HtmlRules.IsTransparent(element.LocalName))
            {
                while (element.FirstChild is { } child)
                {
                    parent.InsertBefore(child, element);
                }

                parent.RemoveChild(element);
            }
            else if (!HtmlRules.IsAllowed(element.LocalName) || (element.LocalName is "style" && !keepStyles))
            {
                parent.RemoveChild(element);
            }
            else
            {
                CleanElement(element, keepStyles);
                i++;
            }
        }
    }

    private static void CleanElement(IElement element, bool keepStyles)
    {
        foreach (var attribute in element.Attributes.ToArray())
        {
            var value = attribute.NamespaceUri is null ? HtmlRules.Clean(attribute.LocalName, attribute.Value) : null;
            if (value is null)
            {
                element.RemoveAttribute(attribute.NamespaceUri, attribute.LocalName);
            }
            else if (!string.Equals(value, attribute.Value, StringComparison.Ordinal))
            {
                element.SetAttribute(attribute.LocalName, value);
            }
        }

        if (element.LocalName is "style")
        {
            element.TextContent = CssCleaner.CleanSheet(element.TextContent);
            return;
        }

        CleanChildren(element, keepStyles);
    }
}
