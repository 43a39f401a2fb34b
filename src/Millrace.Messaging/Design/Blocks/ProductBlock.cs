namespace Millrace.Messaging.Design.Blocks;

/// <summary>A thing for sale: picture, title, what it costs, a button. All texts take tags, so that it can be repeated over products.</summary>
[MailBlock("product", Title = "Product", Group = "Content")]
internal sealed class ProductBlock : MailBlock
{
    public override IReadOnlyList<BlockOption> Options { get; } =
    [
        new("image", "Image", "image"),
        new("title", "Title", "template") { Required = true },
        new("text", "Description", "template"),
        new("price", "Price", "template"),
        new("old_price", "Price before", "template") { Help = "Shown struck through." },
        new("button", "Button", "template") { Default = "Buy now" },
        new("url", "Link", "url") { Required = true },
        new("layout", "Picture", "choice") { Choices = ["above", "left"], Default = "above" },
        BlockOption.Align("center"),
    ];

    public override string ToHtml(BlockInput block)
    {
        var beside = block.Text("layout") is "left";
        var picture = Picture(block, beside ? block.Width * 2 / 5 : block.Width);
        var words = Words(block, beside ? "left" : block.Text("align"));
        return beside && picture.Length > 0
            ? "<table role=\"presentation\" width=\"100%\" border=\"0\" cellpadding=\"0\" cellspacing=\"0\"><tr>"
                + $"<td width=\"40%\" valign=\"top\" style=\"padding:0 16px 0 0\">{picture}</td><td valign=\"top\" align=\"left\">{words}</td></tr></table>"
            : "<table role=\"presentation\" width=\"100%\" border=\"0\" cellpadding=\"0\" cellspacing=\"0\">"
                + (picture.Length > 0 ? $"<tr><td align=\"{block.Text("align")}\" style=\"padding:0 0 12px\">{picture}</td></tr>" : "")
                + $"<tr><td align=\"{block.Text("align")}\">{words}</td></tr></table>";
    }

    public override string ToText(BlockInput block) => string.Join(
        '\n',
        new[] { block.Text("title"), block.Text("text"), block.Text("price"), $"{block.Text("button")}: {block.Text("url")}" }.Where(l => l.Trim().Length > 0));

    private static string Picture(BlockInput block, int width)
    {
        if (block.Image("image", width) is not { } image)
        {
            return "";
        }

        var shown = $"<img src=\"{image.Source}\" width=\"{image.Width}\" alt=\"{block.Encoded("title")}\" style=\"display:block;width:100%;max-width:{image.Width}px;"
            + $"height:auto;border:0;font-family:{block.FontFamily};font-size:14px;color:{block.Settings.MutedColour}\">";
        return block.Href("url") is { } url ? $"<a href=\"{url}\" target=\"_blank\" style=\"text-decoration:none\">{shown}</a>" : shown;
    }

    private static string Words(BlockInput block, string align)
    {
        var settings = block.Settings;
        var before = block.Text("old_price").Length > 0
            ? $" <span style=\"color:{settings.MutedColour};font-weight:400;text-decoration:line-through\">{block.Encoded("old_price")}</span>" : "";
        var href = block.Href("url") is { } url ? $" href=\"{url}\" target=\"_blank\"" : "";
        return $"<h3 style=\"margin:0 0 4px;font-family:{block.HeadingFontFamily};font-size:18px;line-height:1.3;font-weight:700;color:{settings.HeadingColour};text-align:{align}\">{block.Encoded("title")}</h3>"
            + Line("text", 14, 400, settings.TextColour, "")
            + Line("price", 17, 700, settings.HeadingColour, before)
            + (block.Text("button").Length > 0
                ? $"<table role=\"presentation\" border=\"0\" cellpadding=\"0\" cellspacing=\"0\" align=\"{align}\" style=\"border-collapse:separate\"><tr>"
                    + $"<td align=\"center\" bgcolor=\"{settings.ButtonColour}\" style=\"background-color:{settings.ButtonColour};border-radius:{settings.ButtonRadius}px;mso-padding-alt:10px 20px\">"
                    + $"<a{href} class=\"b\" style=\"display:inline-block;padding:10px 20px;font-family:{block.FontFamily};font-size:14px;line-height:18px;font-weight:600;"
                    + $"color:{settings.ButtonTextColour};text-decoration:none;border-radius:{settings.ButtonRadius}px\">{block.Encoded("button")}</a></td></tr></table>"
                : "");

        string Line(string key, int size, int weight, string colour, string after) => block.Text(key).Length == 0 && after.Length == 0 ? ""
            : $"<p style=\"margin:0 0 10px;font-family:{block.FontFamily};font-size:{size}px;line-height:1.5;font-weight:{weight};color:{colour};text-align:{align}\">{block.Encoded(key)}{after}</p>";
    }
}
