using Millrace.Messaging.Sanitizing;

namespace Millrace.Messaging.Design.Blocks;

[MailBlock("text", Title = "Text", Group = "Text")]
internal sealed class TextBlock : MailBlock
{
    public override IReadOnlyList<BlockOption> Options { get; } =
    [
        new("html", "Text", "rich_text") { Required = true },
        new("size", "Size", "integer") { Default = "16", Least = 10, Most = 40 },
        new("colour", "Colour", "colour"),
        BlockOption.Align(),
    ];

    public override string ToHtml(BlockInput block)
    {
        if (block.Integer("size") < 12)
        {
            block.Warn("tiny_text", "Text under 12 pixels is hard to read.");
        }

        var colour = block.Colour("colour", block.Settings.TextColour);
        var html = RichText.ToHtml(block.Text("html"), block.Settings, colour, block.Integer("size"), block.Colour("colour", block.Settings.LinkColour));
        return $"<div style=\"font-family:{block.FontFamily};font-size:{block.Integer("size")}px;line-height:1.6;color:{colour};"
            + $"text-align:{block.Text("align")}\">{html}</div>";
    }

    public override string ToText(BlockInput block) => HtmlText.From(block.Text("html"));
}
