using Millrace.Messaging.Sanitizing;

namespace Millrace.Messaging.Design.Blocks;

[MailBlock("html", Title = "HTML", Group = "Layout")]
internal sealed class HtmlBlock : MailBlock
{
    public override IReadOnlyList<BlockOption> Options { get; } = [new("html", "HTML", "html") { Required = true }];

    public override string ToHtml(BlockInput block) => HtmlSanitizer.CleanFragment(block.Text("html"));

    public override string ToText(BlockInput block) => HtmlText.From(block.Text("html"));
}
