using System.Buffers.Text;

namespace Millrace.Mail.Mime;

/// <summary>Undoes quoted-printable and base64, keeping what can be read of damaged ones.</summary>
internal static class TransferDecoder
{
    public static byte[] Decode(ReadOnlySpan<byte> body, string encoding) => encoding.Trim().ToLowerInvariant() switch
    {
        "quoted-printable" => QuotedPrintable(body),
        "base64" => Base64Text(body),
        _ => body.ToArray(),
    };

    public static byte[] Base64Text(ReadOnlySpan<byte> body)
    {
        var clean = new byte[body.Length + 3];
        var length = 0;
        foreach (var b in body)
        {
            if (b is (>= (byte)'A' and <= (byte)'Z') or (>= (byte)'a' and <= (byte)'z') or (>= (byte)'0' and <= (byte)'9') or (byte)'+' or (byte)'/')
            {
                clean[length++] = b;
            }
            else if (b == '=')
            {
                break;
            }
        }

        length -= length % 4 == 1 ? 1 : 0;
        while (length % 4 != 0)
        {
            clean[length++] = (byte)'=';
        }

        var bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(length)];
        Base64.DecodeFromUtf8(clean.AsSpan(0, length), bytes, out _, out var written);
        return bytes[..written];
    }

    public static bool TryHex(byte high, byte low, out byte value)
    {
        var (h, l) = (Digit(high), Digit(low));
        value = (byte)((h << 4) | (l & 15));
        return h >= 0 && l >= 0;
    }

    private static byte[] QuotedPrintable(ReadOnlySpan<byte> body)
    {
        var bytes = new byte[body.Length];
        var length = 0;
        while (!body.IsEmpty)
        {
            var end = body.IndexOf((byte)'\n');
            var line = end < 0 ? body : body[..end];
            var lineEnd = end < 0 ? "" : line.EndsWith("\r"u8) ? "\r\n" : "\n";
            body = end < 0 ? [] : body[(end + 1)..];
            line = line.TrimEnd(" \t\r"u8);
            var isSoft = line.EndsWith("="u8);
            length = Line(isSoft ? line[..^1] : line, bytes, length);
            foreach (var c in isSoft ? "" : lineEnd)
            {
                bytes[length++] = (byte)c;
            }
        }

        return bytes[..length];
    }

    private static int Line(ReadOnlySpan<byte> line, byte[] target, int length)
    {
        for (var i = 0; i < line.Length; i++)
        {
            if (line[i] == '=' && i + 2 < line.Length && TryHex(line[i + 1], line[i + 2], out var b))
            {
                target[length++] = b;
                i += 2;
            }
            else
            {
                target[length++] = line[i];
            }
        }

        return length;
    }

    private static int Digit(byte b) => b switch
    {
        >= (byte)'0' and <= (byte)'9' => b - '0',
        >= (byte)'A' and <= (byte)'F' => b - 'A' + 10,
        >= (byte)'a' and <= (byte)'f' => b - 'a' + 10,
        _ => -1,
    };
}
