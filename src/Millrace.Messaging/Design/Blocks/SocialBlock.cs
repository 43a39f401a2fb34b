namespace Millrace.Messaging.Design.Blocks;

[MailBlock("social", Title = "Social links", Group = "Media")]
internal sealed class SocialBlock : MailBlock
{
    public override IReadOnlyList<BlockOption> Options { get; } =
    [
        new("items", "Links", "list") { Fields = LinkRow.Fields },
        new("colour", "Colour", "colour"),
        BlockOption.Align("center"),
    ];

    public override string ToHtml(BlockInput block) => LinkRow.ToHtml(block, "&nbsp;&nbsp;&middot;&nbsp;&nbsp;");

    public override string ToText(BlockInput block) => LinkRow.ToText(block);
}
