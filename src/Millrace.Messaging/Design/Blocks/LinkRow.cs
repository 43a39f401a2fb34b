namespace Millrace.Messaging.Design.Blocks;

/// <summary>Links side by side, as menus and social links have them.</summary>
internal static class LinkRow
{
    public static IReadOnlyList<BlockOption> Fields { get; } =
        [new("label", "Label", "template") { Required = true }, new("url", "Link", "url") { Required = true }];

    public static string ToHtml(BlockInput block, string separator)
    {
        var links = block.Items("items").Select(item =>
            $"<a{(item.Href("url") is { } url ? $" href=\"{url}\" target=\"_blank\"" : "")} style=\"color:{Colour(block)};text-decoration:none;"
            + $"font-weight:600;white-space:nowrap\">{item.Encoded("label")}</a>");
        return $"<div style=\"font-family:{block.FontFamily};font-size:14px;line-height:2;color:{block.Settings.MutedColour};text-align:{block.Text("align")}\">"
            + $"{string.Join(separator, links)}</div>";
    }

    public static string ToText(BlockInput block) =>
        string.Join('\n', block.Items("items").Select(i => $"{i.Text("label")}: {i.Text("url")}"));

    private static string Colour(BlockInput block) => block.Colour("colour", block.Settings.LinkColour);
}
