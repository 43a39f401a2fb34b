using System.Globalization;
using Millrace.Api.Dialect;
using Millrace.Api.Resources;
using Millrace.Contacts.People;
using Millrace.Contacts.Sightings.Geography;

namespace Millrace.Contacts.Sightings;

/// <summary><c>/api/3/geoAddresses</c>: the place behind a network address, as far as this server's files of places know it.</summary>
internal sealed class GeoAddressesResource : GeoRows
{
    public override string Plural => "geoAddresses";

    public override string Singular => "geoAddress";

    public override string Model => "GeoAddress";

    public override object View(GeoPlaceRow row, V3Call call) => new
    {
        ip4 = ContactsResource.IpNumber(row.Ip),
        country2 = row.Country ?? string.Empty,
        country = Countries.NameOf(row.Country ?? string.Empty) ?? string.Empty,
        state = row.Region ?? string.Empty,
        city = row.City ?? string.Empty,
        zip = row.PostalCode ?? string.Empty,
        area = string.Empty,
        lat = Degrees(row.Latitude),
        lon = Degrees(row.Longitude),
        tz = row.TimeZone ?? string.Empty,
        tstamp = call.Iso(row.PlacedAt ?? row.SeenAt),
        links = Array.Empty<string>(),
        id = new V3Id(row.ContactId),
    };

    private static string Degrees(double? degrees) => (degrees ?? 0).ToString("0.000000", CultureInfo.InvariantCulture);
}
