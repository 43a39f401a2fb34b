using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Millrace.Kernel.Extensibility;
using Millrace.Messaging.Contracts;
using Millrace.Messaging.Design;
using Millrace.Messaging.Sanitizing;

namespace Millrace.Messaging.Campaigns.Running;

/// <summary>
/// Puts what a feed shows into a mail: <c>%RSS-FEED|...% ... %RSS-FEED%</c> around, <c>%RSS-LOOP|LIMIT:n% ... %RSS-LOOP%</c> once for each item, and the tags
/// <c>%RSS:CHANNEL:TITLE%</c>, <c>:LINK%</c>, <c>:DESCRIPTION%</c>, <c>%RSS:ITEM:TITLE%</c>, <c>:LINK%</c>, <c>:SUMMARY%</c>, <c>:DATE%</c>, <c>:AUTHOR%</c>,
/// <c>:IMAGE%</c>. What a stranger's feed says is text: it becomes neither markup nor tag.
/// </summary>
internal static partial class FeedText
{
    private const int MaxSummary = 500;

    /// <param name="limit">Items where a loop names no number.</param>
    /// <returns>The content with HTML in place of its design.</returns>
    public static MessageContent Expand(MessageContent content, FeedContent feed, IReadOnlyList<FeedEntry> items, int limit)
    {
        var (html, text) = (content.Html, content.Text);
        if (content.Design is { } design)
        {
            var rendered = DesignRenderer.Render(DesignJson.Read(design.GetRawText()));
            (html, text) = (rendered.Html, text.Length > 0 ? text : rendered.Text);
        }

        return content with
        {
            Subject = Fill(content.Subject, feed, items, limit, Plain),
            Preheader = Fill(content.Preheader, feed, items, limit, Plain),
            Html = Fill(html, feed, items, limit, Encoded),
            Text = Fill(text, feed, items, limit, Plain),
            Design = null,
        };
    }

    /// <summary>A feed to look at while there is none: for checks and previews.</summary>
    public static readonly FeedContent Sample = new(
        "Example feed", "https://example.com", "What is new", [new("sample", "An example item", "https://example.com/item", "The summary of an item.", "Ann", "", null)], null);

    private static string Fill(string template, FeedContent feed, IReadOnlyList<FeedEntry> items, int limit, Func<string, string> place)
    {
        if (!template.Contains("%RSS", StringComparison.Ordinal))
        {
            return template;
        }

        var looped = Loop().Replace(Around().Replace(template, ""), loop =>
        {
            var most = int.TryParse(loop.Groups["n"].ValueSpan, CultureInfo.InvariantCulture, out var n) ? n : limit;
            return string.Concat(items.Take(Math.Clamp(most, 1, 50)).Select(item => Item().Replace(loop.Groups["body"].Value, tag => place(Of(item, tag.Groups["what"].Value)))));
        });

        // Outside of a loop the tags of items are those of the first: a subject that names the newest post.
        var first = items.Count > 0 ? Item().Replace(looped, tag => place(Of(items[0], tag.Groups["what"].Value))) : Item().Replace(looped, "");
        return Channel().Replace(first, tag => place(tag.Groups["what"].Value switch
        {
            "TITLE" => feed.Title,
            "LINK" => Link(feed.Link),
            "DESCRIPTION" => Short(feed.Description),
            _ => "",
        }));
    }

    private static string Of(FeedEntry item, string what) => what switch
    {
        "TITLE" => item.Title,
        "LINK" => Link(item.Link),
        "SUMMARY" or "DESCRIPTION" or "CONTENT" => Short(item.Summary),
        "DATE" => item.PublishedAt?.ToString("d MMMM yyyy", CultureInfo.InvariantCulture) ?? "",
        "AUTHOR" => item.Author,
        "IMAGE" => Link(item.Image),
        _ => "",
    };

    private static string Link(string address) => Uri.TryCreate(address, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" ? url.AbsoluteUri : "";

    private static string Short(string text)
    {
        var plain = text.Contains('<', StringComparison.Ordinal) ? HtmlText.From(text) : text;
        plain = Space().Replace(plain, " ").Trim();
        return plain.Length <= MaxSummary ? plain : plain[..MaxSummary].TrimEnd() + "…";
    }

    private static string Encoded(string value) => WebUtility.HtmlEncode(Plain(value));

    /// <summary>A tag can only be kept from being one by another sign: an entity would be the sign itself again once the HTML has been cleaned.</summary>
    private static string Plain(string value) => Tag().Replace(value.ReplaceLineEndings(" "), found => found.Value.Replace('%', '\uFF05'));

    [GeneratedRegex(@"%RSS-FEED(\|[^%\r\n]{0,2100})?%", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Around();

    [GeneratedRegex(@"%RSS-LOOP(\|(LIMIT:(?<n>[0-9]{1,3}))?[^%\r\n]{0,200})?%(?<body>.*?)%RSS-LOOP%", RegexOptions.ExplicitCapture | RegexOptions.Singleline, 1000)]
    private static partial Regex Loop();

    [GeneratedRegex(@"%RSS:ITEM:(?<what>[A-Z]{1,20})%", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Item();

    [GeneratedRegex(@"%RSS:CHANNEL:(?<what>[A-Z]{1,20})%", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Channel();

    [GeneratedRegex(@"%(IF|ELSEIF|ELSE|/IF|[A-Z][A-Z0-9_:+-]*(\|[^%\r\n<]*)?)[%\s]", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Tag();

    [GeneratedRegex(@"\s+", RegexOptions.None, 1000)]
    private static partial Regex Space();
}
