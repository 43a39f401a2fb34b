using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Millrace.Kernel.Extensibility;
using Millrace.Messaging.Personalization;

namespace Millrace.Messaging.Feeds;

/// <summary>One <c>%RSS-FEED|URL:...|SHOW:...%</c> of a body.</summary>
/// <param name="OnlyNew">Items that were in no mail of the same campaign yet.</param>
internal readonly record struct FeedAsked(string Url, bool OnlyNew);

/// <summary>
/// <c>%RSS-FEED|URL:https://...|SHOW:NEW%</c> ... <c>%RSS-LOOP|LIMIT:5%</c> ... <c>%RSS-LOOP%</c> ... <c>%RSS-FEED%</c>: the same for every recipient, so
/// sections become plain content before a template is compiled. What a feed says is text of strangers: encoded for its place, its percent signs defused so
/// that nothing in it is a tag, its links only where they lead to the web.
/// </summary>
internal static partial class FeedSections
{
    public const int MaxFeeds = 10;
    public const int MaxItems = 50;
    private const int DefaultItems = 10;

    [GeneratedRegex(@"%RSS-FEED\|(?<args>([^%\r\n<>""]|%[0-9A-Fa-f]{2}){1,2500})%", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Opening();

    [GeneratedRegex(@"%RSS-LOOP(\|LIMIT:(?<limit>[0-9]{1,3}))?%", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Loop();

    [GeneratedRegex(@"%RSS:(?<of>CHANNEL|ITEM):(?<what>[A-Z]{1,20})(\|(?<rest>[^%\r\n<]{0,200}))?%", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Value();

    private const string Closing = "%RSS-FEED%";

    /// <summary>Whether there is anything to do; cheap.</summary>
    public static bool Any(string body) => body.Contains("%RSS-FEED|", StringComparison.Ordinal);

    /// <summary>The feeds a body shows.</summary>
    /// <exception cref="TemplateInvalidException">A section is not written as it must be.</exception>
    public static IReadOnlyList<FeedAsked> Of(string body, TemplateKind kind)
    {
        var asked = new List<FeedAsked>();
        Replace(body, kind, feed =>
        {
            asked.Add(feed);
            return null;
        });
        return asked;
    }

    /// <summary>The body with its sections filled.</summary>
    /// <param name="find">The items to show; null leaves the section out.</param>
    /// <exception cref="TemplateInvalidException">A section is not written as it must be.</exception>
    public static string Fill(string body, TemplateKind kind, Func<FeedAsked, FeedDocument?> find) => Any(body) ? Replace(body, kind, find) : body;

    /// <summary>
    /// The body with what a sending shows. In the mail of a feed campaign the tags of its own feed stand anywhere, sections need not be around them, and outside of a loop
    /// they tell of the first item; sections of other feeds stay, to be filled when the mails are made.
    /// </summary>
    /// <exception cref="TemplateInvalidException">A section is not written as it must be.</exception>
    public static string Fill(string body, TemplateKind kind, FeedSnapshot feeds)
    {
        ArgumentNullException.ThrowIfNull(feeds);
        return feeds.Own is null ? Fill(body, kind, feeds.Find) : body.Contains("%RSS", StringComparison.Ordinal) ? Replace(body, kind, feeds.Find, feeds.Own) : body;
    }

    private static string Replace(string body, TemplateKind kind, Func<FeedAsked, FeedDocument?> find, OwnFeed? own = null)
    {
        var (output, at, count) = (new StringBuilder(body.Length + 1024), 0, 0);
        var position = HtmlPosition.Start;
        while (Opening().Match(body, at) is { Success: true } opening)
        {
            if (++count > MaxFeeds)
            {
                throw Invalid(body, opening.Index, $"A mail shows at most {MaxFeeds} feeds.");
            }

            var asked = Read(body, opening, kind);
            var end = body.IndexOf(Closing, opening.Index + opening.Length, StringComparison.Ordinal);
            if (end < 0)
            {
                throw Invalid(body, opening.Index, "This %RSS-FEED|...% has no %RSS-FEED% that ends it.");
            }

            Outside(at, opening.Index);
            var inner = body[(opening.Index + opening.Length)..end];
            if (Opening().IsMatch(inner))
            {
                throw Invalid(body, opening.Index, "A feed cannot stand within a feed.");
            }

            var isOwn = own is not null && string.Equals(asked.Url, own.Url, StringComparison.Ordinal);
            var writer = new Writer(body, opening.Index + opening.Length, inner, kind, position, isOwn ? own : null);
            var document = isOwn ? own!.Document : find(asked);
            if (own is not null && document is null)
            {
                output.Append(body, opening.Index, end + Closing.Length - opening.Index);
            }
            else if (document is { Items.Count: > 0 })
            {
                writer.Write(output, document);
            }
            else
            {
                // Read nevertheless, so that a mistake in it is found before there are items.
                writer.Write(new StringBuilder(), Sample);
            }

            at = end + Closing.Length;
        }

        Outside(at, body.Length);
        return output.ToString();

        void Outside(int from, int to)
        {
            if (own is null)
            {
                output.Append(body, from, to - from);
            }
            else
            {
                new Writer(body, from, body[from..to], kind, position, own).Write(output, own.Document);
            }

            position.Move(body, from, to);
        }
    }

    /// <summary>What a section is checked with.</summary>
    public static FeedDocument Sample { get; } = new(
        "Feed", "https://example.com/", "About this feed",
        [new("1", "First item", "https://example.com/1", "2026-11-21T09:30:00Z", "Summary", "Content", "Author", "https://example.com/1.png")]);

    private static FeedAsked Read(string body, Match opening, TemplateKind kind)
    {
        var (url, show) = ("", "ALL");
        var args = kind == TemplateKind.Html ? WebUtility.HtmlDecode(opening.Groups["args"].Value) : opening.Groups["args"].Value;
        foreach (var arg in args.Split('|'))
        {
            switch (arg)
            {
                case var _ when arg.StartsWith("URL:", StringComparison.Ordinal):
                    url = arg[4..].Trim();
                    break;
                case "SHOW:ALL" or "SHOW:NEW":
                    show = arg[5..];
                    break;
                default:
                    throw Invalid(body, opening.Index, $"'{arg}' is not understood. A feed is written %RSS-FEED|URL:https://...|SHOW:ALL% or SHOW:NEW.");
            }
        }

        return Uri.TryCreate(url, UriKind.Absolute, out var parsed) && parsed.Scheme is "http" or "https" && url.Length <= 2_048
            ? new(url, show == "NEW")
            : throw Invalid(body, opening.Index, "A feed has an address: URL:https://...");
    }

    private static TemplateInvalidException Invalid(string body, int at, string message)
    {
        var before = body.AsSpan(0, at);
        return new(new("template_invalid", before.Count('\n') + 1, at - before.LastIndexOf('\n'), message));
    }

    /// <summary>Writes the inside of one section.</summary>
    /// <param name="own">Null: the tags of items stand only within a loop.</param>
    private sealed class Writer(string body, int offset, string inner, TemplateKind kind, HtmlPosition start, OwnFeed? own)
    {
        public void Write(StringBuilder output, FeedDocument feed)
        {
            var (at, position) = (0, start);
            while (Loop().Match(inner, at) is { Success: true } opening)
            {
                Part(output, inner[at..opening.Index], at, ref position, feed, null);
                var from = opening.Index + opening.Length;
                var closing = inner.IndexOf("%RSS-LOOP%", from, StringComparison.Ordinal);
                if (closing < 0)
                {
                    throw Invalid(body, offset + opening.Index, "This %RSS-LOOP% has no %RSS-LOOP% that ends it.");
                }

                var limit = opening.Groups["limit"] is { Success: true } given ? int.Parse(given.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture) : own?.Items ?? DefaultItems;
                if (limit is < 1 or > MaxItems)
                {
                    throw Invalid(body, offset + opening.Index, $"LIMIT is a number from 1 to {MaxItems}.");
                }

                foreach (var item in feed.Items.Take(limit))
                {
                    Part(output, inner[from..closing], from, ref position, feed, item);
                }

                at = closing + "%RSS-LOOP%".Length;
            }

            Part(output, inner[at..], at, ref position, feed, null);
        }

        private void Part(StringBuilder output, string part, int from, ref HtmlPosition position, FeedDocument feed, FeedEntry? item)
        {
            var at = 0;
            foreach (Match tag in Value().Matches(part))
            {
                output.Append(part, at, tag.Index - at);
                position.Move(part, at, tag.Index);
                at = tag.Index + tag.Length;
                var (of, what) = (tag.Groups["of"].Value, tag.Groups["what"].Value);
                item ??= own?.Document.Items is [var first, ..] ? first : null;
                if (of == "ITEM" && item is null)
                {
                    throw Invalid(body, offset + from + tag.Index, $"{tag.Value} stands only within %RSS-LOOP%.");
                }

                var value = (of == "CHANNEL" ? Channel(feed, what) : Item(item!, what))
                    ?? throw Invalid(body, offset + from + tag.Index, $"{tag.Value} is not known. There are {(of == "CHANNEL" ? "TITLE, LINK, DESCRIPTION" : "TITLE, LINK, DATE, SUMMARY, CONTENT, AUTHOR, IMAGE")}.");
                output.Append(FeedText.Encode(Modified(value, what, tag.Groups["rest"].Value), kind, position));
            }

            output.Append(part, at, part.Length - at);
            position.Move(part, at, part.Length);
        }

        private static string? Channel(FeedDocument feed, string what) => what switch
        {
            "TITLE" => feed.Title,
            "LINK" => feed.Link,
            "DESCRIPTION" => feed.Description,
            _ => null,
        };

        private static string? Item(FeedEntry item, string what) => what switch
        {
            "TITLE" => item.Title,
            "LINK" => item.Link,
            "DATE" => item.Published,
            "SUMMARY" or "DESCRIPTION" => item.Summary,
            "CONTENT" => item.Content,
            "AUTHOR" => item.Author,
            "IMAGE" => item.Image,
            _ => null,
        };

        private static string Modified(string value, string what, string rest)
        {
            var (format, fallback) = (DateTerm.DefaultFormat, "");
            foreach (var word in rest.Split('|', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            {
                if (Letters.Named(word) is { } letters)
                {
                    value = value.Length > 0 ? Letters.Apply(value, letters) : value;
                }
                else if (what == "DATE" && DateTerm.FormatOf(word) is { } known)
                {
                    format = known;
                }
                else if (word.StartsWith("SHORTEN:", StringComparison.Ordinal) && int.TryParse(word.AsSpan(8), NumberStyles.None, CultureInfo.InvariantCulture, out var most))
                {
                    value = Shortened(value, most);
                }
                else
                {
                    fallback = word;
                }
            }

            return value.Length == 0 ? fallback : what == "DATE" ? new DateTerm(0, 0, format).Apply(value) : value;
        }

        /// <summary>Cut at a word, with an ellipsis.</summary>
        private static string Shortened(string value, int most)
        {
            if (value.Length <= most || most < 2)
            {
                return value;
            }

            var end = value.LastIndexOf(' ', most - 1);
            return value[..(end > most / 2 ? end : most - 1)].TrimEnd() + "…";
        }
    }
}
