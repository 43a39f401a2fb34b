using System.Globalization;
using System.Text.RegularExpressions;

namespace Millrace.Mail.Spam;

/// <summary>A rule that a mail meets.</summary>
/// <param name="Points">Above zero speaks for spam, below against it.</param>
/// <param name="Description">In the words of the rule's authors.</param>
public sealed record SpamRule(string Name, decimal Points, string Description);

/// <summary>What SpamAssassin says of a mail.</summary>
/// <param name="Score">Sum of the points.</param>
/// <param name="Threshold">From which score on it is taken for spam.</param>
public sealed partial record SpamReport(bool IsSpam, decimal Score, decimal Threshold, IReadOnlyList<SpamRule> Rules)
{
    private const int MaxRules = 200;

    /// <summary><c> 0.1 MIME_HTML_ONLY         BODY: Message only has text/html MIME parts</c>.</summary>
    [GeneratedRegex(@"^ *(?<points>-?[0-9]{1,4}(\.[0-9]{1,3})?) +(?<name>[A-Z_][A-Z0-9_]{1,99})(?: +(?<says>.*))?$", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex RuleLine();

    [GeneratedRegex(@"^Spam: *(?<is>True|False|Yes|No) *; *(?<score>-?[0-9.]{1,12}) */ *(?<threshold>-?[0-9.]{1,12})", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Verdict();

    /// <param name="verdict">The header line <c>Spam: True ; 6.5 / 5.0</c>.</param>
    /// <param name="body">The report in the layout of SpamAssassin's default template.</param>
    /// <exception cref="SpamdException">The verdict is none.</exception>
    public static SpamReport Read(string verdict, string body)
    {
        ArgumentNullException.ThrowIfNull(body);
        if (Verdict().Match(verdict) is not { Success: true } found
            || !decimal.TryParse(found.Groups["score"].ValueSpan, NumberStyles.Float, CultureInfo.InvariantCulture, out var score)
            || !decimal.TryParse(found.Groups["threshold"].ValueSpan, NumberStyles.Float, CultureInfo.InvariantCulture, out var threshold))
        {
            throw new SpamdException("The answer holds no verdict.");
        }

        var rules = new List<SpamRule>();
        var isTable = false;
        foreach (var line in body.ReplaceLineEndings("\n").Split('\n'))
        {
            if (!isTable)
            {
                isTable = line.StartsWith("----", StringComparison.Ordinal);
            }
            else if (RuleLine().Match(line) is { Success: true } rule && rules.Count < MaxRules)
            {
                rules.Add(new(
                    rule.Groups["name"].Value, decimal.Parse(rule.Groups["points"].ValueSpan, NumberStyles.Float, CultureInfo.InvariantCulture), rule.Groups["says"].Value.Trim()));
            }
            else if (rules.Count > 0 && line.StartsWith("        ", StringComparison.Ordinal) && !line.TrimStart().StartsWith('[') && rules[^1].Description.Length < 500)
            {
                // The description goes on.
                rules[^1] = rules[^1] with { Description = $"{rules[^1].Description} {line.Trim()}".Trim() };
            }
        }

        return new(found.Groups["is"].ValueSpan is "True" or "true" or "Yes" or "yes", score, threshold, rules);
    }
}

/// <summary>The checker did not answer, or not in its protocol.</summary>
public sealed class SpamdException(string message, Exception? inner = null) : Exception(message, inner);
