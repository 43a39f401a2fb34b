using System.Globalization;
using Millrace.Kernel.Errors;

namespace Millrace.Kernel.Data;

/// <summary>
/// Refuses text that PostgreSQL cannot store before it is sent. Left to the server it fails while the parameters are bound; when the same
/// round trip was to prepare the statement, the driver keeps a statement whose columns it never learned, and the next request on that
/// connection fails in its stead.
/// </summary>
public static class StorableText
{
    /// <exception cref="MalformedRequestException">It holds a NUL.</exception>
    public static string Text(string text) => text.Contains('\0', StringComparison.Ordinal) ? throw Refused() : text;

    /// <summary>
    /// The beginning of a text, at most so many UTF-16 units, never ending in half of a pair: PostgreSQL takes no such half, and the write of all that stands beside
    /// it would fail.
    /// </summary>
    public static string Cut(string text, int most) =>
        text.Length <= most ? text : most > 0 && char.IsHighSurrogate(text[most - 1]) ? text[..(most - 1)] : text[..most];

    /// <inheritdoc cref="Text"/>
    public static string?[] Texts(string?[] texts)
    {
        foreach (var text in texts)
        {
            _ = text is null ? null : Text(text);
        }

        return texts;
    }

    /// <exception cref="MalformedRequestException">It holds an escaped NUL or half of a surrogate pair, which <c>jsonb</c> cannot.</exception>
    public static string Json(string json)
    {
        for (var at = json.IndexOf('\\', StringComparison.Ordinal); at >= 0 && at + 1 < json.Length; at = json.IndexOf('\\', at))
        {
            if (json[at + 1] != 'u')
            {
                at += 2;
                continue;
            }

            var unit = Unit(json, at);
            if (unit == 0 || char.IsLowSurrogate((char)unit) || (char.IsHighSurrogate((char)unit) && !char.IsLowSurrogate((char)Unit(json, at + 6))))
            {
                throw Refused();
            }

            at += char.IsHighSurrogate((char)unit) ? 12 : 6;
        }

        return Text(json);
    }

    /// <summary>The code unit of an escape at this place; 1 when there is none.</summary>
    private static int Unit(string json, int at) =>
        at + 6 <= json.Length && json[at] == '\\' && json[at + 1] == 'u'
        && int.TryParse(json.AsSpan(at + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit) ? unit : 1;

    private static MalformedRequestException Refused() => new("The text holds a character that cannot be stored.");
}
