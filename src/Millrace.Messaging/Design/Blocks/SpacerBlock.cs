namespace Millrace.Messaging.Design.Blocks;

[MailBlock("spacer", Title = "Spacer", Group = "Layout")]
internal sealed class SpacerBlock : MailBlock
{
    public override IReadOnlyList<BlockOption> Options { get; } = [new("height", "Height", "integer") { Default = "24", Least = 1, Most = 200 }];

    public override string ToHtml(BlockInput block) =>
        $"<div style=\"height:{block.Integer("height")}px;line-height:{block.Integer("height")}px;font-size:0\">&nbsp;</div>";

    public override string ToText(BlockInput block) => "";
}
