namespace Millrace.Messaging.Design.Blocks;

/// <summary>Mail readers play no video: a picture and a line that lead to it.</summary>
[MailBlock("video", Title = "Video", Group = "Media")]
internal sealed class VideoBlock : MailBlock
{
    public override IReadOnlyList<BlockOption> Options { get; } =
    [
        new("url", "Video page", "url") { Required = true },
        new("thumbnail", "Picture", "image") { Required = true },
        new("title", "Title", "template") { Default = "Watch the video" },
    ];

    public override string ToHtml(BlockInput block)
    {
        var link = block.Href("url") is { } url ? $" href=\"{url}\" target=\"_blank\"" : "";
        var picture = block.Image("thumbnail", block.Width) is { } shown
            ? $"<img src=\"{shown.Source}\" width=\"{shown.Width}\" alt=\"{block.Encoded("title")}\" style=\"display:block;width:100%;max-width:{shown.Width}px;height:auto;border:0\">"
            : "";
        return $"<a{link} style=\"text-decoration:none\">{picture}<span style=\"display:block;padding:12px 0;font-family:{block.FontFamily};font-size:16px;"
            + $"font-weight:600;color:{block.Settings.LinkColour};text-align:center\">&#9654;&nbsp; {block.Encoded("title")}</span></a>";
    }

    public override string ToText(BlockInput block) => $"{block.Text("title")}: {block.Text("url")}";
}
