using Millrace.Messaging.Sharing;

namespace Millrace.Messaging.Design.Blocks;

/// <summary>Links by which readers share the mail: each leads to the network with the address of a copy that names nobody.</summary>
[MailBlock("share", Title = "Share this e-mail", Group = "Media")]
internal sealed class ShareBlock : MailBlock
{
    private static readonly HashSet<string> Usual = ["facebook", "x", "linkedin", "whatsapp"];

    public override IReadOnlyList<BlockOption> Options { get; } =
    [
        new("label", "In front", "template") { Default = "Share:" },
        .. ShareNetwork.All.Select(n => new BlockOption(n.Key, n.Title, "switch") { Default = Usual.Contains(n.Key) ? "true" : "false" }),
        new("forward", "Forward to a friend", "switch") { Default = "false" },
        new("colour", "Colour", "colour"),
        BlockOption.Align("center"),
    ];

    public override string ToHtml(BlockInput block)
    {
        var links = Links(block).Select(l =>
            $"<a href=\"{l.Tag}\" target=\"_blank\" style=\"color:{block.Colour("colour", block.Settings.LinkColour)};text-decoration:none;font-weight:600;white-space:nowrap\">{l.Title}</a>");
        var label = block.Encoded("label");
        return $"<div style=\"font-family:{block.FontFamily};font-size:14px;line-height:2;color:{block.Settings.MutedColour};text-align:{block.Text("align")}\">"
            + $"{(label.Length > 0 ? label + "&nbsp;&nbsp;" : "")}{string.Join("&nbsp;&nbsp;&middot;&nbsp;&nbsp;", links)}</div>";
    }

    public override string ToText(BlockInput block) => string.Join('\n', Links(block).Select(l => $"{l.Title}: {l.Tag}").Prepend(block.Text("label")).Where(l => l.Length > 0));

    private static IEnumerable<(string Title, string Tag)> Links(BlockInput block) =>
        ShareNetwork.All.Where(n => block.Switch(n.Key)).Select(n => (n.Title, $"%SOCIALSHARE-{n.Key.ToUpperInvariant()}%"))
            .Concat(block.Switch("forward") ? [("Forward to a friend", "%FORWARD2FRIEND%")] : []);
}
