using System.Globalization;

namespace Millrace.Messaging.Personalization;

/// <summary>Dates travel through slots as ISO 8601 and are said in words only at the end.</summary>
internal static class IsoDate
{
    public static string? Of(DateTimeOffset? moment, TimeZoneInfo zone) => moment is { } known
        ? TimeZoneInfo.ConvertTime(known, zone).ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture)
        : null;

    public static bool TryRead(string? text, out DateTime date) => DateTime.TryParse(
        text, CultureInfo.InvariantCulture, DateTimeStyles.AllowWhiteSpaces | DateTimeStyles.RoundtripKind, out date);
}
