using Millrace.Api.Dialect;
using Millrace.Api.Resources;

namespace Millrace.Contacts.People;

/// <summary><c>/api/3/contacts/{id}/contactData</c>: what the original guesses about a contact. Here: the time zone, where it is known.</summary>
internal static class V3ContactData
{
    public static object View(ContactRow row, V3Call call) => new
    {
        contact = new V3Id(row.Id),
        tstamp = call.Iso(row.UpdatedAt),
        geoTstamp = (string?)null,
        geoIp4 = "0",
        geoCountry2 = string.Empty,
        geo_country = string.Empty,
        geoState = string.Empty,
        geoCity = string.Empty,
        geoZip = string.Empty,
        geoArea = string.Empty,
        geoLat = "0.000000",
        geoLon = "0.000000",
        geoTz = row.TimeZone ?? string.Empty,
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
