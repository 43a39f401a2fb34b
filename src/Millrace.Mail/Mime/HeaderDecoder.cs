using System.Text;

namespace Millrace.Mail.Mime;

/// <summary>Decodes RFC 2047 encoded words. A word that is damaged stays as it is.</summary>
public static class HeaderDecoder
{
    /// <param name="value">An unfolded header value.</param>
    public static string Decode(string value)
    {
        if (!value.Contains("=?", StringComparison.Ordinal))
        {
            return value;
        }

        var text = new StringBuilder(value.Length);
        var pending = new List<byte>();
        string? charset = null;
        var position = 0;
        while (position < value.Length)
        {
            var start = value.IndexOf("=?", position, StringComparison.Ordinal);
            var between = start < 0 ? value.AsSpan(position) : value.AsSpan(position, start - position);

            // Blanks between two encoded words belong to neither; their bytes may even share a character.
            if (charset is null || !between.Trim(" \t").IsEmpty || start < 0)
            {
                Flush();
                text.Append(between);
            }

            if (start < 0)
            {
                break;
            }

            if (TryReadWord(value, start, out var wordCharset, out var bytes, out var end))
            {
                if (charset is not null && !charset.Equals(wordCharset, StringComparison.OrdinalIgnoreCase))
                {
                    Flush();
                }

                charset = wordCharset;
                pending.AddRange(bytes);
                position = end;
            }
            else
            {
                if (charset is not null)
                {
                    Flush();
                    text.Append(between);
                }

                text.Append("=?");
                position = start + 2;
            }
        }

        Flush();
        return text.ToString();

        void Flush()
        {
            if (charset is not null)
            {
                text.Append(Charsets.Decode(pending.ToArray(), charset));
            }

            pending.Clear();
            charset = null;
        }
    }

    private static bool TryReadWord(string value, int start, out string charset, out byte[] bytes, out int end)
    {
        (charset, bytes, end) = ("", [], 0);
        var second = value.IndexOf('?', start + 2);
        if (second < 0 || second - start is < 3 or > 60 || second + 2 >= value.Length || value[second + 2] != '?')
        {
            return false;
        }

        var close = value.IndexOf("?=", second + 3, StringComparison.Ordinal);
        if (close < 0 || value.AsSpan(second + 3, close - second - 3).ContainsAny(" ?"))
        {
            return false;
        }

        charset = value[(start + 2)..second].Split('*')[0];
        var content = Encoding.Latin1.GetBytes(value[(second + 3)..close]);
        end = close + 2;
        switch (value[second + 1])
        {
            case 'B' or 'b':
                bytes = TransferDecoder.Base64Text(content);
                return true;
            case 'Q' or 'q':
                content.AsSpan().Replace((byte)'_', (byte)' ');
                bytes = Quoted(content);
                return true;
            default:
                return false;
        }
    }

    private static byte[] Quoted(byte[] content)
    {
        var bytes = new List<byte>(content.Length);
        for (var i = 0; i < content.Length; i++)
        {
            if (content[i] == '=' && i + 2 < content.Length && TransferDecoder.TryHex(content[i + 1], content[i + 2], out var b))
            {
                bytes.Add(b);
                i += 2;
            }
            else
            {
                bytes.Add(content[i]);
            }
        }

        return [.. bytes];
    }
}
