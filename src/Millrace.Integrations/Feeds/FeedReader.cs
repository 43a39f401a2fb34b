using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml;
using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;

namespace Millrace.Integrations.Feeds;

/// <summary>
/// Reads RSS 0.9 to 2.0 and Atom, item by item and never as a whole tree. No document type, no entities but XML's own, no depth, no length beyond what feeds have.
/// </summary>
internal static partial class FeedReader
{
    public const int MaxItems = 500;
    public const int MaxShown = 100;
    private const int MaxCharacters = 3_000_000;
    private const int MaxDepth = 64;
    private const int MaxText = 20_000;
    private const int MaxTitle = 500;
    private const int MaxLink = 2_048;

    [GeneratedRegex(@"<[^<>]*>", RegexOptions.NonBacktracking)]
    private static partial Regex Markup();

    [GeneratedRegex(@"[ \t\u00A0]*[\r\n][\s\u00A0]*", RegexOptions.NonBacktracking)]
    private static partial Regex Lines();

    /// <exception cref="FeedInvalidException">It is no feed, or one that must not be read.</exception>
    public static FeedDocument Read(Stream body)
    {
        var settings = new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Prohibit,
            XmlResolver = null,
            MaxCharactersInDocument = MaxCharacters,
            MaxCharactersFromEntities = 1,
            IgnoreComments = true,
            IgnoreProcessingInstructions = true,
        };
        try
        {
            using var reader = XmlReader.Create(body, settings);
            reader.MoveToContent();
            if (reader.LocalName is not ("rss" or "RDF" or "feed"))
            {
                throw new FeedInvalidException("The address answers with no RSS or Atom feed.");
            }

            return Document(reader);
        }
        catch (XmlException e)
        {
            throw new FeedInvalidException($"The feed is no valid XML, or holds what is not read (line {e.LineNumber}).");
        }
    }

    private static FeedDocument Document(XmlReader reader)
    {
        var items = new List<FeedEntry>();
        string title = "", link = "", description = "";
        while (items.Count < MaxItems && reader.Read())
        {
            Guard(reader);
            if (reader.NodeType != XmlNodeType.Element)
            {
                continue;
            }

            switch (reader.LocalName)
            {
                case "item" or "entry" when !reader.IsEmptyElement:
                    if (Item(reader) is { } item)
                    {
                        items.Add(item);
                    }

                    break;
                case "title" when title.Length == 0 && reader.Depth <= 2 && IsFeedElement(reader):
                    title = StorableText.Cut(Plain(Text(reader)), MaxTitle);
                    break;
                case "link" when link.Length == 0 && reader.Depth <= 2 && IsFeedElement(reader):
                    link = StorableText.Cut(reader.GetAttribute("rel") is null or "alternate" ? reader.GetAttribute("href") ?? Text(reader) : "", MaxLink);
                    break;
                case "description" or "subtitle" when description.Length == 0 && reader.Depth <= 2 && IsFeedElement(reader):
                    description = StorableText.Cut(Plain(Text(reader)), MaxText);
                    break;
                case "image" or "textInput" when !reader.IsEmptyElement:
                    // Has a title and a link of its own.
                    Text(reader);
                    break;
            }
        }

        return new FeedDocument(title, link, description, [.. items.DistinctBy(i => i.Key)]);
    }

    private static FeedEntry? Item(XmlReader reader)
    {
        string id = "", link = "", title = "", published = "", updated = "", summary = "", content = "", author = "", image = "";
        var depth = reader.Depth;
        while (reader.Read() && reader.Depth > depth)
        {
            Guard(reader);
            if (reader.NodeType != XmlNodeType.Element || reader.Depth != depth + 1)
            {
                continue;
            }

            var isMedia = reader.NamespaceURI.Contains("/mrss", StringComparison.Ordinal);
            switch (reader.LocalName)
            {
                case "link" when reader.GetAttribute("href") is { Length: > 0 } href:
                    link = link.Length == 0 || reader.GetAttribute("rel") is null or "alternate" ? href : link;
                    break;
                case "link":
                    link = Text(reader);
                    break;
                case "guid" or "id":
                    id = Text(reader);
                    break;
                case "title" when !isMedia:
                    title = Text(reader);
                    break;
                case "pubDate" or "published" or "date":
                    published = Text(reader);
                    break;
                case "updated":
                    updated = Text(reader);
                    break;
                case "description" or "summary" when !isMedia:
                    summary = Text(reader);
                    break;
                case "encoded" or "content" when !isMedia:
                    content = Text(reader);
                    break;
                case "creator" or "author":
                    author = Text(reader);
                    break;
                case "enclosure" or "content" or "thumbnail" when image.Length == 0
                    && (reader.LocalName == "thumbnail" || reader.GetAttribute("type")?.StartsWith("image/", StringComparison.Ordinal) == true || reader.GetAttribute("medium") == "image"):
                    image = reader.GetAttribute("url") ?? "";
                    break;
            }
        }

        var shown = StorableText.Cut(Plain(title), MaxTitle);
        var key = id.Length > 0 ? "id:" + id : link.Length > 0 ? "link:" + link : title.Length > 0 ? "title:" + title : null;
        return key is null ? null : new FeedEntry(
            Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(StorableText.Cut(key, 1_000)))), shown, StorableText.Cut(link, MaxLink), Moment(published.Length > 0 ? published : updated),
            StorableText.Cut(Plain(summary), MaxText), StorableText.Cut(Plain(content.Length > 0 ? content : summary), MaxText), StorableText.Cut(Plain(author), MaxTitle), StorableText.Cut(image, MaxLink));
    }

    /// <summary>Not those of extensions, such as <c>itunes:title</c>; Atom's own <c>link</c> in an RSS channel is the feed's address, not the site's.</summary>
    private static bool IsFeedElement(XmlReader reader) =>
        reader.NamespaceURI is "" or "http://purl.org/rss/1.0/" or "http://my.netscape.com/rdf/simple/0.9/" || (reader.NamespaceURI is "http://www.w3.org/2005/Atom" && reader.Depth == 1);

    /// <summary>Dates of RSS (RFC 822, with zones by name) and of Atom (RFC 3339).</summary>
    private static string Moment(string text)
    {
        text = text.Trim();
        if (text.Length > 60)
        {
            return "";
        }

        foreach (var (name, offset) in new[] { ("GMT", "+0000"), ("UTC", "+0000"), ("UT", "+0000"), ("EST", "-0500"), ("EDT", "-0400"), ("CST", "-0600"), ("CDT", "-0500"), ("MST", "-0700"), ("MDT", "-0600"), ("PST", "-0800"), ("PDT", "-0700") })
        {
            if (text.EndsWith(' ' + name, StringComparison.OrdinalIgnoreCase))
            {
                text = text[..^name.Length] + offset;
                break;
            }
        }

        // 12:00:00 +0100 becomes 12:00:00 +01:00, which is what the reader knows.
        if (text.Length > 6 && text[^5] is '+' or '-' && text[^4..].All(char.IsAsciiDigit))
        {
            text = text[..^2] + ":" + text[^2..];
        }

        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AllowWhiteSpaces | DateTimeStyles.AssumeUniversal, out var moment)
            ? moment.ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture)
            : "";
    }

    /// <summary>Markup that a feed wraps into its texts is taken out, and what it encoded is decoded, once.</summary>
    private static string Plain(string text)
    {
        if (text.Contains('<', StringComparison.Ordinal))
        {
            text = Markup().Replace(text, " ");
        }

        text = WebUtility.HtmlDecode(text);
        return Lines().Replace(text, "\n").Replace("  ", " ", StringComparison.Ordinal).Trim();
    }

    /// <summary>The text of the present element; afterwards the reader stands on its end.</summary>
    private static string Text(XmlReader reader)
    {
        if (reader.IsEmptyElement)
        {
            return string.Empty;
        }

        var text = new StringBuilder();
        var depth = reader.Depth;
        while (reader.Read() && reader.Depth > depth)
        {
            Guard(reader);
            if (reader.NodeType is XmlNodeType.Text or XmlNodeType.CDATA && text.Length < MaxText)
            {
                text.Append(reader.Value.AsSpan(0, Math.Min(reader.Value.Length, MaxText - text.Length)));
            }
        }

        return text.Replace("\0", "").ToString().Trim();
    }

    private static void Guard(XmlReader reader)
    {
        if (reader.Depth > MaxDepth)
        {
            throw new FeedInvalidException("The feed is nested deeper than feeds are.");
        }
    }
}

/// <summary>What the address answered cannot be read as a feed.</summary>
internal sealed class FeedInvalidException(string message) : Exception(message);
