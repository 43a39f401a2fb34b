using System.Security.Cryptography;

namespace Millrace.Mail.Dkim;

/// <summary>SHA-256 of a body in one of the two canonical forms of RFC 6376 3.4.</summary>
internal static class BodyHash
{
    /// <summary>
    /// Blanks inside a line shrink to one, those at its end and empty lines at the end of the body vanish.
    /// Lines that are canonical already are hashed where they lie, as long runs; only others are copied.
    /// </summary>
    public static void Relaxed(IncrementalHash hash, ReadOnlySpan<byte> body)
    {
        body = WithoutBlankTail(body);
        Span<byte> scratch = stackalloc byte[2048];
        var used = 0;
        var runStart = 0;
        var position = 0;
        while (position < body.Length)
        {
            var end = body[position..].IndexOf("\r\n"u8);
            var line = end < 0 ? body[position..] : body.Slice(position, end);
            var next = position + line.Length + (end < 0 ? 0 : 2);
            if (end < 0 || !IsCanonical(line))
            {
                hash.AppendData(body[runStart..position]);
                used = Shrink(hash, line, scratch, used);
                used = Put(hash, "\r\n"u8, scratch, used);
                hash.AppendData(scratch[..used]);
                used = 0;
                runStart = next;
            }

            position = next;
        }

        hash.AppendData(body[Math.Min(runStart, body.Length)..]);
    }

    /// <summary>Only empty lines at the end vanish; an empty body is one line end.</summary>
    public static void Simple(IncrementalHash hash, ReadOnlySpan<byte> body)
    {
        while (body.EndsWith("\r\n"u8))
        {
            body = body[..^2];
        }

        hash.AppendData(body);
        hash.AppendData("\r\n"u8);
    }

    private static bool IsCanonical(ReadOnlySpan<byte> line) =>
        line.IsEmpty || (line[^1] != ' ' && line.IndexOf((byte)'\t') < 0 && line.IndexOf("  "u8) < 0);

    /// <summary>Cuts lines that hold nothing but blanks off the end; what is left ends with its line end (or without, if it had none).</summary>
    private static ReadOnlySpan<byte> WithoutBlankTail(ReadOnlySpan<byte> body)
    {
        var end = body.Length;
        while (true)
        {
            var mark = end;
            if (mark >= 2 && body[mark - 1] == '\n' && body[mark - 2] == '\r')
            {
                mark -= 2;
            }

            var content = mark;
            while (content > 0 && body[content - 1] is (byte)' ' or (byte)'\t')
            {
                content--;
            }

            var atLineStart = content == 0 || (content >= 2 && body[content - 1] == '\n' && body[content - 2] == '\r');
            if (!atLineStart)
            {
                return body[..end];
            }

            if (content == 0)
            {
                return [];
            }

            end = content;
        }
    }

    private static int Shrink(IncrementalHash hash, ReadOnlySpan<byte> line, Span<byte> scratch, int used)
    {
        line = line.TrimEnd(" \t"u8);
        while (!line.IsEmpty)
        {
            var blank = line.IndexOfAny((byte)' ', (byte)'\t');
            used = Put(hash, blank < 0 ? line : line[..blank], scratch, used);
            if (blank < 0)
            {
                break;
            }

            used = Put(hash, " "u8, scratch, used);
            line = line[blank..].TrimStart(" \t"u8);
        }

        return used;
    }

    private static int Put(IncrementalHash hash, ReadOnlySpan<byte> bytes, Span<byte> scratch, int used)
    {
        if (used + bytes.Length > scratch.Length)
        {
            hash.AppendData(scratch[..used]);
            used = 0;
            if (bytes.Length > scratch.Length)
            {
                hash.AppendData(bytes);
                return 0;
            }
        }

        bytes.CopyTo(scratch[used..]);
        return used + bytes.Length;
    }
}
