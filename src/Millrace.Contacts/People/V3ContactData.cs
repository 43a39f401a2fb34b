using Millrace.Api.Dialect;
using Millrace.Api.Resources;
using Millrace.Contacts.Sightings.Geography;

namespace Millrace.Contacts.People;

/// <summary><c>/api/3/contacts/{id}/contactData</c>: what the original guesses about a contact. Here: where it was seen last, as far as that is known.</summary>
internal static class V3ContactData
{
    public static object View(ContactRow row, V3Call call) => new
    {
        contact = new V3Id(row.Id),
        tstamp = call.Iso(row.UpdatedAt),
        geoTstamp = V3Seen.Time(row.LastSeen, "placed_at") is { } placed ? call.Iso(placed) : null,
        geoIp4 = ContactsResource.IpNumber(V3Seen.Text(row.LastSeen, "ip")),
        geoCountry2 = V3Seen.Text(row.LastSeen, "country") ?? string.Empty,
        geo_country = Countries.NameOf(V3Seen.Text(row.LastSeen, "country") ?? string.Empty) ?? string.Empty,
        geoState = V3Seen.Text(row.LastSeen, "region") ?? string.Empty,
        geoCity = V3Seen.Text(row.LastSeen, "city") ?? string.Empty,
        geoZip = V3Seen.Text(row.LastSeen, "postal_code") ?? string.Empty,
        geoArea = string.Empty,
        geoLat = V3Seen.Degrees(row.LastSeen, "latitude"),
        geoLon = V3Seen.Degrees(row.LastSeen, "longitude"),
        geoTz = V3Seen.Text(row.LastSeen, "time_zone") ?? row.TimeZone ?? string.Empty,
        geoTzOffset = "0.00",
        ga_campaign_source = string.Empty,
        ga_campaign_name = string.Empty,
        ga_campaign_medium = string.Empty,
        ga_campaign_term = string.Empty,
        ga_campaign_content = string.Empty,
        ga_campaign_customsegment = string.Empty,
        ga_first_visit = (string?)null,
        ga_times_visited = "0",
        fb_id = string.Empty,
        fb_name = string.Empty,
        tw_id = string.Empty,
        created_timestamp = call.Plain(row.CreatedAt),
        updated_timestamp = call.Plain(row.UpdatedAt),
        created_by = (string?)null,
        updated_by = (string?)null,
        links = Array.Empty<string>(),
        id = new V3Id(row.Id),
    };
}
