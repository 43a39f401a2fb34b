namespace Millrace.Contacts.Sightings;

/// <summary>What is known of where a contact was last, as API v3 shows it twice: as what was seen (<c>geoIps</c>) and as the place (<c>geoAddresses</c>).</summary>
/// <param name="ContactId">Also the number of both records: a contact has one place.</param>
internal sealed record GeoPlaceRow(
    long ContactId, DateTimeOffset SeenAt, DateTimeOffset? PlacedAt, string? Ip, string? Country, string? Region, string? City, string? PostalCode,
    double? Latitude, double? Longitude, string? TimeZone);
