using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Xml;

namespace Millrace.Integrations.Feeds;

/// <summary>An item of a feed.</summary>
/// <param name="Key">The same for the same item, whatever else of it changes.</param>
internal sealed record FeedItem(
    string Key, string Title, string Link = "", string Summary = "", string Author = "", string Image = "", DateTimeOffset? PublishedAt = null);

/// <summary>What a feed says of itself.</summary>
internal sealed record FeedChannel(string Title, string Link, string Description);

/// <summary>
/// Reads RSS 0.9 to 2.0 and Atom, item by item and never as a whole tree. No document type, no entities but XML's own, no depth, no length beyond what feeds have.
/// </summary>
internal static class FeedReader
{
    public const int MaxItems = 500;
    private const int MaxCharacters = 3_000_000;
    private const int MaxDepth = 64;
    private const int MaxText = 1_000;
    private const int MaxSummary = 20_000;

    /// <exception cref="FeedInvalidException">It is no feed, or one that must not be read.</exception>
    public static List<FeedItem> Read(Stream body) => ReadAll(body).Items;

    /// <exception cref="FeedInvalidException">It is no feed, or one that must not be read.</exception>
    public static (FeedChannel Channel, List<FeedItem> Items) ReadAll(Stream body)
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

            return Items(reader);
        }
        catch (XmlException e)
        {
            throw new FeedInvalidException($"The feed is no valid XML, or holds what is not read (line {e.LineNumber}).");
        }
    }

    private static (FeedChannel Channel, List<FeedItem> Items) Items(XmlReader reader)
    {
        var items = new List<FeedItem>();
        var channel = new FeedChannel("", "", "");
        while (items.Count < MaxItems && reader.Read())
        {
            Guard(reader);
            if (items.Count == 0 && reader is { NodeType: XmlNodeType.Element, Depth: 1 or 2 })
            {
                channel = ReadChannel(reader, channel);
            }

            if (reader is { NodeType: XmlNodeType.Element, LocalName: "item" or "entry", IsEmptyElement: false })
            {
                if (Item(reader) is { } item)
                {
                    items.Add(item);
                }
            }
        }

        return (channel, [.. items.DistinctBy(i => i.Key)]);
    }

    private static FeedChannel ReadChannel(XmlReader reader, FeedChannel channel) => reader.LocalName switch
    {
        "title" when channel.Title.Length == 0 => channel with { Title = Text(reader) },
        "link" when channel.Link.Length == 0 => channel with { Link = reader.GetAttribute("href") ?? Text(reader) },
        "description" or "subtitle" when channel.Description.Length == 0 => channel with { Description = Text(reader) },
        _ => channel,
    };

    private static FeedItem? Item(XmlReader reader)
    {
        string id = "", link = "", title = "", summary = "", author = "", image = "", date = "";
        var depth = reader.Depth;
        while (reader.Read() && reader.Depth > depth)
        {
            Guard(reader);
            if (reader.NodeType != XmlNodeType.Element || reader.Depth != depth + 1)
            {
                continue;
            }

            var name = reader.LocalName;
            switch (name)
            {
                case "link" when reader.GetAttribute("href") is { Length: > 0 } href:
                    link = link.Length == 0 || reader.GetAttribute("rel") is null or "alternate" ? href : link;
                    break;
                case "thumbnail" or "content" or "enclosure" when reader.GetAttribute("url") is { Length: > 0 } url:
                    image = image.Length == 0 && (name == "thumbnail" || reader.GetAttribute("type")?.StartsWith("image/", StringComparison.Ordinal) == true
                        || reader.GetAttribute("medium") == "image") ? url : image;
                    break;
                case "description" or "summary" or "encoded" or "content":
                    var told = Text(reader, MaxSummary);
                    summary = summary.Length == 0 ? told : summary;
                    break;
                case "creator" or "author":
                    // Of Atom the name stands within.
                    author = author.Length == 0 ? Text(reader) : author;
                    break;
                case "pubDate" or "published" or "updated" or "date":
                    var when = Text(reader);
                    date = date.Length == 0 || name is "published" ? when : date;
                    break;
                case "guid" or "id" or "link" or "title":
                    var text = Text(reader);
                    (id, link, title) = name switch
                    {
                        "link" => (id, text, title),
                        "title" => (id, link, text),
                        _ => (text, link, title),
                    };
                    break;
            }
        }

        var key = id.Length > 0 ? "id:" + id : link.Length > 0 ? "link:" + link : title.Length > 0 ? "title:" + title : null;
        return key is null ? null : new FeedItem(
            Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key))), title[..Math.Min(title.Length, 500)], link, summary, author, image,
            DateTimeOffset.TryParse(date, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : null);
    }

    /// <summary>The text of the present element; afterwards the reader stands on its end.</summary>
    private static string Text(XmlReader reader, int most = MaxText)
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
            if (reader.NodeType is XmlNodeType.Text or XmlNodeType.CDATA && text.Length < most)
            {
                text.Append(reader.Value.AsSpan(0, Math.Min(reader.Value.Length, most)));
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
