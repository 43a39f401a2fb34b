using System.Buffers;

namespace Millrace.Mail.Smtp;

/// <summary>The transparency rule of RFC 5321 4.5.2, both ways.</summary>
public static class DotStuffing
{
    /// <summary>True when every CR and LF is part of a CRLF. Anything else lets two servers disagree on where a message ends.</summary>
    public static bool HasCleanLineEnds(ReadOnlySpan<byte> message)
    {
        var pairs = message.Count("\r\n"u8);
        return message.Count((byte)'\n') == pairs && message.Count((byte)'\r') == pairs;
    }

    /// <summary>Doubles each dot that begins a line. Pieces must be cut behind line ends.</summary>
    public static void Stuff(ReadOnlySpan<byte> lines, IBufferWriter<byte> output)
    {
        if (lines.StartsWith("."u8))
        {
            output.Write("."u8);
        }

        while (true)
        {
            var dot = lines.IndexOf("\r\n."u8);
            if (dot < 0)
            {
                output.Write(lines);
                return;
            }

            output.Write(lines[..(dot + 3)]);
            output.Write("."u8);
            lines = lines[(dot + 3)..];
        }
    }

    /// <summary>Takes the first dot off each line that begins with one. Without the final dot.</summary>
    public static void Unstuff(ReadOnlySpan<byte> data, IBufferWriter<byte> output)
    {
        data = data.StartsWith("."u8) ? data[1..] : data;
        while (true)
        {
            var dot = data.IndexOf("\r\n."u8);
            if (dot < 0)
            {
                output.Write(data);
                return;
            }

            output.Write(data[..(dot + 2)]);
            data = data[(dot + 3)..];
        }
    }
}
