using System.Globalization;
using System.Text;

namespace Millrace.Messaging.Design;

/// <summary>A rendered design; personalization tags are still inside both bodies.</summary>
internal sealed record RenderedDesign(string Html, string Text, IReadOnlyList<DesignWarning> Warnings);

/// <summary>
/// Turns blocks into HTML that mail readers of all ages show alike: tables, inline styles, ghost tables for Outlook, columns that stack by
/// themselves where the screen is narrow; and into the text part.
/// </summary>
internal static class DesignRenderer
{
    /// <summary>From here on a large provider shows only the beginning of a mail.</summary>
    private const int ClippedAt = 102 * 1024;

    public static RenderedDesign Render(MailDesign design)
    {
        ArgumentNullException.ThrowIfNull(design);
        var warnings = new List<DesignWarning>();
        var html = new StringBuilder(16 * 1024);
        var text = new StringBuilder();
        MailFrame.Open(html, design);
        for (var s = 0; s < design.Sections.Count; s++)
        {
            Condition(html, design.Sections[s].ShowWhen, encode: true);
            Condition(text, design.Sections[s].ShowWhen, encode: false);
            WriteSection(html, text, design, design.Sections[s], $"/sections/{s}", warnings);
            EndCondition(html, design.Sections[s].ShowWhen);
            EndCondition(text, design.Sections[s].ShowWhen);
        }

        MailFrame.Close(html);
        var body = html.ToString();
        CheckWhole(body, warnings);
        return new(body, text.ToString().Trim() + "\n", warnings);
    }

    private static void WriteSection(
        StringBuilder html, StringBuilder text, MailDesign design, DesignSection section, string path, List<DesignWarning> warnings)
    {
        if (section.Shared is not null)
        {
            warnings.Add(new("shared_missing", path, "The shared section was deleted."));
            return;
        }

        var width = design.Settings.Width;
        var stripe = section.Background ?? design.Settings.Background;
        var card = section.ContentBackground ?? design.Settings.ContentBackground;
        var radius = $"{section.RadiusTop}px {section.RadiusTop}px {section.RadiusBottom}px {section.RadiusBottom}px";
        var picture = SectionPicture.Of(section, design.Settings, card, (code, message) => warnings.Add(new(code, path, message)));
        var stripeClass = Shown(section.Background is null ? "stripe d-bg" : "stripe", section.HideOn);
        var cardClass = section.ContentBackground is null && picture.Open.Length == 0 ? "card d-card" : "card";
        var reversed = IsReversed(section) ? " dir=\"rtl\"" : "";
        Append(html, $"<table role=\"presentation\" class=\"{stripeClass}\" width=\"100%\" border=\"0\" cellpadding=\"0\" cellspacing=\"0\" bgcolor=\"{stripe}\" style=\"background-color:{stripe}{HiddenStyle(section.HideOn)}\"><tr><td align=\"center\">");
        Append(html, $"<!--[if mso]><table role=\"presentation\" width=\"{width}\" align=\"center\" border=\"0\" cellpadding=\"0\" cellspacing=\"0\"><tr><td><![endif]-->");
        Append(html, $"<table role=\"presentation\" class=\"{cardClass}\" width=\"100%\" border=\"0\" cellpadding=\"0\" cellspacing=\"0\" bgcolor=\"{card}\" style=\"max-width:{width}px;margin:0 auto;background-color:{card};border-radius:{radius};border-collapse:separate\"><tr>");
        Append(html, $"<td class=\"{$"{(section.PaddingSide > 0 ? "pad" : "")} {HeadRules.ClassesOf(section)}".Trim()}\" align=\"center\"{picture.Attributes}{reversed} style=\"padding:{section.PaddingTop}px {section.PaddingSide}px {section.PaddingBottom}px;font-size:0{picture.Style}\">{picture.Open}");
        Append(html, $"<!--[if mso]><table role=\"presentation\" width=\"100%\" border=\"0\" cellpadding=\"0\" cellspacing=\"0\"{reversed}><tr><![endif]-->");
        WriteColumns(html, text, design, section, path, warnings);
        html.Append("<!--[if mso]></tr></table><![endif]-->").Append(picture.Close);
        html.Append("</td></tr></table><!--[if mso]></td></tr></table><![endif]--></td></tr></table>\n");
    }

    /// <summary>Columns written from the last to the first stack in that order; read from right to left they stand side by side as they were.</summary>
    private static bool IsReversed(DesignSection section) => section is { MobileReverse: true, StackOnMobile: true, Columns.Count: > 1 };

    private static void WriteColumns(
        StringBuilder html, StringBuilder text, MailDesign design, DesignSection section, string path, List<DesignWarning> warnings)
    {
        var inner = design.Settings.Width - (2 * section.PaddingSide);
        var shares = section.Columns.Sum(c => c.Share);
        var order = Enumerable.Range(0, section.Columns.Count);
        var reversed = IsReversed(section);
        foreach (var c in reversed ? order.Reverse() : order)
        {
            var column = section.Columns[c];
            var width = inner * column.Share / shares;
            var gap = section.Columns.Count > 1 ? section.Gap / 2 : 0;
            var percent = 100m * column.Share / shares;
            var size = section.Columns.Count == 1 ? "width:100%"
                : section.StackOnMobile ? $"width:100%;max-width:{width}px"
                : $"width:{percent.ToString("0.##", CultureInfo.InvariantCulture)}%;max-width:{width}px";
            var stack = section.StackOnMobile && section.Columns.Count > 1 ? "col stack" : "col";
            Append(html, $"<!--[if mso]><td width=\"{width}\" valign=\"{section.VerticalAlign}\"{(reversed ? " dir=\"ltr\"" : "")}><![endif]-->");
            Append(html, $"<div class=\"{stack}\"{(reversed ? " dir=\"ltr\"" : "")} style=\"display:inline-block;{size};vertical-align:{section.VerticalAlign}\">");
            Append(html, $"<table role=\"presentation\" width=\"100%\" border=\"0\" cellpadding=\"0\" cellspacing=\"0\"><tr><td class=\"gap\" style=\"padding:0 {gap}px\">");
            var fill = column.Background is { } colour ? $" bgcolor=\"{colour}\" style=\"background-color:{colour};border-radius:12px;border-collapse:separate\"" : "";
            Append(html, $"<table role=\"presentation\" width=\"100%\" border=\"0\" cellpadding=\"0\" cellspacing=\"0\"{fill}><tr><td style=\"padding:{column.Padding}px\">");
            Append(html, $"<table role=\"presentation\" width=\"100%\" border=\"0\" cellpadding=\"0\" cellspacing=\"0\">");
            var room = width - (2 * gap) - (2 * column.Padding);
            for (var b = 0; b < column.Blocks.Count; b++)
            {
                var isLast = b == column.Blocks.Count - 1;
                WriteBlock(html, text, design, column.Blocks[b], isLast, isThemed: section.ContentBackground is null && section.BackgroundImage is null && column.Background is null, room, $"{path}/columns/{c}/blocks/{b}", warnings);
            }

            html.Append("</table></td></tr></table></td></tr></table></div><!--[if mso]></td><![endif]-->");
        }
    }

    private static void WriteBlock(
        StringBuilder html, StringBuilder text, MailDesign design, DesignBlock block, bool isLast, bool isThemed, int room, string path, List<DesignWarning> warnings)
    {
        var kind = BlockCatalogue.Find(block.Kind) ?? throw new DesignInvalidException(path + "/kind", "unknown_name", "There is no such block.");
        var input = new BlockInput(kind.Options, block.Options, design.Settings, room - (2 * block.Padding), (code, message) => warnings.Add(new(code, path, message)));
        var align = block.Options.TryGetValue("align", out var own) ? own.GetString()! : kind.Options.FirstOrDefault(o => o.Key is "align")?.Default ?? "left";
        var ownColour = block.Background is not null || (block.Options.TryGetValue("colour", out var colour) && colour.GetString() is { Length: > 0 });
        var classes = $"{HeadRules.ClassesOf(block)}{(isThemed && !ownColour && block.Kind is not "button" ? " d-t" : "")}".Trim();
        Condition(html, block.ShowWhen, encode: true);
        Append(html, $"<tr class=\"{Shown("", block.HideOn)}\" style=\"{HiddenStyle(block.HideOn).TrimStart(';')}\"><td class=\"{classes}\" align=\"{align}\" style=\"padding:0 0 {(isLast ? 0 : block.SpaceBelow)}px;text-align:{align}\">");
        var boxed = block.Background is not null || block.Padding > 0;
        if (boxed)
        {
            var fill = block.Background is { } behind ? $" bgcolor=\"{behind}\" style=\"background-color:{behind}\"" : "";
            Append(html, $"<table role=\"presentation\" width=\"100%\" border=\"0\" cellpadding=\"0\" cellspacing=\"0\"{fill}><tr><td align=\"{align}\" style=\"padding:{block.Padding}px\">");
        }

        html.Append(kind.ToHtml(input)).Append(boxed ? "</td></tr></table></td></tr>" : "</td></tr>");
        EndCondition(html, block.ShowWhen);

        // Said once already by the HTML.
        if (kind.ToText(input with { Warn = (_, _) => { } }) is { Length: > 0 } words && block.HideOn is not "desktop")
        {
            Condition(text, block.ShowWhen, encode: false);
            text.Append(words).Append("\n\n");
            EndCondition(text, block.ShowWhen);
        }
    }

    private static void CheckWhole(string html, List<DesignWarning> warnings)
    {
        if (Encoding.UTF8.GetByteCount(html) > ClippedAt)
        {
            warnings.Add(new("too_large", "", "Over 102 KB: some readers will cut the mail off."));
        }

        if (!MailFooter.HasUnsubscribeLink(html))
        {
            warnings.Add(new("missing_unsubscribe", "", "No unsubscribe link: the default footer will be added."));
        }

        if (!MailFooter.HasSenderAddress(html))
        {
            warnings.Add(new("missing_address", "", "No sender address: the default footer will be added."));
        }
    }

    private static string Shown(string name, string? hideOn) =>
        (hideOn switch { "mobile" => $"{name} hm", "desktop" => $"{name} hd", _ => name }).Trim();

    private static string HiddenStyle(string? hideOn) => hideOn is "desktop" ? ";display:none;mso-hide:all" : "";

    private static void Condition(StringBuilder output, string? condition, bool encode)
    {
        if (!string.IsNullOrWhiteSpace(condition))
        {
            output.Append("%IF ").Append(encode ? BlockInput.Encode(condition).Replace("&#39;", "'", StringComparison.Ordinal).Replace("&quot;", "\"", StringComparison.Ordinal) : condition).Append('%');
        }
    }

    private static void EndCondition(StringBuilder output, string? condition) => output.Append(string.IsNullOrWhiteSpace(condition) ? "" : "%/IF%");

    private static void Append(StringBuilder output, FormattableString piece) => output.Append(piece.ToString(CultureInfo.InvariantCulture));
}
