using System.Buffers;
using System.Collections.Frozen;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Millrace.Mail.Mime;

/// <summary>Writes a <see cref="MimeMessage"/>: headers, then one text part or multipart/alternative.</summary>
internal static class MimeWriter
{
    private const int MaxMessageId = 900;

    private static readonly SearchValues<char> NotInMessageId = SearchValues.Create("<> ,;\"()");

    /// <summary>Whether the product writes this header itself, so that nobody else may.</summary>
    public static bool IsOwn(string name) => OwnNames.Contains(name);

    private static readonly FrozenSet<string> OwnNames = new[]
    {
        "From", "Sender", "To", "Cc", "Bcc", "Reply-To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type",
        "Content-Transfer-Encoding", "Content-Disposition", "DKIM-Signature", "Return-Path", "Received",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    public static void Write(MimeMessage message, IBufferWriter<byte> output)
    {
        var headers = new HeaderWriter(output);
        WriteHeaders(message, headers);
        Mixed(message, output);
    }

    /// <summary>Files beside the body, and beside the HTML those that it shows: mixed(related(alternative(text, html), inline ...), files ...).</summary>
    private static void Mixed(MimeMessage message, IBufferWriter<byte> output)
    {
        var (inline, files) = (message.Attachments.Where(IsInline).ToList(), message.Attachments.Where(a => !IsInline(a)).ToList());
        if (files.Count == 0)
        {
            Related(message, inline, output);
            return;
        }

        Span<byte> boundary = stackalloc byte[Boundary.Length];
        Begin("multipart/mixed"u8, message.MessageId + "/mixed", boundary, output);
        Next(boundary, output);
        Related(message, inline, output);
        foreach (var file in files)
        {
            Next(boundary, output);
            AttachmentPart.Write(output, file, inline: false);
        }

        End(boundary, output);
        bool IsInline(MailAttachment attachment) => attachment.ContentId is not null && message.HtmlBody.Length > 0;
    }

    private static void Related(MimeMessage message, List<MailAttachment> inline, IBufferWriter<byte> output)
    {
        if (inline.Count == 0)
        {
            Body(message, output);
            return;
        }

        Span<byte> boundary = stackalloc byte[Boundary.Length];
        Begin("multipart/related"u8, message.MessageId + "/related", boundary, output);
        Next(boundary, output);
        Body(message, output);
        foreach (var file in inline)
        {
            Next(boundary, output);
            AttachmentPart.Write(output, file, inline: true);
        }

        End(boundary, output);
    }

    private static void Body(MimeMessage message, IBufferWriter<byte> output)
    {
        if (message.TextBody.Length > 0 && message.HtmlBody.Length > 0)
        {
            WriteAlternative(message, output);
        }
        else if (message.HtmlBody.Length > 0)
        {
            TextPart.Write(output, "text/html", message.HtmlBody.Span);
        }
        else
        {
            TextPart.Write(output, "text/plain", message.TextBody.Span);
        }
    }

    private static void Begin(ReadOnlySpan<byte> type, string seed, Span<byte> boundary, IBufferWriter<byte> output)
    {
        Boundary.Of(seed, boundary);
        output.Write("Content-Type: "u8);
        output.Write(type);
        output.Write(";\r\n boundary=\""u8);
        output.Write(boundary);
        output.Write("\"\r\n\r\n"u8);
    }

    private static void Next(ReadOnlySpan<byte> boundary, IBufferWriter<byte> output)
    {
        output.Write("--"u8);
        output.Write(boundary);
        output.Write("\r\n"u8);
    }

    private static void End(ReadOnlySpan<byte> boundary, IBufferWriter<byte> output)
    {
        output.Write("--"u8);
        output.Write(boundary);
        output.Write("--\r\n"u8);
    }

    private static void WriteHeaders(MimeMessage message, HeaderWriter headers)
    {
        headers.Mailboxes("From", [message.From]);
        if (message.To.Count > 0)
        {
            headers.Mailboxes("To", message.To);
        }

        if (message.Cc.Count > 0)
        {
            headers.Mailboxes("Cc", message.Cc);
        }

        if (message.ReplyTo is { } replyTo)
        {
            headers.Mailboxes("Reply-To", [replyTo]);
        }

        headers.Text("Subject", HeaderText.WithoutInvisible(message.Subject));
        headers.Text("Date", message.Date.ToString("ddd, dd MMM yyyy HH':'mm':'ss ", CultureInfo.InvariantCulture) + Zone(message.Date.Offset));
        headers.Text("Message-ID", CheckedMessageId(message.MessageId));
        foreach (var (name, value) in message.Headers)
        {
            headers.Text(OwnNames.Contains(name) ? throw new InvalidHeaderException($"The header {name} is written by the product.") : name, value);
        }

        headers.Text("MIME-Version", "1.0");
    }

    private static string Zone(TimeSpan offset) =>
        string.Create(CultureInfo.InvariantCulture, $"{(offset < TimeSpan.Zero ? '-' : '+')}{Math.Abs(offset.Hours):00}{Math.Abs(offset.Minutes):00}");

    private static string CheckedMessageId(string id)
    {
        var inner = id is ['<', .., '>'] ? id.AsSpan(1, id.Length - 2) : [];
        return inner.Length is > 2 and < MaxMessageId && inner.Count('@') == 1 && !inner.ContainsAny(NotInMessageId) && Ascii.IsValid(inner)
            ? id
            : throw new InvalidHeaderException("A Message-ID looks like <left@right>.");
    }

    private static void WriteAlternative(MimeMessage message, IBufferWriter<byte> output)
    {
        Span<byte> boundary = stackalloc byte[Boundary.Length];
        Begin("multipart/alternative"u8, message.MessageId, boundary, output);
        Next(boundary, output);
        TextPart.Write(output, "text/plain", message.TextBody.Span);
        Next(boundary, output);
        TextPart.Write(output, "text/html", message.HtmlBody.Span);
        End(boundary, output);
    }

    /// <summary>
    /// Starts with <c>=_</c>, which neither quoted-printable nor base64 can produce, and a 7bit part that holds it is
    /// written quoted-printable: so no body collides with it and it needs no random.
    /// </summary>
    private static class Boundary
    {
        public const int Length = 2 + 32;

        public static void Of(string messageId, Span<byte> boundary)
        {
            Span<byte> id = stackalloc byte[MaxMessageId + 24];
            Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
            SHA256.HashData(id[..Encoding.ASCII.GetBytes(messageId, id)], hash);
            "=_"u8.CopyTo(boundary);
            Convert.TryToHexStringLower(hash[..16], boundary[2..], out _);
        }
    }
}
