namespace Millrace.Messaging.Design.Blocks;

[MailBlock("menu", Title = "Menu", Group = "Layout")]
internal sealed class MenuBlock : MailBlock
{
    public override IReadOnlyList<BlockOption> Options { get; } =
    [
        new("items", "Links", "list") { Fields = LinkRow.Fields },
        new("colour", "Colour", "colour"),
        BlockOption.Align("center"),
    ];

    public override string ToHtml(BlockInput block) => LinkRow.ToHtml(block, "&nbsp;&nbsp;&nbsp;&nbsp; ");

    public override string ToText(BlockInput block) => LinkRow.ToText(block);
}
