using System.Globalization;
using Millrace.Mail.Addresses;
using Millrace.Mail.Mime;
using Millrace.Mail.Smtp;
using Millrace.Messaging.Contracts;
using Millrace.Messaging.Links;
using Millrace.Messaging.Personalization;
using Millrace.Messaging.Sharing;

namespace Millrace.Messaging.Sending;

/// <summary>Merges, writes and signs one mail after the other. Each thread has one of its own.</summary>
internal sealed class MailRenderer(string publicUrl, TokenKeys keys) : IDisposable
{
    private readonly TextBuffer _html = new();
    private readonly TextBuffer _text = new();
    private readonly char[][] _bodies = [[], []];
    private string?[] _values = [];
    private string _trackingHost = "";
    private string _trackingBase = "";

    /// <exception cref="TemplateInvalidException">The merged text is too large.</exception>
    /// <exception cref="InvalidHeaderException">A value cannot stand in a header.</exception>
    /// <exception cref="FormatException">The sender's or the recipient's address is none.</exception>
    public (MailBuffer Bytes, SmtpEnvelope Envelope, string Subject) Render(
        CompiledMessage message, DueSend send, RecipientFacts facts, SenderStanding sender, DateTimeOffset now)
    {
        if (send.SourceKind == SendSourceKind.Forward)
        {
            return RenderForwarded(message, send, facts, sender, now);
        }

        var tracking = new TrackingUrls(BaseFor(sender.TrackingHost), keys, send.AccountId) { SendId = send.Id };
        if (_values.Length < message.Slots.Names.Count)
        {
            _values = new string?[message.Slots.Names.Count];
        }

        var context = message.Merge(send, facts, tracking, now, _values);
        _html.Clear();
        _text.Clear();
        message.Html.Render(context, _html);
        message.Text.Render(context, _text);
        var from = EmailAddress.Parse(message.FromAddress);
        var to = EmailAddress.Parse(send.Address);
        var mail = new MimeMessage
        {
            From = new Mailbox(from, message.FromName.Render(context)),
            To = [new Mailbox(to, send.ToAddress is null ? $"{send.FirstName} {send.LastName}".Trim() : null)],
            ReplyTo = message.Version.TrackReplies && sender.ReplyHost is { } host && send.SourceKind != SendSourceKind.Test
                ? new Mailbox(EmailAddress.Parse(TokenAddress.Write(TokenPurpose.Reply, host, send.AccountId, send.Id, keys)), message.FromName.Render(context))
                : message.Version.ReplyTo.Length > 0 ? new Mailbox(EmailAddress.Parse(message.Version.ReplyTo)) : null,
            Subject = message.Subject.Render(context),
            MessageId = string.Create(CultureInfo.InvariantCulture, $"<{send.Id}.{send.AccountId}@{from.Domain}>"),
            Date = TimeZoneInfo.ConvertTime(now, Recipients.Zone(null, message.Sender.TimeZone)),
            Headers = message.IsMarketing ? BulkHeaders(message, send, tracking, from) : [],
            HtmlBody = Memory(_html, 0),
            TextBody = Memory(_text, 1),
        };
        return Finished(mail, send, sender, _html.Length + _text.Length, now);
    }

    /// <summary>A friend's copy: rare, so it may cost a few strings.</summary>
    private (MailBuffer Bytes, SmtpEnvelope Envelope, string Subject) RenderForwarded(
        CompiledMessage message, DueSend send, RecipientFacts facts, SenderStanding sender, DateTimeOffset now)
    {
        var baseUrl = BaseFor(sender.TrackingHost);
        var copy = new ForwardedCopy(message, send, facts, facts.ForwardOf(send.AccountId, send.SourceId), baseUrl, keys, now);
        var (html, text) = (copy.Html, copy.Text);
        var from = EmailAddress.Parse(message.FromAddress);
        var refusal = OneClick(ForwardedCopy.RefusalUrl(send, baseUrl, keys));
        var mail = new MimeMessage
        {
            From = new Mailbox(from, copy.FromName),
            To = [new Mailbox(EmailAddress.Parse(send.Address), null)],
            ReplyTo = message.Version.ReplyTo.Length > 0 ? new Mailbox(EmailAddress.Parse(message.Version.ReplyTo)) : null,
            Subject = copy.Subject,
            MessageId = string.Create(CultureInfo.InvariantCulture, $"<{send.Id}.{send.AccountId}@{from.Domain}>"),
            Date = TimeZoneInfo.ConvertTime(now, Recipients.Zone(null, message.Sender.TimeZone)),
            Headers = [new("List-Unsubscribe", refusal.ListUnsubscribe), new("List-Unsubscribe-Post", refusal.ListUnsubscribePost)],
            HtmlBody = html.AsMemory(),
            TextBody = text.AsMemory(),
        };
        return Finished(mail, send, sender, html.Length + text.Length, now);
    }

    private (MailBuffer Bytes, SmtpEnvelope Envelope, string Subject) Finished(
        MimeMessage mail, DueSend send, SenderStanding sender, int length, DateTimeOffset now)
    {
        var bytes = new MailBuffer(length + 4096);
        try
        {
            mail.WriteTo(bytes);
            sender.Signer?.Sign(bytes, now);
            var bounces = sender.ReturnPath is { } path ? BounceAddress.Write(path, send.AccountId, send.Id, keys) : mail.From.Address.Value;
            return (bytes, new SmtpEnvelope(bounces, mail.To[0].Address.Value), mail.Subject);
        }
        catch
        {
            bytes.Dispose();
            throw;
        }
    }

    /// <summary>The public address, under the domain's own name where it has one: the same scheme, port and path.</summary>
    public string BaseFor(string? host)
    {
        if (host is null)
        {
            return publicUrl;
        }

        if (!string.Equals(host, _trackingHost, StringComparison.Ordinal))
        {
            (_trackingHost, _trackingBase) = (host, new UriBuilder(publicUrl) { Host = host }.Uri.AbsoluteUri.TrimEnd('/'));
        }

        return _trackingBase;
    }

    public void Dispose()
    {
        _html.Dispose();
        _text.Dispose();
    }

    private static List<MailHeader> BulkHeaders(CompiledMessage message, DueSend send, TrackingUrls tracking, EmailAddress from)
    {
        var oneClick = OneClick(tracking.UnsubscribeUrl);
        var account = send.AccountId.ToString(CultureInfo.InvariantCulture);
        return
        [
            new("List-Unsubscribe", oneClick.ListUnsubscribe),
            new("List-Unsubscribe-Post", oneClick.ListUnsubscribePost),
            new("List-Id", $"<account-{account}.{from.Domain}>"),
            new("Feedback-ID", string.Create(CultureInfo.InvariantCulture, $"{send.MessageId}:{account}:{(send.Lane == 2 ? "automation" : "campaign")}:millrace")),
        ];
    }

    /// <summary>RFC 8058 asks for https; a trial on a plain-http address still shows the headers a real one would carry.</summary>
    private static OneClickHeaders OneClick(string url) => url.StartsWith("https://", StringComparison.Ordinal)
        ? OneClickHeaders.For(url)
        : new OneClickHeaders($"<{url}>", "List-Unsubscribe=One-Click");

    // The MIME writer wants memory; the buffers give spans. One copy, into arrays that are kept.
    private ReadOnlyMemory<char> Memory(TextBuffer text, int which)
    {
        if (_bodies[which].Length < text.Length)
        {
            _bodies[which] = new char[Math.Max(text.Length, 8192)];
        }

        text.Written.CopyTo(_bodies[which]);
        return _bodies[which].AsMemory(0, text.Length);
    }
}
