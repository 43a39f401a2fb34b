using System.Text.RegularExpressions;

namespace Millrace.Messaging.Design;

/// <summary>
/// The footer rule: campaign and automation mail carries an unsubscribe link and the sender's address. Unless tags for both are in the body, the
/// default footer is appended; an address typed as text does not count.
/// </summary>
internal static partial class MailFooter
{
    private const string Html =
        """<table role="presentation" width="100%" border="0" cellpadding="0" cellspacing="0"><tr><td align="center" style="padding:24px 16px;font-family:Arial,Helvetica,sans-serif;font-size:13px;line-height:1.6;color:#6b7280">%SENDER-INFO-SINGLELINE%<br><a href="%UNSUBSCRIBELINK%" style="color:#6b7280;text-decoration:underline">Unsubscribe</a></td></tr></table>""";

    private const string Text = "\n\n--\n%SENDER-INFO-SINGLELINE%\nUnsubscribe: %UNSUBSCRIBELINK%\n";

    [GeneratedRegex(@"%SENDER-INFO(-SINGLELINE)?(\|[^%]*)?%", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex SenderTag();

    /// <summary>A visible link, not just the tag in a comment or a style.</summary>
    [GeneratedRegex(@"<!--.*?-->|<style.*?</style>|<head.*?</head>", RegexOptions.Singleline | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Unseen();

    public static bool HasUnsubscribeLink(string body) => Visible(body).Contains("%UNSUBSCRIBELINK%", StringComparison.Ordinal);

    public static bool HasSenderAddress(string body) => SenderTag().IsMatch(Visible(body));

    public static string EnsureInHtml(string html)
    {
        if (HasUnsubscribeLink(html) && HasSenderAddress(html))
        {
            return html;
        }

        var end = html.LastIndexOf("</body", StringComparison.OrdinalIgnoreCase);
        return end < 0 ? html + Html : html.Insert(end, Html);
    }

    public static string EnsureInText(string text) => HasUnsubscribeLink(text) && HasSenderAddress(text) ? text : text.TrimEnd() + Text;

    private static string Visible(string body) => Unseen().Replace(body, "");
}
