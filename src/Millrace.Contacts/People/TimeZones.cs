namespace Millrace.Contacts.People;

internal static class TimeZones
{
    /// <summary>The zone of this IANA name; UTC when this machine does not know it.</summary>
    public static TimeZoneInfo Find(string? name) =>
        name is not null && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone : TimeZoneInfo.Utc;
}
