using System.Text;

namespace Millrace.Mail.Mime;

/// <summary>Bytes to text by a charset's name, whatever the sender wrote there.</summary>
internal static class Charsets
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static string Decode(ReadOnlySpan<byte> bytes, string? charset)
    {
        if (Find(charset) is { } encoding)
        {
            return encoding.GetString(bytes);
        }

        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return Encoding.Latin1.GetString(bytes);
        }
    }

    /// <summary>Null for UTF-8, ASCII, none, and what nobody knows: all are read as UTF-8 or else Latin-1.</summary>
    private static Encoding? Find(string? charset)
    {
        charset = charset?.Trim().Trim('"').ToLowerInvariant();
        if (charset is null or "" or "utf-8" or "utf8" or "us-ascii" or "ascii" || charset.Length > 40)
        {
            return null;
        }

        try
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(charset) ?? Encoding.GetEncoding(charset);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }
}
