using System.Buffers;

namespace Millrace.Mail.Mime;

/// <summary>RFC 2045 6.7: lines of at most 76 characters; a soft break never stands inside a UTF-8 character.</summary>
internal static class QuotedPrintable
{
    private const int Width = 75; // and the = of a soft break

    /// <summary>What 7bit text may hold.</summary>
    public static readonly SearchValues<byte> Harmless = SearchValues.Create(
        [.. Enumerable.Range(0, 128).Where(b => b is >= ' ' and <= '~' or '\r' or '\n' or '\t').Select(b => (byte)b)]);

    // Stand for themselves anywhere but at the end of a line.
    private static readonly SearchValues<byte> Literal = SearchValues.Create(
        [.. Enumerable.Range(0, 128).Where(b => b is (>= ' ' and <= '~' or '\t') and not '=').Select(b => (byte)b)]);

    /// <param name="bytes">UTF-8 with CRLF line ends.</param>
    public static void Write(IBufferWriter<byte> output, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var end = bytes.IndexOf("\r\n"u8);
            WriteLine(output, end < 0 ? bytes : bytes[..end]);
            output.Write("\r\n"u8);
            bytes = end < 0 ? [] : bytes[(end + 2)..];
        }
    }

    private static void WriteLine(IBufferWriter<byte> output, ReadOnlySpan<byte> line)
    {
        var column = 0;
        if (line.StartsWith("From "u8))
        {
            column = WriteEscaped(output, line[..1]);
            line = line[1..];
        }

        while (!line.IsEmpty)
        {
            var run = line.IndexOfAnyExcept(Literal);
            run = run < 0 ? line.Length : run;
            if (run == line.Length && line[^1] is (byte)' ' or (byte)'\t')
            {
                run--;
            }

            if (run > 0)
            {
                if (column == Width)
                {
                    output.Write("=\r\n"u8);
                    column = 0;
                }

                run = Math.Min(run, Width - column);
                output.Write(line[..run]);
                column += run;
                line = line[run..];
                continue;
            }

            var size = Math.Min(CharacterSize(line[0]), line.Length);
            if (column + (size * 3) > Width)
            {
                output.Write("=\r\n"u8);
                column = 0;
            }

            column += WriteEscaped(output, line[..size]);
            line = line[size..];
        }
    }

    private static int CharacterSize(byte lead) => lead switch { >= 0xf0 => 4, >= 0xe0 => 3, >= 0xc0 => 2, _ => 1 };

    private static int WriteEscaped(IBufferWriter<byte> output, ReadOnlySpan<byte> bytes)
    {
        var target = output.GetSpan(bytes.Length * 3);
        for (var i = 0; i < bytes.Length; i++)
        {
            target[i * 3] = (byte)'=';
            target[(i * 3) + 1] = "0123456789ABCDEF"u8[bytes[i] >> 4];
            target[(i * 3) + 2] = "0123456789ABCDEF"u8[bytes[i] & 15];
        }

        output.Advance(bytes.Length * 3);
        return bytes.Length * 3;
    }
}
