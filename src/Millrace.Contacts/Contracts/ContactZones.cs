using System.ComponentModel;
using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;
using Millrace.Kernel.Time;
using Npgsql;
using EditorAttribute = Millrace.Kernel.Extensibility.EditorAttribute;

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

/// <summary>Base of the settings of what goes by a clock: whose it is.</summary>
public abstract record ClockSettings
{
    [Label("By the clock of"), Says(""), Description("A contact without a time zone goes by the account's.")]
    public ClockOf Clock { get; init; } = ClockOf.Contact;

    [Description("The time zone."), Says(""), Editor("zone"), ShowWhen("clock", "named"), MaxCharacters(100)]
    public string? TimeZone { get; init; }

    /// <summary>The zone of all contacts that have none of their own to go by.</summary>
    /// <param name="accountZone">IANA name.</param>
    public TimeZoneInfo CommonZone(string accountZone) => WallClock.Zone(Clock == ClockOf.Named ? TimeZone : accountZone);

    /// <summary>What is wrong with the choice, at <c>time_zone</c>; null: nothing.</summary>
    public string? ClockProblem() => Clock == ClockOf.Named && !WallClock.IsZone(TimeZone)
        ? "Choose a time zone."
        : null;
}

/// <summary>Time zones of many contacts at once.</summary>
public static class ContactZones
{
    /// <summary>The zone each of the contacts is to be measured by.</summary>
    /// <param name="accountZone">IANA name.</param>
    public static async Task<Func<long, TimeZoneInfo>> OfAsync(
        NpgsqlTransaction transaction, long accountId, ClockSettings settings, string accountZone, long[] contactIds, CancellationToken cancellationToken)
    {
        var common = settings.CommonZone(accountZone);
        if (settings.Clock != ClockOf.Contact)
        {
            return _ => common;
        }

        var own = (await Sql.Of($"""
            select id, time_zone from contacts.contact where account_id = {accountId} and id = any ({contactIds}) and time_zone is not null
            """).ListAsync<Row>(transaction, cancellationToken))
            .Where(r => TimeZoneInfo.TryFindSystemTimeZoneById(r.Zone, out _)).ToDictionary(r => r.Id, r => WallClock.Zone(r.Zone));
        return id => own.GetValueOrDefault(id) ?? common;
    }

    private sealed record Row(long Id, string Zone);
}
