using System.Buffers;
using System.Text;

namespace Millrace.Mail.Mime;

/// <summary>Rules for text that goes into a header.</summary>
public static class HeaderText
{
    // Bidirectional controls and zero-width characters hide or reorder what a reader sees. The joiners U+200C and U+200D
    // stay: Persian, Indic scripts and composed emoji cannot be written without them.
    private static readonly SearchValues<char> Invisible = SearchValues.Create(
        "\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff\u061c\u00ad");

    /// <summary>The text without characters that reorder or hide it; subjects and sender names are written so.</summary>
    public static string WithoutInvisible(string text) =>
        text.AsSpan().ContainsAny(Invisible) ? string.Concat(text.Where(c => !Invisible.Contains(c))) : text;

    /// <summary>True when the text can stand in a header, encoded or not: no control character, no half surrogate.</summary>
    public static bool IsSafe(ReadOnlySpan<char> text)
    {
        if (!text.ContainsAnyExceptInRange(' ', '~'))
        {
            return true;
        }

        while (!text.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(text, out var rune, out var length) != OperationStatus.Done || IsBreaking(rune))
            {
                return false;
            }

            text = text[length..];
        }

        return true;
    }

    /// <exception cref="InvalidHeaderException">See <see cref="IsSafe"/>.</exception>
    public static void ThrowIfUnsafe(ReadOnlySpan<char> text, string what)
    {
        if (!IsSafe(text))
        {
            throw new InvalidHeaderException($"{what} contains a control character.");
        }
    }

    // U+2028 and U+2029 are line ends to some readers.
    private static bool IsBreaking(Rune rune) => Rune.IsControl(rune) || rune.Value is 0x2028 or 0x2029;
}
