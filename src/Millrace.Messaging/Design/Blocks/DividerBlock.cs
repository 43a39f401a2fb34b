namespace Millrace.Messaging.Design.Blocks;

[MailBlock("divider", Title = "Divider", Group = "Layout")]
internal sealed class DividerBlock : MailBlock
{
    public override IReadOnlyList<BlockOption> Options { get; } =
    [
        new("thickness", "Thickness", "integer") { Default = "1", Least = 1, Most = 20 },
        new("colour", "Colour", "colour") { Default = "#e5e7eb" },
        new("style", "Style", "choice") { Choices = ["solid", "dashed", "dotted"], Default = "solid" },
    ];

    public override string ToHtml(BlockInput block) =>
        "<table role=\"presentation\" width=\"100%\" border=\"0\" cellpadding=\"0\" cellspacing=\"0\"><tr><td style=\"border-top:"
        + $"{block.Integer("thickness")}px {block.Text("style")} {block.Colour("colour", "#e5e7eb")};font-size:0;line-height:0\">&nbsp;</td></tr></table>";

    public override string ToText(BlockInput block) => "----------";
}
