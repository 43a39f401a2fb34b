namespace Millrace.Messaging.Design.Blocks;

/// <summary>A button of a table cell with a border of its own colour, so that it has its full size in Outlook without VML.</summary>
[MailBlock("button", Title = "Button", Group = "Text")]
internal sealed class ButtonBlock : MailBlock
{
    public override IReadOnlyList<BlockOption> Options { get; } =
    [
        new("label", "Label", "template") { Required = true },
        new("url", "Link", "url") { Required = true },
        new("colour", "Colour", "colour"),
        new("text_colour", "Text colour", "colour"),
        new("full_width", "Full width", "switch") { Default = "false" },
        BlockOption.Align(),
    ];

    public override string ToHtml(BlockInput block)
    {
        var colour = block.Colour("colour", block.Settings.ButtonColour);
        var href = block.Href("url") is { } url ? $" href=\"{url}\" target=\"_blank\"" : "";
        var width = block.Switch("full_width") ? " width=\"100%\"" : "";
        return $"<table role=\"presentation\" border=\"0\" cellpadding=\"0\" cellspacing=\"0\"{width} align=\"{block.Text("align")}\" style=\"border-collapse:separate\"><tr>"
            + $"<td align=\"center\" bgcolor=\"{colour}\" style=\"background-color:{colour};border-radius:{block.Settings.ButtonRadius}px;mso-padding-alt:14px 28px\">"
            + $"<a{href} style=\"display:inline-block;padding:14px 28px;font-family:{block.FontFamily};font-size:16px;line-height:20px;font-weight:600;"
            + $"color:{block.Colour("text_colour", block.Settings.ButtonTextColour)};text-decoration:none;border-radius:{block.Settings.ButtonRadius}px\">"
            + $"{block.Encoded("label")}</a></td></tr></table>";
    }

    public override string ToText(BlockInput block) => $"{block.Text("label")}: {block.Text("url")}";
}
