using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Millrace.Mail.Mime;

/// <summary>
/// RFC 2047 encoded words in UTF-8, each at most 75 characters, cut between graphemes (between code points when one
/// grapheme is longer than a word). B or Q, whichever is shorter.
/// </summary>
internal static class EncodedWords
{
    private const int MaxWord = 75;
    private const int Envelope = 12; // =?utf-8?q? and ?=

    // The set that is allowed even inside a phrase (RFC 2047 section 5 rule 3), so names and subjects share one encoder.
    private static readonly SearchValues<byte> Plain = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!*+-/"u8);

    /// <returns>The column after the last word.</returns>
    public static int Write(IBufferWriter<byte> output, ReadOnlySpan<char> text, int column)
    {
        var quoted = PrefersQuoted(text);
        Span<byte> utf8 = stackalloc byte[MaxWord];
        while (true)
        {
            var room = Math.Min(MaxWord, HeaderWriter.Width - column) - Envelope;
            var (taken, length) = Take(text, utf8, quoted, room);
            if (taken == 0)
            {
                // Nothing fits behind what is on this line.
                output.Write("\r\n "u8);
                column = 1;
                continue;
            }

            column += WriteWord(output, utf8[..length], quoted);
            text = text[taken..];
            if (text.IsEmpty)
            {
                return column;
            }

            output.Write("\r\n "u8);
            column = 1;
        }
    }

    private static bool PrefersQuoted(ReadOnlySpan<char> text)
    {
        var plain = 0;
        foreach (var c in text)
        {
            plain += char.IsAsciiLetterOrDigit(c) || c == ' ' ? 1 : 0;
        }

        return plain * 3 > text.Length * 2;
    }

    /// <summary>As many whole graphemes as fit into <paramref name="room"/> encoded characters.</summary>
    private static (int Chars, int Bytes) Take(ReadOnlySpan<char> text, Span<byte> utf8, bool quoted, int room)
    {
        var (chars, bytes, cost) = (0, 0, 0);
        while (chars < text.Length)
        {
            var size = StringInfo.GetNextTextElementLength(text[chars..]);
            if (size > 8)
            {
                // A pile of combining marks: cut between code points.
                size = char.IsHighSurrogate(text[chars]) ? 2 : 1;
            }

            var element = text.Slice(chars, size);
            if (bytes + Encoding.UTF8.GetByteCount(element) > utf8.Length)
            {
                break;
            }

            var added = Encoding.UTF8.GetBytes(element, utf8[bytes..]);
            cost = quoted ? cost + QuotedCost(utf8.Slice(bytes, added)) : (bytes + added + 2) / 3 * 4;
            if (cost > room)
            {
                break;
            }

            chars += size;
            bytes += added;
        }

        return (chars, bytes);
    }

    private static int QuotedCost(ReadOnlySpan<byte> bytes)
    {
        var cost = 0;
        foreach (var b in bytes)
        {
            cost += b == ' ' || Plain.Contains(b) ? 1 : 3;
        }

        return cost;
    }

    private static int WriteWord(IBufferWriter<byte> output, ReadOnlySpan<byte> bytes, bool quoted)
    {
        var word = output.GetSpan(MaxWord + 4);
        (quoted ? "=?utf-8?q?"u8 : "=?utf-8?b?"u8).CopyTo(word);
        var length = 10;
        if (quoted)
        {
            foreach (var b in bytes)
            {
                length += WriteQuoted(word[length..], b);
            }
        }
        else
        {
            Base64.EncodeToUtf8(bytes, word[length..], out _, out var written);
            length += written;
        }

        "?="u8.CopyTo(word[length..]);
        output.Advance(length + 2);
        return length + 2;
    }

    private static int WriteQuoted(Span<byte> target, byte b)
    {
        if (b == ' ' || Plain.Contains(b))
        {
            target[0] = b == ' ' ? (byte)'_' : b;
            return 1;
        }

        target[0] = (byte)'=';
        target[1] = "0123456789ABCDEF"u8[b >> 4];
        target[2] = "0123456789ABCDEF"u8[b & 15];
        return 3;
    }
}
