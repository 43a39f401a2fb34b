using System.Globalization;
using System.Text;
using Millrace.Mail.Mime;

namespace Millrace.Messaging.Inbound;

/// <summary>A reply on its way to the real address: as it came, so that its sender's signature still holds, with two lines in front.</summary>
internal static class ForwardedMail
{
    /// <summary>What comes back with it is a loop.</summary>
    public const string Mark = "X-Millrace-Forwarded";

    public static byte[] Write(byte[] raw, string recipient, string peer, string host, DateTimeOffset receivedAt)
    {
        var head = string.Create(
            CultureInfo.InvariantCulture,
            $"Received: from [{peer}] by {host} with SMTP; {receivedAt.UtcDateTime:ddd, dd MMM yyyy HH:mm:ss} +0000\r\n{Mark}: {Visible(recipient)}\r\n");
        using var mail = new MailBuffer(raw.Length + head.Length + 64, headroom: 0);
        mail.Write(Encoding.ASCII.GetBytes(head));
        AppendWithLineEnds(raw, mail);
        return mail.Memory.ToArray();
    }

    /// <summary>Bare CR and LF become line ends: two servers might see different mails in them.</summary>
    private static void AppendWithLineEnds(ReadOnlySpan<byte> raw, MailBuffer mail)
    {
        while (!raw.IsEmpty)
        {
            var end = raw.IndexOfAny((byte)'\r', (byte)'\n');
            if (end < 0)
            {
                mail.Write(raw);
                return;
            }

            mail.Write(raw[..end]);
            mail.Write("\r\n"u8);
            var isPair = raw[end] == '\r' && end + 1 < raw.Length && raw[end + 1] == '\n';
            raw = raw[(end + (isPair ? 2 : 1))..];
        }
    }

    private static string Visible(string text) => string.Concat(text.Where(c => c is >= '!' and <= '~'));
}
