namespace Millrace.Messaging.Design.Blocks;

[MailBlock("heading", Title = "Heading", Group = "Text")]
internal sealed class HeadingBlock : MailBlock
{
    public override IReadOnlyList<BlockOption> Options { get; } =
    [
        new("text", "Text", "template") { Required = true },
        new("level", "Level", "choice") { Choices = ["1", "2", "3"], Default = "1" },
        new("size", "Size", "integer") { Default = "0", Most = 160, Help = "0 takes the size of the level." },
        new("colour", "Colour", "colour"),
        BlockOption.Align(),
    ];

    public override string ToHtml(BlockInput block)
    {
        var level = block.Text("level");
        var size = block.Integer("size") is > 0 and var own ? own : level switch { "1" => 32, "2" => 24, _ => 18 };
        return $"<h{level} style=\"margin:0;font-family:{block.HeadingFontFamily};font-size:{size}px;line-height:1.25;font-weight:700;"
            + $"letter-spacing:-0.01em;color:{block.Colour("colour", block.Settings.HeadingColour)};text-align:{block.Text("align")}\">"
            + $"{block.Encoded("text")}</h{level}>";
    }

    public override string ToText(BlockInput block) =>
        block.Text("level") is "1" ? $"{block.Text("text")}\n{new string('=', Math.Clamp(block.Text("text").Length, 3, 60))}" : block.Text("text");
}
