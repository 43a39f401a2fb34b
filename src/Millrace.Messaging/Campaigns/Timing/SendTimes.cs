using System.Globalization;
using Millrace.Kernel.Time;

namespace Millrace.Messaging.Campaigns.Timing;

/// <summary>When each contact gets a campaign.</summary>
internal sealed class SendTimes
{
    private const ulong Explores = 3;
    private const ulong Moment = 4;
    private static readonly TimeSpan Window = TimeSpan.FromHours(24);

    private readonly long _campaignId;
    private readonly DateTimeOffset _start;
    private readonly DateTime? _local;
    private readonly bool _ofContact;
    private readonly bool _predictive;
    private readonly double _exploration;
    private readonly TimeZoneInfo _fallback;
    private readonly Dictionary<string, TimeZoneInfo> _zones = new(StringComparer.Ordinal);

    /// <param name="start">When it starts, or started.</param>
    public SendTimes(Campaign campaign, DateTimeOffset start, double exploration)
    {
        _campaignId = campaign.Id;
        _start = start;
        _local = Parse(campaign.ScheduleLocal);
        _ofContact = campaign.ScheduleZone == ZoneMode.Contact && _local is not null;
        _predictive = campaign.IsPredictive;
        _exploration = exploration;
        _fallback = WallClock.Zone(campaign.Zone);
    }

    /// <summary>The first instant at which anybody gets a mail that is scheduled like this: where the clocks of contacts count, when it is that late in the east.</summary>
    public static DateTimeOffset First(DateTime local, ZoneMode mode, TimeZoneInfo zone) =>
        mode == ZoneMode.Contact ? new DateTimeOffset(local, TimeSpan.FromHours(14)).ToUniversalTime() : WallClock.Instant(zone, local);

    public static DateTime? Parse(string? local) =>
        DateTime.TryParseExact(local, "yyyy-MM-dd'T'HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time : null;

    /// <param name="timeZone">The contact's; null or unknown: the account's.</param>
    /// <param name="bestHour">Of its own day; null: not known.</param>
    public DateTimeOffset Of(long contactId, string? timeZone, short? bestHour)
    {
        var zone = ZoneOf(timeZone);
        var from = _ofContact ? WallClock.Instant(zone, _local!.Value) : _start;
        // Whose hour was over when the campaign started gets it at once.
        from = from < _start ? _start : from;
        return _predictive ? Predict(contactId, zone, bestHour, from) : from;
    }

    private DateTimeOffset Predict(long contactId, TimeZoneInfo zone, short? bestHour, DateTimeOffset from)
    {
        var moment = Lot.Draw(_campaignId, contactId, Moment);
        if (bestHour is not { } hour || Lot.Draw(_campaignId, contactId, Explores) < _exploration)
        {
            return from + (Window * moment);
        }

        var local = WallClock.Local(zone, from);
        var at = local.Date.AddHours(hour).AddMinutes(moment * 60);
        var due = WallClock.Instant(zone, at);
        if (due < from)
        {
            // The rest of the hour we are in, or that hour tomorrow.
            due = local.Hour == hour ? from + ((WallClock.Instant(zone, local.Date.AddHours(hour + 1)) - from) * moment) : WallClock.Instant(zone, at.AddDays(1));
        }

        var end = from + Window;
        return due < end ? due : end - TimeSpan.FromSeconds(1);
    }

    private TimeZoneInfo ZoneOf(string? name)
    {
        if (string.IsNullOrEmpty(name))
        {
            return _fallback;
        }

        if (!_zones.TryGetValue(name, out var zone))
        {
            _zones[name] = zone = TimeZoneInfo.TryFindSystemTimeZoneById(name, out var found) ? found : _fallback;
        }

        return zone;
    }
}
