namespace Millrace.Mail.Dkim;

/// <summary>The <c>name=value</c> list of a signature or key record (RFC 6376 3.2), blanks inside values taken out.</summary>
public sealed class DkimTags
{
    private readonly Dictionary<string, string> _tags = new(StringComparer.Ordinal);

    /// <summary>Empty when absent.</summary>
    public string this[string name] => _tags.GetValueOrDefault(name, "");

    public static DkimTags Read(string text)
    {
        var tags = new DkimTags();
        foreach (var tag in text.Split(';', 64))
        {
            var equals = tag.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0)
            {
                tags._tags.TryAdd(tag[..equals].Trim(), string.Concat(tag.Skip(equals + 1).Where(c => !char.IsWhiteSpace(c))));
            }
        }

        return tags;
    }

    public bool Has(string name) => _tags.ContainsKey(name);

    /// <summary>A base64 value; empty when absent or not base64.</summary>
    public byte[] Bytes(string name)
    {
        var bytes = new byte[this[name].Length];
        return Convert.TryFromBase64String(this[name], bytes, out var length) ? bytes[..length] : [];
    }

    /// <summary>
    /// The signature header with the value of <c>b=</c> emptied, all else as it is. One pass by hand: a message from outside may hold anything, and a
    /// pattern with a time limit would fail on a busy machine.
    /// </summary>
    public static string WithoutSignature(string header)
    {
        for (var i = header.IndexOf(':', StringComparison.Ordinal); i >= 0; i = header.IndexOf(';', i + 1))
        {
            var name = SkipBlanks(header, i + 1);
            if (name >= header.Length || header[name] != 'b')
            {
                continue;
            }

            var equals = SkipBlanks(header, name + 1);
            if (equals < header.Length && header[equals] == '=')
            {
                var end = header.IndexOf(';', equals);
                return string.Concat(header.AsSpan(0, equals + 1), end < 0 ? default : header.AsSpan(end));
            }
        }

        return header;
    }

    private static int SkipBlanks(string text, int at)
    {
        while (at < text.Length && text[at] is (' ' or '\t' or '\r' or '\n'))
        {
            at++;
        }

        return at;
    }
}
