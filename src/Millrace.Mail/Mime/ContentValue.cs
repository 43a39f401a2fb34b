using System.Text;

namespace Millrace.Mail.Mime;

/// <summary>A header such as <c>text/html; charset="utf-8"</c>: a lower-case value and its parameters (RFC 2045, RFC 2231).</summary>
public sealed class ContentValue
{
    private const int MaxParameters = 50;

    private readonly Dictionary<string, string> _parameters = new(StringComparer.OrdinalIgnoreCase);

    private ContentValue(string value) => Value = value;

    public string Value { get; }

    /// <summary>A parameter, decoded, or null.</summary>
    public string? this[string name] =>
        _parameters.TryGetValue(name, out var plain) ? HeaderDecoder.Decode(plain)
        : _parameters.TryGetValue(name + "*", out var extended) ? Extended(extended)
        : Continued(name);

    internal static ContentValue Read(string header, string fallback)
    {
        var semicolon = header.IndexOf(';', StringComparison.Ordinal);
        var value = (semicolon < 0 ? header : header[..semicolon]).Trim().ToLowerInvariant();
        var content = new ContentValue(value.Length == 0 ? fallback : value);
        if (semicolon >= 0)
        {
            content.ReadParameters(header.AsSpan(semicolon + 1));
        }

        return content;
    }

    private void ReadParameters(ReadOnlySpan<char> rest)
    {
        while (!rest.IsEmpty && _parameters.Count < MaxParameters)
        {
            var equals = rest.IndexOf('=');
            if (equals < 0)
            {
                return;
            }

            var name = rest[..equals].Trim(" \t;").ToString();
            rest = rest[(equals + 1)..].TrimStart(' ');
            string value;
            if (rest.StartsWith("\""))
            {
                (value, var used) = Quoted(rest);
                rest = rest[used..];
            }
            else
            {
                var end = rest.IndexOf(';');
                value = (end < 0 ? rest : rest[..end]).Trim().ToString();
                rest = end < 0 ? [] : rest[end..];
            }

            _parameters.TryAdd(name, value);
        }
    }

    private static (string Value, int Used) Quoted(ReadOnlySpan<char> text)
    {
        var value = new StringBuilder();
        var i = 1;
        for (; i < text.Length && text[i] != '"'; i++)
        {
            if (text[i] == '\\' && i + 1 < text.Length)
            {
                i++;
            }

            value.Append(text[i]);
        }

        return (value.ToString(), Math.Min(i + 1, text.Length));
    }

    private string? Continued(string name)
    {
        var joined = new StringBuilder();
        for (var i = 0; i < MaxParameters; i++)
        {
            if (_parameters.TryGetValue($"{name}*{i}*", out var piece) || _parameters.TryGetValue($"{name}*{i}", out piece))
            {
                joined.Append(piece);
            }
            else
            {
                break;
            }
        }

        return joined.Length == 0 ? null : Extended(joined.ToString());
    }

    /// <summary><c>utf-8'en'a%20b</c>, or plain text.</summary>
    private static string Extended(string text)
    {
        var parts = text.Split('\'', 3);
        if (parts.Length < 3)
        {
            return text;
        }

        var bytes = new List<byte>(parts[2].Length);
        var escaped = Encoding.UTF8.GetBytes(parts[2]);
        for (var i = 0; i < escaped.Length; i++)
        {
            if (escaped[i] == '%' && i + 2 < escaped.Length && TransferDecoder.TryHex(escaped[i + 1], escaped[i + 2], out var b))
            {
                bytes.Add(b);
                i += 2;
            }
            else
            {
                bytes.Add(escaped[i]);
            }
        }

        return Charsets.Decode(bytes.ToArray(), parts[0]);
    }
}
