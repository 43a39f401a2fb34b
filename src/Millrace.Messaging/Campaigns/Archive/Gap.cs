using System.Text.RegularExpressions;

namespace Millrace.Messaging.Campaigns.Archive;

/// <summary>
/// What a missing name leaves behind in a copy that everybody reads: "Hi , news" becomes "Hi, news", and ", here it is" becomes "here it is". Only where a value is missing; spaces
/// that an author wrote before a sign stay.
/// </summary>
internal static partial class Gap
{
    /// <summary>Stands in place of a missing value until the gap is closed. A character that no text has: it is for private use.</summary>
    public const string Mark = "\uE000";

    public static string Close(string rendered)
    {
        if (!rendered.Contains(Mark, StringComparison.Ordinal) && !rendered.Contains(InUrl, StringComparison.Ordinal))
        {
            return rendered;
        }

        var text = AtStart().Replace(rendered, "${before}");
        text = BeforeSign().Replace(text, "");
        text = Doubled().Replace(text, " ");
        return text.Replace(Mark, "", StringComparison.Ordinal).Replace(InUrl, "", StringComparison.Ordinal).Replace("&#57344;", "", StringComparison.Ordinal);
    }

    private const string InUrl = "%EE%80%80";

    [GeneratedRegex("(?<before>^|>)(\\s|&nbsp;)*(\uE000(\\s|&nbsp;)*)+[,;:](\\s|&nbsp;)*", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex AtStart();

    [GeneratedRegex("(\\s|\u00A0|&nbsp;)+(\uE000(\\s|\u00A0|&nbsp;)*)+(?=[,.;:!?])", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex BeforeSign();

    [GeneratedRegex("(?<=\\S)[ ](\uE000[ ])+(?=\\S)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Doubled();
}
