namespace Millrace.Kernel.Time;

/// <summary>Between instants and what a clock on a wall shows.</summary>
public static class WallClock
{
    /// <summary>The zone of this IANA name; UTC when this machine does not know it.</summary>
    public static TimeZoneInfo Zone(string? name) =>
        name is not null && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone : TimeZoneInfo.Utc;

    /// <summary>Whether this is the IANA name of a zone. Windows' own names, which .NET takes too, mean nothing to PostgreSQL and to browsers.</summary>
    public static bool IsZone(string? name) => name is not null && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) && zone.HasIanaId;

    /// <summary>The instant of a local time: after the gap where it does not exist, the earlier one where it is twice.</summary>
    public static DateTimeOffset Instant(TimeZoneInfo zone, DateTime local)
    {
        while (zone.IsInvalidTime(local))
        {
            local = local.AddMinutes(15);
        }

        var offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local);
        return new DateTimeOffset(local, offset).ToUniversalTime();
    }

    public static DateTime Local(TimeZoneInfo zone, DateTimeOffset instant) => TimeZoneInfo.ConvertTime(instant, zone).DateTime;

    /// <summary>A time of day as forms and documents hold it: <c>09:30</c>.</summary>
    public static bool TryTimeOfDay(string? text, out TimeOnly time) =>
        TimeOnly.TryParseExact(text, ["HH:mm", "HH:mm:ss"], System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.None, out time);
}
