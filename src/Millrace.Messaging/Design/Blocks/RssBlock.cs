using System.Globalization;
using System.Text.RegularExpressions;

namespace Millrace.Messaging.Design.Blocks;

/// <summary>
/// Items of a feed, as they are when the mail goes out. Written with the tags of feeds (<c>%RSS-FEED%</c>), whose loop repeats what is between them:
/// who personalizes the mail reads the feed, once for all recipients.
/// </summary>
[MailBlock("rss", Title = "RSS feed", Group = "Content")]
internal sealed partial class RssBlock : MailBlock
{
    public override IReadOnlyList<BlockOption> Options { get; } =
    [
        new("url", "Address of the feed", "url") { Required = true, Help = "RSS or Atom." },
        new("show", "Items", "choice") { Choices = ["all", "new"], Default = "all", Help = "New: those since the mail went out last." },
        new("items", "At most", "integer") { Default = "3", Least = 1, Most = 20 },
        new("date", "Date", "switch") { Default = "true" },
        new("summary", "Summary", "switch") { Default = "true" },
        new("more", "Link to the item", "template") { Default = "Read more" },
        BlockOption.Align(),
    ];

    /// <summary>The bars and percent signs of tags would end the one that the address stands in.</summary>
    [GeneratedRegex("^https?://[^\\s|%\"'<>]+$", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex FeedAddress();

    public override string ToHtml(BlockInput block)
    {
        if (Feed(block) is not { } feed)
        {
            block.Warn("empty_link", "The feed has no address that can be read.");
            return "";
        }

        var settings = block.Settings;
        var font = block.FontFamily;
        var align = block.Text("align");
        var more = block.Text("more").Length > 0
            ? $"<a href=\"%RSS:ITEM:LINK%\" target=\"_blank\" style=\"font-family:{font};font-size:14px;line-height:1.6;font-weight:600;color:{settings.LinkColour};text-decoration:underline\">{block.Encoded("more")}</a>"
            : "";
        var date = block.Switch("date")
            ? $"<p style=\"margin:0 0 4px;font-family:{font};font-size:13px;line-height:1.5;color:{settings.MutedColour}\">%RSS:ITEM:DATE%</p>" : "";
        var summary = block.Switch("summary")
            ? $"<p style=\"margin:0 0 6px;font-family:{font};font-size:15px;line-height:1.6;color:{settings.TextColour}\">%RSS:ITEM:SUMMARY|SHORTEN:500%</p>" : "";
        return $"{feed.Open}<table role=\"presentation\" width=\"100%\" border=\"0\" cellpadding=\"0\" cellspacing=\"0\">{feed.Loop}"
            + $"<tr><td align=\"{align}\" style=\"padding:0 0 20px;text-align:{align}\">"
            + $"<h3 style=\"margin:0 0 4px;font-family:{block.HeadingFontFamily};font-size:18px;line-height:1.3;font-weight:700;color:{settings.HeadingColour}\">"
            + $"<a href=\"%RSS:ITEM:LINK%\" target=\"_blank\" style=\"color:{settings.HeadingColour};text-decoration:none\">%RSS:ITEM:TITLE%</a></h3>"
            + $"{date}{summary}{more}</td></tr>%RSS-LOOP%</table>%RSS-FEED%";
    }

    public override string ToText(BlockInput block) => Feed(block) is { } feed
        ? $"{feed.Open}{feed.Loop}%RSS:ITEM:TITLE%\n{(block.Switch("summary") ? "%RSS:ITEM:SUMMARY|SHORTEN:500%\n" : "")}%RSS:ITEM:LINK%\n\n%RSS-LOOP%%RSS-FEED%"
        : "";

    private static (string Open, string Loop)? Feed(BlockInput block) => block.Text("url").Trim() is var url && FeedAddress().IsMatch(url)
        ? ($"%RSS-FEED|URL:{url}|SHOW:{block.Text("show").ToUpperInvariant()}%", $"%RSS-LOOP|LIMIT:{block.Integer("items").ToString(CultureInfo.InvariantCulture)}%")
        : null;
}
