namespace Millrace.Messaging.Design.Blocks;

/// <summary>Name or logo on the left, "view in browser" on the right.</summary>
[MailBlock("header", Title = "Header", Group = "Layout")]
internal sealed class HeaderBlock : MailBlock
{
    public override IReadOnlyList<BlockOption> Options { get; } =
    [
        new("name", "Name", "template") { Required = true },
        new("logo", "Logo", "image"),
        new("colour", "Colour", "colour"),
        new("web_copy", "Link to the web copy", "switch") { Default = "true" },
        new("web_copy_label", "Its label", "text") { Default = "View in browser", VisibleWhen = "web_copy=true" },
    ];

    public override string ToHtml(BlockInput block)
    {
        var colour = block.Colour("colour", block.Settings.HeadingColour);
        var name = block.Image("logo", 300) is { } logo
            ? $"<img src=\"{logo.Source}\" height=\"32\" alt=\"{block.Encoded("name")}\" style=\"display:block;height:32px;width:auto;border:0\">"
            : block.Encoded("name");
        var copy = block.Switch("web_copy")
            ? $"<td align=\"right\" style=\"font-family:{block.FontFamily};font-size:13px\"><a href=\"%WEBCOPY%\" style=\"color:{block.Colour("colour", block.Settings.MutedColour)};text-decoration:underline\">{block.Encoded("web_copy_label")}</a></td>"
            : "";
        return "<table role=\"presentation\" width=\"100%\" border=\"0\" cellpadding=\"0\" cellspacing=\"0\"><tr>"
            + $"<td align=\"left\" style=\"font-family:{block.HeadingFontFamily};font-size:18px;font-weight:700;color:{colour}\">{name}</td>{copy}</tr></table>";
    }

    public override string ToText(BlockInput block) =>
        block.Text("name") + (block.Switch("web_copy") ? $"\n{block.Text("web_copy_label")}: %WEBCOPY%" : "");
}
