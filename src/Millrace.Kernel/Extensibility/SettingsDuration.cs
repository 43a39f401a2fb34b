using System.Globalization;
using System.Text.RegularExpressions;

namespace Millrace.Kernel.Extensibility;

/// <summary>An ISO 8601 duration with calendar parts, as settings and documents hold it: <c>P1M</c>, <c>P2W</c>, <c>P1DT6H</c>, <c>PT30M</c>.</summary>
public readonly partial record struct IsoDuration(int Months, int Days, TimeSpan Time)
{
    private static readonly string[] Names = ["p1", "p2", "p3", "p4", "p5", "p6", "p7"];

    /// <summary>Whole numbers only, at least one part, longer than zero, at most 100 years.</summary>
    public static bool TryParse(string? text, out IsoDuration duration)
    {
        duration = default;
        if (text is null || text.Length > 40 || text.EndsWith('T') || Shape().Match(text) is not { Success: true } match)
        {
            return false;
        }

        var parts = new long[7];
        for (var i = 0; i < 7; i++)
        {
            if (match.Groups[Names[i]] is { Success: true } part && !long.TryParse(part.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out parts[i]))
            {
                return false;
            }
        }

        if (parts.Any(p => p > 3_200_000_000) || !parts.Any(p => p > 0))
        {
            return false;
        }

        var (months, days) = ((parts[0] * 12) + parts[1], (parts[2] * 7) + parts[3]);
        var seconds = (parts[4] * 3600) + (parts[5] * 60) + parts[6];
        if (months > 1200 || days > 36_525 || seconds > 3_155_760_000)
        {
            return false;
        }

        duration = new IsoDuration((int)months, (int)days, TimeSpan.FromSeconds(seconds));
        return true;
    }

    public static IsoDuration Parse(string text) =>
        TryParse(text, out var duration) ? duration : throw new FormatException($"{text} is no duration.");

    public DateTimeOffset After(DateTimeOffset start) => start.AddMonths(Months).AddDays(Days) + Time;

    [GeneratedRegex(@"\AP((?<p1>\d{1,10})Y)?((?<p2>\d{1,10})M)?((?<p3>\d{1,10})W)?((?<p4>\d{1,10})D)?(T((?<p5>\d{1,10})H)?((?<p6>\d{1,10})M)?((?<p7>\d{1,10})S)?)?\z",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Shape();
}
