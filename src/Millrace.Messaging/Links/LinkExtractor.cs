using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Millrace.Kernel.Data;
using Millrace.Messaging.Campaigns;
using Millrace.Messaging.Personalization;
using Millrace.Messaging.Tracking.Quality;

namespace Millrace.Messaging.Links;

/// <summary>One row of a message's link table.</summary>
/// <param name="No">From 1; stands in the tracking token.</param>
/// <param name="Url">A template of kind <see cref="TemplateKind.Url"/>.</param>
/// <param name="Label">What the reader sees, at most 100 characters.</param>
/// <param name="TaggedUrl">Where it leads with the parameters of web statistics; null: as <paramref name="Url"/> says.</param>
internal sealed record TrackedLink(int No, string Url, string Label, string? TaggedUrl = null);

/// <summary>Bodies in which tracked links became <c>%LINK:n%</c>, and the table that says where each leads.</summary>
internal sealed record TrackedBodies(string Html, string Text, IReadOnlyList<TrackedLink> Links);

/// <summary>
/// Finds the links to count. Web links only: mail, phone and anchor links, and those made only of a tag, stay as they are.
/// Equal URLs share one number, in the HTML and the text.
/// </summary>
internal static partial class LinkExtractor
{
    private const int MaxLinks = 500;

    /// <summary>Stands at the end of the HTML of mails whose opens are counted.</summary>
    public const string Pixel = """<img src="%OPENPIXEL%" width="1" height="1" alt="" style="display:block;width:1px;height:1px;border:0">""";

    [GeneratedRegex(@"^%[A-Z][^%]*%(&ALL)?$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex OnlyTag();

    [GeneratedRegex(
        @"https?://(?:%(?!IF\s|ELSEIF\s|ELSE%|/IF%)(?:[A-Z][A-Z0-9_:+-]*(?:\|[^%\r\n]*)?%)?|[^\s<>""%])+",
        RegexOptions.IgnoreCase,
        1000)]
    private static partial Regex TextUrl();

    [GeneratedRegex(@"%RSS-FEED\|([^%\r\n<>""]|%[0-9A-Fa-f]{2}){1,2500}%|%[A-Z][A-Z0-9_:+-]*\|[^%\r\n]*%", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex TextTag();

    [GeneratedRegex("<[^>]*>", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Markup();

    [GeneratedRegex(@"\salt=""(?<alt>[^""]+)""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex AltText();

    /// <exception cref="TemplateInvalidException"><c>link_invalid</c>: a link leads somewhere forbidden, or a value would form its host.</exception>
    public static TrackedBodies Extract(string html, string text, ITagCatalogue known, bool trackClicks = true, bool trackOpens = true, UtmSettings? tags = null)
    {
        ArgumentNullException.ThrowIfNull(html);
        ArgumentNullException.ThrowIfNull(text);
        var table = new Table(known, trackClicks, tags);
        var newHtml = RewriteHtml(html, table);
        // An address inside of a tag (a feed's, or what stands in for a missing value) belongs to the tag.
        var inTags = TextTag().Matches(text).Select(m => (From: m.Index, To: m.Index + m.Length)).ToList();
        var newText = TextUrl().Replace(
            text, found => inTags.Exists(t => t.From < found.Index && found.Index < t.To) ? found.Value : RewriteText(found.Value, table, text, found.Index));
        newHtml = trackClicks && table.Links.Count > 0 ? LinkTrap.InHtml(newHtml) : newHtml;
        return new(trackOpens ? WithPixel(newHtml) : newHtml, newText, table.Links);
    }

    private static string RewriteHtml(string html, Table table)
    {
        var output = new StringBuilder(html.Length + 256);
        var position = HtmlPosition.Start;
        var (copied, start) = (0, -1);
        for (var i = 0; i < html.Length; i++)
        {
            var wasTarget = position.IsLinkTarget;
            position.Move(html, i, i + 1);
            if (!wasTarget && position.IsLinkTarget)
            {
                start = position.Quote == '\0' ? i : i + 1;
            }
            else if (wasTarget && !position.IsLinkTarget)
            {
                var url = WebUtility.HtmlDecode(html[start..i]).Trim();
                if (table.Add(url, () => LabelOf(html, i), html, start) is { } link)
                {
                    output.Append(html, copied, start - copied).Append("%LINK:").Append(link.No).Append('%');
                    copied = i;
                }
            }
        }

        return output.Append(html, copied, html.Length - copied).ToString();
    }

    private static string RewriteText(string found, Table table, string text, int at)
    {
        // A bracket that was opened before the address closes it: "(https://a.example/)and so on".
        var (depth, end) = (0, found.Length);
        for (var i = 0; i < end; i++)
        {
            depth += found[i] switch { '(' => 1, ')' => -1, _ => 0 };
            end = depth < 0 ? i : end;
        }

        var url = found[..end].TrimEnd('.', ',', ';', ':', '!', '?', '\'', '"', ']', '}');

        return table.Add(url, () => url, text, at) is { } link ? $"%LINK:{link.No}%{found[url.Length..]}" : found;
    }

    private static string LabelOf(string html, int from)
    {
        var open = html.IndexOf('>', from);
        var close = open < 0 ? -1 : html.IndexOf("</a", open, StringComparison.OrdinalIgnoreCase);
        if (close < 0)
        {
            return "";
        }

        var inner = html[(open + 1)..close];
        var label = WebUtility.HtmlDecode(Markup().Replace(inner, " "));
        label = string.Join(' ', label.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        label = label.Length > 0 ? label : WebUtility.HtmlDecode(AltText().Match(inner).Groups["alt"].Value);
        return StorableText.Cut(label, 100);
    }

    private static string WithPixel(string html)
    {
        var end = html.LastIndexOf("</body", StringComparison.OrdinalIgnoreCase);
        return end < 0 ? html + Pixel : html.Insert(end, Pixel);
    }

    private sealed class Table(ITagCatalogue known, bool track, UtmSettings? tags)
    {
        private readonly Dictionary<string, TrackedLink> _byUrl = new(StringComparer.Ordinal);

        public IReadOnlyList<TrackedLink> Links => [.. _byUrl.Values.OrderBy(l => l.No)];

        /// <summary>Null when the link is not tracked.</summary>
        public TrackedLink? Add(string url, Func<string> label, string source, int at)
        {
            // A link of a feed's item is not known before the feed is.
            if (url.Length == 0 || url[0] == '#' || OnlyTag().IsMatch(url) || url.Contains("%RSS:", StringComparison.Ordinal))
            {
                return null;
            }

            if (_byUrl.TryGetValue(url, out var link))
            {
                return link;
            }

            if (!LinkTarget.IsAllowed(TokenSyntax.Sample(url)) || Refused(url))
            {
                var before = source.AsSpan(0, at);
                throw new TemplateInvalidException(new(
                    "link_invalid", before.Count('\n') + 1, at - before.LastIndexOf('\n'), "The link is not a web, mail or phone address."));
            }

            if (!track || !LinkTarget.IsWeb(url))
            {
                return null;
            }

            if (_byUrl.Count == MaxLinks)
            {
                throw new TemplateInvalidException(new("too_many_links", 1, 1, "A message has at most 500 different links."));
            }

            var tagged = tags is null ? url : LinkTags.Tagged(url, tags);
            return _byUrl[url] = new(_byUrl.Count + 1, url, label(), tagged == url ? null : tagged);
        }

        private bool Refused(string url)
        {
            try
            {
                TemplateProgram.Compile(url, TemplateKind.Url, known);
                return false;
            }
            catch (TemplateInvalidException)
            {
                return true;
            }
        }
    }
}
