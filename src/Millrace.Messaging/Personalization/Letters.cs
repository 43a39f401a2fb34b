using System.Globalization;

namespace Millrace.Messaging.Personalization;

internal enum LetterCase
{
    AsIs,
    Upper,
    Lower,
    Title,
    Sentence,
}

internal static class Letters
{
    public static LetterCase? Named(string word) => word switch
    {
        "UPPERCASE" or "UPPER" => LetterCase.Upper,
        "LOWERCASE" or "LOWER" => LetterCase.Lower,
        "TITLECASE" => LetterCase.Title,
        "SENTENCECASE" => LetterCase.Sentence,
        _ => null,
    };

    public static string Apply(string value, LetterCase letterCase)
    {
        var words = CultureInfo.InvariantCulture.TextInfo;
        return letterCase switch
        {
            LetterCase.Upper => words.ToUpper(value),
            LetterCase.Lower => words.ToLower(value),

            // Lowered first, for ToTitleCase leaves words in capitals alone.
            LetterCase.Title => words.ToTitleCase(words.ToLower(value)),
            LetterCase.Sentence => Sentence(value),
            _ => value,
        };
    }

    private static string Sentence(string value)
    {
        var first = char.IsHighSurrogate(value[0]) && value.Length > 1 ? 2 : 1;
        return value[..first].ToUpperInvariant() + value[first..].ToLowerInvariant();
    }
}
