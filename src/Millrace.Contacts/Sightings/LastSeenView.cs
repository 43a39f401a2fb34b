using Millrace.Contacts.Sightings.Geography;
using Millrace.Kernel.Data;

namespace Millrace.Contacts.Sightings;

/// <summary>Where a contact was last and with what, for its profile. Members are null where nothing is known.</summary>
/// <param name="SeenAt">When it was first seen like this, to a day: a sighting that tells nothing new is written down once a day.</param>
/// <param name="Country">ISO 3166-1 alpha-2.</param>
/// <param name="CountryName">In English.</param>
/// <param name="TimeZone">IANA name, of the place.</param>
/// <param name="Device"><c>desktop</c>, <c>mobile</c> or <c>tablet</c>.</param>
internal sealed record LastSeenView(
    DateTimeOffset SeenAt, string? Ip, string? Country, string? CountryName, string? Region, string? City, string? PostalCode, double? Latitude, double? Longitude,
    string? TimeZone, string? Device, string? Os, string? MailClient, string? Browser)
{
    public static async Task<LastSeenView?> FindAsync(AccountTransaction work, long accountId, long contactId, CancellationToken cancellationToken)
    {
        var seen = await Sql.Of($"""
            select seen_at, ip, country, null::text, region, city, postal_code, latitude, longitude, time_zone, device, os, mail_client, browser
            from contacts.last_seen where account_id = {accountId} and contact_id = {contactId}
            """).FirstAsync<LastSeenView>(work, cancellationToken);
        return seen?.Country is { } code ? seen with { CountryName = Countries.NameOf(code) } : seen;
    }
}
