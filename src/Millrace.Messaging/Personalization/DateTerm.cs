using System.Globalization;

namespace Millrace.Messaging.Personalization;

/// <summary>
/// Arithmetic and format of a date tag. <c>%TODAY+3D%</c>, <c>%TODAY-1M|ISO%</c>, <c>%BIRTHDAY|FORMAT:d MMMM%</c>:
/// any number of <c>+n</c>/<c>-n</c> with unit D, W, M or Y (n up to 9,999), then one of the formats below.
/// A value that is no date is written as it stands.
/// </summary>
internal sealed record DateTerm(int Days, int Months, string Format)
{
    public const string DefaultFormat = "MMMM d, yyyy";

    public static string? FormatOf(string word) => word switch
    {
        "ISO" => "yyyy-MM-dd",
        "SHORT" => "MM/dd/yyyy",
        "LONG" => "dddd, MMMM d, yyyy",
        "DAY" => "%d",
        "WEEKDAY" => "dddd",
        "MONTH" => "MMMM",
        "YEAR" => "yyyy",
        "TIME" => "HH:mm",
        _ when word.StartsWith("FORMAT:", StringComparison.Ordinal) => Custom(word["FORMAT:".Length..]),
        _ => null,
    };

    public string Apply(string value)
    {
        if (!IsoDate.TryRead(value, out var date))
        {
            return value;
        }

        try
        {
            return date.AddMonths(Months).AddDays(Days).ToString(Format, CultureInfo.GetCultureInfo("en-US"));
        }
        catch (ArgumentOutOfRangeException)
        {
            // Beyond year 1 or 9999.
            return value;
        }
    }

    private static string? Custom(string format) =>
        format.Length is > 1 and <= 40 && format.All(c => "dMyHhmst .,:/-".Contains(c, StringComparison.Ordinal)) && format.Any(char.IsLetter)
            ? format
            : null;
}
