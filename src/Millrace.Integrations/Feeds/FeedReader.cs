using System.Security.Cryptography;
using System.Text;
using System.Xml;

namespace Millrace.Integrations.Feeds;

/// <summary>An item of a feed.</summary>
/// <param name="Key">The same for the same item, whatever else of it changes.</param>
internal sealed record FeedItem(string Key, string Title);

/// <summary>
/// Reads RSS 0.9 to 2.0 and Atom, item by item and never as a whole tree. No document type, no entities but XML's own, no depth, no length beyond what feeds have.
/// </summary>
internal static class FeedReader
{
    public const int MaxItems = 500;
    private const int MaxCharacters = 3_000_000;
    private const int MaxDepth = 64;
    private const int MaxText = 1_000;

    /// <exception cref="FeedInvalidException">It is no feed, or one that must not be read.</exception>
    public static List<FeedItem> Read(Stream body)
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

    private static List<FeedItem> Items(XmlReader reader)
    {
        var items = new List<FeedItem>();
        while (items.Count < MaxItems && reader.Read())
        {
            Guard(reader);
            if (reader is { NodeType: XmlNodeType.Element, LocalName: "item" or "entry", IsEmptyElement: false })
            {
                if (Item(reader) is { } item)
                {
                    items.Add(item);
                }
            }
        }

        return [.. items.DistinctBy(i => i.Key)];
    }

    private static FeedItem? Item(XmlReader reader)
    {
        string id = "", link = "", title = "";
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
        return key is null ? null : new FeedItem(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key))), title[..Math.Min(title.Length, 500)]);
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
                text.Append(reader.Value.AsSpan(0, Math.Min(reader.Value.Length, MaxText)));
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
