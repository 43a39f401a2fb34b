using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;
using Millrace.Kernel.Time;
using Npgsql;

namespace Millrace.Contacts.Contracts;

/// <summary>By whose clock a step or a trigger goes.</summary>
public enum ClockOf
{
    /// <summary>The contact's; where it has none, the account's.</summary>
    [Label("The contact")]
    Contact,

    /// <summary>The account's.</summary>
    [Label("The account")]
    Account,

    /// <summary>One chosen time zone.</summary>
    [Label("A time zone")]
    Named,
}

/// <summary>Time zones of many contacts at once.</summary>
public static class ContactZones
{
    /// <summary>The zone each of the contacts is to be measured by.</summary>
    /// <param name="accountZone">IANA name.</param>
    /// <param name="named">IANA name for <see cref="ClockOf.Named"/>.</param>
    public static async Task<Func<long, TimeZoneInfo>> OfAsync(
        NpgsqlTransaction transaction, long accountId, ClockOf clock, string accountZone, string? named, long[] contactIds, CancellationToken cancellationToken)
    {
        var common = WallClock.Zone(clock == ClockOf.Named ? named : accountZone);
        if (clock != ClockOf.Contact)
        {
            return _ => common;
        }

        var own = (await Sql.Of($"""
            select id, time_zone from contacts.contact where account_id = {accountId} and id = any ({contactIds}) and time_zone is not null
            """).ListAsync<Row>(transaction, cancellationToken))
            .Where(r => TimeZoneInfo.TryFindSystemTimeZoneById(r.Zone, out _)).ToDictionary(r => r.Id, r => WallClock.Zone(r.Zone));
        return id => own.GetValueOrDefault(id) ?? common;
    }

    /// <summary>What is wrong with the choice; null: nothing.</summary>
    public static string? Problem(ClockOf clock, string? named) => clock != ClockOf.Named
        ? null
        : named is not null && TimeZoneInfo.TryFindSystemTimeZoneById(named, out _) ? null : "Choose a time zone.";

    private sealed record Row(long Id, string Zone);
}
