using System.Globalization;

namespace Millrace.Messaging.Design.Blocks;

[MailBlock("image", Title = "Image", Group = "Media")]
internal sealed class ImageBlock : MailBlock
{
    public override IReadOnlyList<BlockOption> Options { get; } =
    [
        new("src", "Image", "image") { Required = true },
        new("alt", "Alternative text", "template") { Help = "Read aloud, and shown when images are off." },
        new("url", "Link", "url"),
        new("width", "Width in percent", "integer") { Default = "100", Least = 5, Most = 100 },
        new("radius", "Rounded corners", "integer") { Default = "0", Most = 60 },
        BlockOption.Align("center"),
    ];

    public override string ToHtml(BlockInput block)
    {
        if (block.Image("src", block.Width * block.Integer("width") / 100) is not { } picture)
        {
            return "";
        }

        if (block.Text("alt").Length == 0)
        {
            block.Warn("missing_alt", "The image has no alternative text.");
        }

        var margin = block.Text("align") switch { "left" => "0 auto 0 0", "right" => "0 0 0 auto", _ => "0 auto" };
        var image = string.Create(
            CultureInfo.InvariantCulture,
            $"<img src=\"{picture.Source}\" width=\"{picture.Width}\" alt=\"{block.Encoded("alt")}\" style=\"display:block;width:100%;max-width:{picture.Width}px;height:auto;border:0;border-radius:{block.Integer("radius")}px;margin:{margin};font-family:{block.FontFamily};font-size:14px;color:{block.Settings.MutedColour}\">");
        return block.Text("url").Length > 0 && block.Href("url") is { } url ? $"<a href=\"{url}\" target=\"_blank\" style=\"text-decoration:none\">{image}</a>" : image;
    }

    public override string ToText(BlockInput block) => block.Text("url").Length > 0 ? $"{block.Text("alt")} ({block.Text("url")})".Trim() : "";
}
