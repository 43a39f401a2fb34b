using System.Text;

namespace Millrace.Mail.Smtp;

/// <summary>Reads replies from bytes that arrive in any pieces. Never throws.</summary>
public static class SmtpReplyParser
{
    /// <summary>A longer reply, all lines together, is a protocol error.</summary>
    public const int MaxLength = 2_000;

    public enum Outcome
    {
        /// <summary>More bytes are needed.</summary>
        Incomplete,
        Complete,
        Malformed,
    }

    /// <param name="data">Everything received and not yet consumed.</param>
    /// <param name="consumed">Bytes of the reply when complete, else 0.</param>
    public static Outcome Read(ReadOnlySpan<byte> data, out int consumed, out SmtpReply? reply)
    {
        (consumed, reply) = (0, null);
        var (position, code) = (0, 0);
        StringBuilder? earlier = null;
        while (true)
        {
            var rest = data[position..];
            var end = rest.IndexOf((byte)'\n');
            if (end < 0)
            {
                return data.Length > MaxLength || !CanBegin(rest) ? Outcome.Malformed : Outcome.Incomplete;
            }

            if (position + end >= MaxLength)
            {
                return Outcome.Malformed;
            }

            var line = rest[..end].TrimEnd((byte)'\r');
            if (!ReadLine(line, out var lineCode, out var isLast) || (code != 0 && code != lineCode))
            {
                return Outcome.Malformed;
            }

            code = lineCode;
            position += end + 1;
            var text = Clean(line.Length > 4 ? line[4..] : []);
            if (isLast)
            {
                consumed = position;
                reply = new SmtpReply(code, earlier is null ? text : earlier.Append(text).ToString());
                return Outcome.Complete;
            }

            (earlier ??= new StringBuilder()).Append(text).Append('\n');
        }
    }

    private static bool ReadLine(ReadOnlySpan<byte> line, out int code, out bool isLast)
    {
        (code, isLast) = (0, true);
        if (line.Length < 3 || !CanBegin(line[..3]) || (line.Length > 3 && line[3] is not ((byte)' ' or (byte)'-')))
        {
            return false;
        }

        code = ((line[0] - '0') * 100) + ((line[1] - '0') * 10) + (line[2] - '0');
        isLast = line.Length == 3 || line[3] == ' ';
        return true;
    }

    /// <summary>Garbage is told at its first bytes, not after a time-out.</summary>
    private static bool CanBegin(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return true;
        }

        var digits = bytes[..Math.Min(3, bytes.Length)];
        return digits[0] is >= (byte)'2' and <= (byte)'5' && !digits.ContainsAnyExceptInRange((byte)'0', (byte)'9');
    }

    /// <summary>Text from outside: UTF-8 where valid, control characters replaced.</summary>
    private static string Clean(ReadOnlySpan<byte> bytes)
    {
        var text = Encoding.UTF8.GetString(bytes);
        return text.AsSpan().ContainsAnyInRange('\0', '\x1f') || text.Any(char.IsControl)
            ? string.Concat(text.Select(c => char.IsControl(c) ? '?' : c))
            : text;
    }
}
