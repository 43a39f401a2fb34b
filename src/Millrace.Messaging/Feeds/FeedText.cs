using System.Net;
using System.Text;
using Millrace.Messaging.Links;
using Millrace.Messaging.Personalization;

namespace Millrace.Messaging.Feeds;

/// <summary>Writes words of strangers into a template's source, so that they are neither markup nor tags there.</summary>
internal static class FeedText
{
    public static string Encode(string value, TemplateKind kind, HtmlPosition position)
    {
        if (kind != TemplateKind.Html)
        {
            var plain = LinkTarget.IsWeb(value) && LinkTarget.IsAllowed(value) ? Quiet(value) : Plain(value);
            return kind == TemplateKind.Header ? plain.ReplaceLineEndings(" ").Replace('\t', ' ') : plain;
        }

        return position.At switch
        {
            HtmlPosition.Spot.Text => Html(value).Replace("&#10;", "<br>", StringComparison.Ordinal),
            HtmlPosition.Spot.Value when position is { IsUrl: true } && position.Quote != '\0' => Url(value, position.Value),
            HtmlPosition.Spot.Value when !position.IsCode && position.Quote != '\0' => Html(value),
            _ => "",
        };
    }

    /// <summary>An invisible joiner behind each percent sign that could begin a tag.</summary>
    private static string Plain(string value)
    {
        var output = new StringBuilder(value.Length + 8);
        foreach (var c in value.Where(c => !PlaceEncoding.IsInvisible(c) && (c is '\n' or '\t' || !char.IsControl(c))))
        {
            output.Append(c);
            if (c == '%')
            {
                output.Append('\u2060');
            }
        }

        return output.ToString();
    }

    private static string Html(string value) => WebUtility.HtmlEncode(new string([.. value.Where(c => !PlaceEncoding.IsInvisible(c) && (c is '\n' || !char.IsControl(c)))]))
        .Replace("%", "&#37;", StringComparison.Ordinal).Replace("\n", "&#10;", StringComparison.Ordinal);

    /// <summary>A whole link, where it may be followed; or a part of one.</summary>
    private static string Url(string value, string before)
    {
        if (!string.IsNullOrWhiteSpace(before))
        {
            return UrlPrefix.IsFixed(before) ? Quiet(Uri.EscapeDataString(value)) : "";
        }

        return LinkTarget.IsWeb(value) && LinkTarget.IsAllowed(value) ? WebUtility.HtmlEncode(Quiet(value)) : "#";
    }

    /// <summary>Escapes in lower case, and other percent signs escaped: a tag begins with a capital.</summary>
    private static string Quiet(string url)
    {
        var output = new StringBuilder(url.Length + 8);
        for (var i = 0; i < url.Length; i++)
        {
            if (url[i] == '%' && i + 2 < url.Length && char.IsAsciiHexDigit(url[i + 1]) && char.IsAsciiHexDigit(url[i + 2]))
            {
                output.Append('%').Append(char.ToLowerInvariant(url[i + 1])).Append(char.ToLowerInvariant(url[i + 2]));
                i += 2;
            }
            else
            {
                output.Append(url[i] == '%' ? "%25" : url[i].ToString());
            }
        }

        return output.ToString();
    }
}
