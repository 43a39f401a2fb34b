using Millrace.Contacts.Contracts;

namespace Millrace.Contacts.Sightings.Geography;

/// <summary>The members of a record that we keep. A file may hold anything: what does not look right is left out.</summary>
internal static class MaxMindPlace
{
    private const int MaxText = 100;

    /// <returns>Null when there is nothing to keep.</returns>
    public static Place? Of(object? record)
    {
        var location = Child(record, "location");
        var (latitude, longitude) = (Degrees(location, "latitude", 90), Degrees(location, "longitude", 180));
        var hasPoint = latitude is not null && longitude is not null;
        var regions = (record as Dictionary<string, object?>)?.GetValueOrDefault("subdivisions") as List<object?>;
        var place = new Place(
            Country(Child(record, "country")) ?? Country(Child(record, "registered_country")),
            Name(regions?.FirstOrDefault()), Name(Child(record, "city")), Text(Child(record, "postal"), "code"),
            hasPoint ? latitude : null, hasPoint ? longitude : null, Zone(Text(location, "time_zone")));
        return place.Country is null && !hasPoint ? null : place;
    }

    private static Dictionary<string, object?>? Child(object? map, string key) =>
        (map as Dictionary<string, object?>)?.GetValueOrDefault(key) as Dictionary<string, object?>;

    private static string? Country(Dictionary<string, object?>? map) =>
        Text(map, "iso_code") is { } code && Countries.NameOf(code) is not null ? code : null;

    private static string? Name(object? thing) => Text(Child(thing, "names"), "en");

    private static string? Text(Dictionary<string, object?>? map, string key) =>
        map?.GetValueOrDefault(key) is string { Length: > 0 and <= MaxText } text && !text.Any(c => char.IsControl(c) || char.IsSurrogate(c) || c == '\uFFFD')
            ? text : null;

    private static double? Degrees(Dictionary<string, object?>? map, string key, double limit) =>
        map?.GetValueOrDefault(key) is double degrees && Math.Abs(degrees) <= limit ? degrees : null;

    private static string? Zone(string? name) =>
        name is not null && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '_' or '-' or '+') && TimeZoneInfo.TryFindSystemTimeZoneById(name, out _)
            ? name : null;
}
