using Millrace.Messaging.Sanitizing;

namespace Millrace.Messaging.Design.Blocks;

/// <summary>Why one gets this mail, the sender's address and the way out: what the footer rule asks for.</summary>
[MailBlock("footer", Title = "Footer", Group = "Layout")]
internal sealed class FooterBlock : MailBlock
{
    public override IReadOnlyList<BlockOption> Options { get; } =
    [
        new("html", "Text", "rich_text") { Default = "" },
        new("unsubscribe_label", "Unsubscribe label", "text") { Default = "Unsubscribe" },
        new("colour", "Colour", "colour"),
        BlockOption.Align("center"),
    ];

    public override string ToHtml(BlockInput block)
    {
        var colour = block.Colour("colour", block.Settings.MutedColour);
        var text = block.Text("html").Length > 0 ? RichText.ToHtml(block.Text("html"), block.Settings, colour, 13, colour) : "";
        return $"<div style=\"font-family:{block.FontFamily};font-size:13px;line-height:1.6;color:{colour};text-align:{block.Text("align")}\">{text}"
            + $"%SENDER-INFO-SINGLELINE%<br><a href=\"%UNSUBSCRIBELINK%\" style=\"color:{colour};text-decoration:underline\">{block.Encoded("unsubscribe_label")}</a></div>";
    }

    public override string ToText(BlockInput block) =>
        $"{HtmlText.From(block.Text("html"))}\n%SENDER-INFO-SINGLELINE%\n{block.Text("unsubscribe_label")}: %UNSUBSCRIBELINK%".TrimStart();
}
