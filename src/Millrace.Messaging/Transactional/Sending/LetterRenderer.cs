using System.Globalization;
using System.Net;
using Millrace.Mail.Addresses;
using Millrace.Mail.Mime;
using Millrace.Mail.Smtp;
using Millrace.Messaging.Links;
using Millrace.Messaging.Sending;

namespace Millrace.Messaging.Transactional.Sending;

/// <summary>Writes and signs one recipient's copy of a <see cref="Letter"/>: its links, its pixel, its way out. Everybody sees the same To and Cc; Bcc nobody.</summary>
internal static class LetterRenderer
{
    /// <summary>Where senders of broadcasts put the way out themselves.</summary>
    private static readonly string[] Places = ["{{{ pm:unsubscribe }}}", "{{{pm:unsubscribe}}}", "{{{ pm:unsubscribe_url }}}", "{{{pm:unsubscribe_url}}}"];

    /// <exception cref="InvalidHeaderException">A value cannot stand in a header.</exception>
    /// <exception cref="FormatException">The recipient's address is none.</exception>
    public static (MailBuffer Bytes, SmtpEnvelope Envelope, string Subject) Render(
        Letter letter, DueSend send, SenderStanding sender, string publicUrl, TokenKeys keys, TimeZoneInfo zone, DateTimeOffset now)
    {
        var urls = new TrackingUrls(publicUrl, keys, send.AccountId) { SendId = send.Id };
        var (html, text) = Bodies(letter, send, urls, publicUrl, keys);
        var to = EmailAddress.Parse(send.Address);
        var mail = new MimeMessage
        {
            From = letter.From,
            To = letter.To,
            Cc = letter.Cc,
            ReplyTo = letter.ReplyTo,
            Subject = letter.Subject,
            MessageId = MessageId(letter.Guid, letter.From.Address.Domain),
            Date = TimeZoneInfo.ConvertTime(now, zone),
            Headers = Headers(letter, send, urls),
            HtmlBody = html.AsMemory(),
            TextBody = text.AsMemory(),
            Attachments = letter.Files,
        };
        var bytes = new MailBuffer((letter.Size * 4 / 3) + 8192);
        try
        {
            mail.WriteTo(bytes);
            sender.Signer?.Sign(bytes, now);
            var bounces = sender.ReturnPath is { } path ? BounceAddress.Write(path, send.AccountId, send.Id, keys) : letter.From.Address.Value;
            return (bytes, new SmtpEnvelope(bounces, to.Value), letter.Subject);
        }
        catch
        {
            bytes.Dispose();
            throw;
        }
    }

    public static string MessageId(Guid guid, string domain) => $"<{guid:D}@{domain}>";

    private static (string Html, string Text) Bodies(Letter letter, DueSend send, TrackingUrls urls, string publicUrl, TokenKeys keys)
    {
        var (html, text) = MailLinks.Replace(letter.Html, letter.Text, letter.TrackLinks, url => letter.Links.TryGetValue(url, out var no)
            ? publicUrl + "/c/" + new PublicToken(TokenPurpose.Click, send.AccountId, send.Id, no).ToText(keys)
            : null);
        if (OffersWayOut(letter))
        {
            (html, text) = WithWayOut(html, text, urls.UnsubscribeUrl);
        }

        return letter.TrackOpens && html.Length > 0
            ? (WithPixel(html, publicUrl + "/o/" + new PublicToken(TokenPurpose.Open, send.AccountId, send.Id).ToText(keys)), text)
            : (html, text);
    }

    private static bool OffersWayOut(Letter letter) => letter.Kind == StreamKind.Broadcasts && letter.Unsubscribe == UnsubscribeHandling.Postmark;

    private static (string Html, string Text) WithWayOut(string html, string text, string url)
    {
        var (placedHtml, placedText) = (html, text);
        foreach (var place in Places)
        {
            placedHtml = placedHtml.Replace(place, WebUtility.HtmlEncode(url), StringComparison.Ordinal);
            placedText = placedText.Replace(place, url, StringComparison.Ordinal);
        }

        if (placedHtml.Length > 0 && ReferenceEquals(placedHtml, html))
        {
            placedHtml = Insert(html, $"""<p style="margin:24px 0;text-align:center;font:12px sans-serif"><a href="{WebUtility.HtmlEncode(url)}">Unsubscribe</a></p>""");
        }

        if (placedText.Length > 0 && ReferenceEquals(placedText, text))
        {
            placedText = $"{text.TrimEnd()}\n\nUnsubscribe: {url}\n";
        }

        return (placedHtml, placedText);
    }

    private static string WithPixel(string html, string url) =>
        Insert(html, $"""<img src="{url}" width="1" height="1" alt="" style="display:block;border:0;width:1px;height:1px">""");

    private static string Insert(string html, string what)
    {
        var end = html.LastIndexOf("</body", StringComparison.OrdinalIgnoreCase);
        return end < 0 ? html + what : html.Insert(end, what);
    }

    private static List<MailHeader> Headers(Letter letter, DueSend send, TrackingUrls urls)
    {
        var headers = new List<MailHeader>(letter.Headers);
        if (letter.Kind == StreamKind.Broadcasts && OffersWayOut(letter))
        {
            var url = urls.UnsubscribeUrl;
            headers.RemoveAll(h => h.Name.StartsWith("List-Unsubscribe", StringComparison.OrdinalIgnoreCase));
            var oneClick = url.StartsWith("https://", StringComparison.Ordinal) ? OneClickHeaders.For(url) : new OneClickHeaders($"<{url}>", "List-Unsubscribe=One-Click");
            headers.Add(new("List-Unsubscribe", oneClick.ListUnsubscribe));
            headers.Add(new("List-Unsubscribe-Post", oneClick.ListUnsubscribePost));
        }

        if (letter.StreamKey.Length > 0 && !headers.Any(h => h.Name.Equals("Feedback-ID", StringComparison.OrdinalIgnoreCase)))
        {
            headers.Add(new("Feedback-ID", string.Create(CultureInfo.InvariantCulture, $"{letter.StreamKey}:{send.AccountId}:transactional:millrace")));
        }

        return headers;
    }
}
