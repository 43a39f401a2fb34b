using System.Globalization;

namespace Millrace.Api.Dialect;

/// <summary>Dates as v3 writes and reads them.</summary>
public static class V3Time
{
    /// <summary><c>cdate</c>, <c>udate</c> ...: ISO 8601 with the account's offset and no fraction.</summary>
    public static string? Iso(DateTimeOffset? instant, string timeZone) => instant is { } value
        ? TimeZoneInfo.ConvertTime(value, Zone(timeZone)).ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture)
        : null;

    /// <summary><c>created_timestamp</c> ...: <c>YYYY-MM-DD HH:MM:SS</c> in the account's zone.</summary>
    public static string? Plain(DateTimeOffset? instant, string timeZone) => instant is { } value
        ? TimeZoneInfo.ConvertTime(value, Zone(timeZone)).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)
        : null;

    /// <summary><c>*_utc_timestamp</c>: the same in UTC.</summary>
    public static string? PlainUtc(DateTimeOffset? instant) => instant?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>ISO 8601 with or without offset, <c>YYYY-MM-DD HH:MM:SS</c>, <c>YYYY-MM-DD</c>; without offset in the account's zone.</summary>
    public static DateTimeOffset? Parse(string? text, string timeZone)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        string[] local = ["yyyy-MM-dd", "yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd HH:mm"];
        if (DateTime.TryParseExact(text, local, CultureInfo.InvariantCulture, DateTimeStyles.None, out var wall))
        {
            return new DateTimeOffset(wall, Zone(timeZone).GetUtcOffset(wall)).ToUniversalTime();
        }

        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant) ? instant.ToUniversalTime() : null;
    }

    private static TimeZoneInfo Zone(string name) => TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone : TimeZoneInfo.Utc;
}
