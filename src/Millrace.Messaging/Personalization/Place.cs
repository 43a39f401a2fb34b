using System.Buffers;
using System.Globalization;
using System.Text;

namespace Millrace.Messaging.Personalization;

/// <summary>Where a value lands, hence how it must be encoded.</summary>
internal enum Place
{
    Raw,
    Header,
    HtmlText,
    HtmlAttribute,

    /// <summary>Part of a URL behind its host: percent-encoded, which needs no further encoding in HTML.</summary>
    UrlPart,

    /// <summary>A whole URL of ours in a plain link.</summary>
    WholeUrl,
}

internal static class PlaceEncoding
{
    private static readonly SearchValues<char> HtmlSpecial = SearchValues.Create("&<>\"'\r\n\0");
    private static readonly SearchValues<char> UrlPlain = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~@");

    public static void Write(TextBuffer output, ReadOnlySpan<char> value, Place place, bool breakLines)
    {
        switch (place)
        {
            case Place.Raw or Place.WholeUrl:
                output.Append(value);
                break;
            case Place.Header:
                WriteHeader(output, value);
                break;
            case Place.HtmlText or Place.HtmlAttribute:
                WriteHtml(output, value, breakLines && place == Place.HtmlText);
                break;
            case Place.UrlPart:
                WriteUrl(output, value);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(place));
        }
    }

    private static void WriteHtml(TextBuffer output, ReadOnlySpan<char> value, bool breakLines)
    {
        int special;
        while ((special = value.IndexOfAny(HtmlSpecial)) >= 0)
        {
            output.Append(value[..special]);
            output.Append(value[special] switch
            {
                '&' => "&amp;",
                '<' => "&lt;",
                '>' => "&gt;",
                '"' => "&quot;",
                '\'' => "&#39;",
                '\n' => breakLines ? "<br>" : "&#10;",
                '\r' => breakLines ? "" : "&#13;",
                _ => "\uFFFD",
            });
            value = value[(special + 1)..];
        }

        output.Append(value);
    }

    private static void WriteUrl(TextBuffer output, ReadOnlySpan<char> value)
    {
        // "." and ".." alone would climb the path; browsers read %2e so too, hence only here a full stop is dropped.
        if (value is "." or "..")
        {
            return;
        }

        Span<byte> utf8 = stackalloc byte[4];
        while (!value.IsEmpty)
        {
            var plain = value.IndexOfAnyExcept(UrlPlain);
            if (plain != 0)
            {
                var run = plain < 0 ? value : value[..plain];
                output.Append(run);
                value = value[run.Length..];
                continue;
            }

            Rune.DecodeFromUtf16(value, out var rune, out var used);
            foreach (var octet in utf8[..rune.EncodeToUtf8(utf8)])
            {
                output.Append('%');
                octet.TryFormat(output.GetSpan(2), out var written, "X2", CultureInfo.InvariantCulture);
                output.Advance(written);
            }

            value = value[used..];
        }
    }

    private static void WriteHeader(TextBuffer output, ReadOnlySpan<char> value)
    {
        foreach (var character in value)
        {
            if (character is '\r' or '\n' or '\t')
            {
                output.Append(' ');
            }
            else if (!char.IsControl(character) && !IsInvisible(character))
            {
                output.Append(character);
            }
        }
    }

    /// <summary>Direction overrides and zero-width marks; the joiners stay, for emoji and Persian need them.</summary>
    public static bool IsInvisible(char character) => character
        is '\u200B' or '\u200E' or '\u200F' or '\u061C' or '\uFEFF' or '\u2028' or '\u2029'
        or (>= '\u202A' and <= '\u202E') or (>= '\u2060' and <= '\u2069');
}
