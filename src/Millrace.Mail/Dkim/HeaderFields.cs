using Millrace.Mail.Mime;

namespace Millrace.Mail.Dkim;

/// <summary>The header fields of a message as slices of its bytes.</summary>
internal static class HeaderFields
{
    /// <summary>One field: <paramref name="Name"/> and <paramref name="Whole"/> (with its folds, without the last line end).</summary>
    internal readonly record struct Field(Range Name, Range Value, Range Whole);

    /// <returns>Where the body begins.</returns>
    public static int Split(ReadOnlySpan<byte> message, List<Field> fields)
    {
        var position = 0;
        while (position < message.Length)
        {
            if (message[position..].StartsWith("\r\n"u8))
            {
                return position + 2;
            }

            var end = EndOfField(message, position);
            var colon = message[position..end].IndexOf((byte)':');
            if (colon > 0)
            {
                var name = message.Slice(position, colon).TrimEnd(" \t"u8).Length;
                fields.Add(new Field(position..(position + name), (position + colon + 1)..end, position..end));
            }

            position = Math.Min(end + 2, message.Length);
        }

        return message.Length;
    }

    /// <summary>RFC 6376 3.4.2: lower-case name, unfolded, blanks shrunk to one, none around the colon or at the end. No line end.</summary>
    public static void WriteRelaxed(MailBuffer output, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        var target = output.GetSpan(name.Length + value.Length + 1);
        System.Text.Ascii.ToLower(name, target, out var length);
        target[length++] = (byte)':';
        var blank = false;
        var any = false;
        foreach (var b in value)
        {
            if (b is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
            {
                blank = true;
                continue;
            }

            if (blank && any)
            {
                target[length++] = (byte)' ';
            }

            (blank, any) = (false, true);
            target[length++] = b;
        }

        output.Advance(length);
    }

    private static int EndOfField(ReadOnlySpan<byte> message, int start)
    {
        var position = start;
        while (true)
        {
            var end = message[position..].IndexOf("\r\n"u8);
            if (end < 0)
            {
                return message.Length;
            }

            position += end;
            if (position + 2 >= message.Length || message[position + 2] is not ((byte)' ' or (byte)'\t'))
            {
                return position;
            }

            position += 2;
        }
    }
}
