using System.Buffers;
using System.Text;

namespace Millrace.Mail.Mime;

/// <summary>Writes the headers and body of one text part in the transfer encoding that suits its bytes.</summary>
internal static class TextPart
{
    private const int MaxLine = 998;

    private enum TransferEncoding
    {
        SevenBit,
        QuotedPrintable,
        Base64,
    }

    public static void Write(IBufferWriter<byte> output, string mediaType, ReadOnlySpan<char> text)
    {
        using var bytes = new MailBuffer(text.Length + (text.Length / 8) + 64, headroom: 0);
        Normalise(text, bytes);
        var encoding = Choose(bytes.Span);

        output.Write("Content-Type: "u8);
        output.Advance(Encoding.ASCII.GetBytes(mediaType, output.GetSpan(mediaType.Length)));
        output.Write("; charset=utf-8\r\nContent-Transfer-Encoding: "u8);
        switch (encoding)
        {
            case TransferEncoding.SevenBit:
                output.Write("7bit\r\n\r\n"u8);
                output.Write(bytes.Span);
                break;
            case TransferEncoding.QuotedPrintable:
                output.Write("quoted-printable\r\n\r\n"u8);
                QuotedPrintable.Write(output, bytes.Span);
                break;
            default:
                output.Write("base64\r\n\r\n"u8);
                Base64Lines.Write(output, bytes.Span);
                break;
        }
    }

    /// <summary>UTF-8 with CRLF line ends, the last line ended as well.</summary>
    private static void Normalise(ReadOnlySpan<char> text, MailBuffer bytes)
    {
        while (!text.IsEmpty)
        {
            var end = text.IndexOfAny('\r', '\n');
            var line = end < 0 ? text : text[..end];
            bytes.Advance(Encoding.UTF8.GetBytes(line, bytes.GetSpan(Encoding.UTF8.GetMaxByteCount(line.Length))));
            bytes.Write("\r\n"u8);
            if (end < 0)
            {
                return;
            }

            text = text[(end + (text[end..].StartsWith("\r\n") ? 2 : 1))..];
        }
    }

    private static TransferEncoding Choose(ReadOnlySpan<byte> bytes)
    {
        var escapes = Escapes(bytes);
        if (escapes == 0 && LongestLine(bytes) <= MaxLine && bytes.IndexOf("=_"u8) < 0
            && !bytes.StartsWith("From "u8) && bytes.IndexOf("\nFrom "u8) < 0)
        {
            return TransferEncoding.SevenBit;
        }

        // Quoted-printable adds two bytes for each escape, base64 37 % to all.
        return escapes * 5L > bytes.Length ? TransferEncoding.Base64 : TransferEncoding.QuotedPrintable;
    }

    /// <summary>Bytes that 7bit cannot carry: beyond ASCII, and controls other than CR, LF, TAB.</summary>
    private static int Escapes(ReadOnlySpan<byte> bytes)
    {
        var count = 0;
        while (true)
        {
            var next = bytes.IndexOfAnyExcept(QuotedPrintable.Harmless);
            if (next < 0)
            {
                return count;
            }

            count++;
            bytes = bytes[(next + 1)..];
        }
    }

    private static int LongestLine(ReadOnlySpan<byte> bytes)
    {
        var longest = 0;
        while (!bytes.IsEmpty)
        {
            var end = bytes.IndexOf((byte)'\n');
            longest = Math.Max(longest, (end < 0 ? bytes.Length : end) - 1);
            bytes = end < 0 ? [] : bytes[(end + 1)..];
        }

        return longest;
    }
}
