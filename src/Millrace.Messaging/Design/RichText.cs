using Millrace.Messaging.Sanitizing;

namespace Millrace.Messaging.Design;

/// <summary>Rich text of the editor: cleaned, then every element gets its look inline, for many mail readers know no style sheet.</summary>
internal static class RichText
{
    public static string ToHtml(string html, DesignSettings settings, string colour, int size, string linkColour)
    {
        using var document = HtmlSanitizer.Parse("<!DOCTYPE html><body>" + HtmlSanitizer.CleanFragment(html));
        var body = document.Body!;
        foreach (var element in body.QuerySelectorAll("p,ul,ol,li,a,h1,h2,h3,h4,blockquote"))
        {
            var look = element.LocalName switch
            {
                "p" => $"margin:0 0 14px;font-size:{size}px;line-height:1.6;color:{colour}",
                "ul" or "ol" => $"margin:0 0 14px;padding:0 0 0 24px;font-size:{size}px;line-height:1.6;color:{colour}",
                "li" => "margin:0 0 6px",
                "a" => $"color:{linkColour};text-decoration:underline",
                "blockquote" => $"margin:0 0 14px;padding:4px 0 4px 16px;border-left:3px solid {linkColour};color:{colour}",
                "h1" => Heading(30, settings),
                "h2" => Heading(24, settings),
                _ => Heading(19, settings),
            };
            element.SetAttribute("style", $"{look};{element.GetAttribute("style")}".TrimEnd(';'));
        }

        if (body.LastElementChild is { LocalName: "p" or "ul" or "ol" } last)
        {
            last.SetAttribute("style", last.GetAttribute("style")!.Replace("margin:0 0 14px", "margin:0", StringComparison.Ordinal));
        }

        return body.InnerHtml;
    }

    private static string Heading(int size, DesignSettings settings) =>
        $"margin:0 0 12px;font-size:{size}px;line-height:1.25;font-weight:700;color:{settings.HeadingColour}";
}
