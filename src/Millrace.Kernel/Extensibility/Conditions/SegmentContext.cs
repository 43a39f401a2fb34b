using Millrace.Kernel.Time;

namespace Millrace.Kernel.Extensibility;

/// <summary>For whom, when and where conditions are asked.</summary>
/// <param name="Now">Product time.</param>
/// <param name="TimeZone">IANA name of the account's zone: days begin and end there.</param>
/// <param name="AutomationId">The automation whose steps <c>step</c> filters name; null outside of automations.</param>
/// <param name="ContactIds">When only these contacts are asked about. Conditions that count may narrow their counting to them.</param>
public sealed record SegmentContext(long AccountId, DateTimeOffset Now, string TimeZone, long? AutomationId = null, long[]? ContactIds = null)
{
    /// <summary>The account's zone; UTC where this machine does not know the name.</summary>
    public TimeZoneInfo Zone => field ??= TimeZoneInfo.TryFindSystemTimeZoneById(TimeZone, out var zone) ? zone : TimeZoneInfo.Utc;

    /// <summary>The account's local time now.</summary>
    public DateTime LocalNow => TimeZoneInfo.ConvertTime(Now, Zone).DateTime;

    public DateOnly Today => DateOnly.FromDateTime(LocalNow);

    /// <summary>When the day begins in the account's zone. Where clocks jump over midnight, the first moment after the jump.</summary>
    public DateTimeOffset StartOf(DateOnly day) => Instant(day.ToDateTime(TimeOnly.MinValue));

    /// <summary>The instant of a local time in the account's zone: after the gap where it does not exist, the earlier one where it is twice.</summary>
    public DateTimeOffset Instant(DateTime local) => WallClock.Instant(Zone, local);

    /// <summary>Now plus a span: days and longer by the account's calendar, hours and shorter by the clock.</summary>
    public DateTimeOffset Shift(CalendarSpan span) => Instant(span.AddDays(LocalNow)) + span.Clock;
}
