using System.Text.RegularExpressions;

namespace Millrace.Mail.Dkim;

/// <summary>The <c>name=value</c> list of a signature or key record (RFC 6376 3.2), blanks inside values taken out.</summary>
internal sealed partial class DkimTags
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

    /// <summary>The signature header with the value of <c>b=</c> emptied, all else as it is.</summary>
    public static string WithoutSignature(string header) => SignatureValue.Replace(header, "${name}", 1);

    [GeneratedRegex(@"(?<name>(^[^:]*:|;)[ \t\r\n]*b[ \t\r\n]*=)[^;]*", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 100)]
    private static partial Regex SignatureValue { get; }
}
