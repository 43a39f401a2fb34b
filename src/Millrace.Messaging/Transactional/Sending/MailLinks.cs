using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Millrace.Messaging.Links;
using Millrace.Messaging.Personalization;

namespace Millrace.Messaging.Transactional.Sending;

/// <summary>
/// Links of a mail that goes out as it was handed in: found when it comes, replaced when it is sent. What may not be followed later (scripts, odd
/// schemes) is left as it stands and never tracked. <c>data-pm-no-track</c> on a link keeps it as it is.
/// </summary>
internal static partial class MailLinks
{
    private const int MaxLinks = 500;

    /// <summary>Different web links in the order of their first place; their numbers begin at 1.</summary>
    public static List<string> Find(string html, string text, LinkTracking tracking)
    {
        var found = new List<string>();
        var known = new HashSet<string>(StringComparer.Ordinal);
        Replace(html, text, tracking, url =>
        {
            if (found.Count < MaxLinks && known.Add(url))
            {
                found.Add(url);
            }

            return null;
        });
        return found;
    }

    /// <param name="target">What stands in place of a link; null leaves it.</param>
    public static (string Html, string Text) Replace(string html, string text, LinkTracking tracking, Func<string, string?> target) => (
        tracking is LinkTracking.HtmlOnly or LinkTracking.HtmlAndText ? InHtml(html, target) : html,
        tracking is LinkTracking.TextOnly or LinkTracking.HtmlAndText ? InText(text, target) : text);

    private static string InHtml(string html, Func<string, string?> target)
    {
        var output = new StringBuilder(html.Length + 256);
        var position = HtmlPosition.Start;
        var (copied, start) = (0, -1);
        for (var i = 0; i < html.Length; i++)
        {
            var was = position.IsLinkTarget;
            position.Move(html, i, i + 1);
            if (!was && position.IsLinkTarget)
            {
                start = position.Quote == '\0' ? i : i + 1;
            }
            else if (was && !position.IsLinkTarget && start >= 0 && start <= i)
            {
                var url = WebUtility.HtmlDecode(html[start..i]).Trim();
                if (IsTracked(url) && !IsExempt(html, start, i) && target(url) is { } other)
                {
                    output.Append(html, copied, start - copied).Append(other);
                    copied = i;
                }
            }
        }

        return output.Append(html, copied, html.Length - copied).ToString();
    }

    private static string InText(string text, Func<string, string?> target) => TextUrl().Replace(text, found =>
    {
        var url = found.Value.TrimEnd('.', ',', ';', ':', '!', '?', '\'', '"', ']', '}', ')');
        return IsTracked(url) && target(url) is { } other ? other + found.Value[url.Length..] : found.Value;
    });

    private static bool IsTracked(string url) => LinkTarget.IsWeb(url) && LinkTarget.IsAllowed(url);

    private static bool IsExempt(string html, int start, int end)
    {
        var from = html.LastIndexOf('<', start);
        var to = html.IndexOf('>', end);
        return html.AsSpan(Math.Max(from, 0), (to < 0 ? html.Length : to) - Math.Max(from, 0)).Contains("data-pm-no-track", StringComparison.OrdinalIgnoreCase);
    }

    [GeneratedRegex(@"https?://[^\s<>""]{1,2048}", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex TextUrl();
}
