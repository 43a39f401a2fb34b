using System.Globalization;
using Millrace.Contacts.Contracts;
using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;

namespace Millrace.Contacts.Conditions;

/// <summary>
/// <c>{"field": "place.distance", "op": "lte", "value": 50, "from": "52.52, 13.40", "unit": "km"}</c>: within so many kilometres or miles of a point, in a
/// straight line over the globe. The contact's point is the middle of the area that the database knows.
/// </summary>
[SegmentCondition("place.distance", Title = "Distance from a point", Group = "Geography",
    Description = "How far away the contact was when last seen. The point is written as latitude and longitude: 52.52, 13.40.")]
internal sealed class DistanceCondition(IGeography geography) : SegmentCondition
{
    private const double KmOfMile = 1.609344;
    private const double EarthRadiusKm = 6371.0088;

    /// <summary>Kilometres of a degree of latitude, a little less than the shortest there is, so that the first sieve lets nobody fall.</summary>
    private const double KmOfDegree = 110;

    public override ConditionKind Kind => ConditionKind.Number;

    public override IReadOnlyList<ConditionOp> Ops => [ConditionOp.Lte, ConditionOp.Gt];

    public override IReadOnlyList<ConditionOption> Options { get; } =
        [new("from", "From (latitude, longitude)", []), new("unit", "Unit", [new("km", "kilometres"), new("mi", "miles")])];

    public override string? Unavailable => PlaceNeeds.Cities(geography);

    public override (string Member, string Message)? Fault(ConditionLeaf leaf) =>
        PointOf(leaf) is null ? ("from", "This must be a latitude and a longitude in degrees, such as 52.52, 13.40.")
        : leaf.Value.Numbers[0] is < 0 or > 50_000 ? ("value", "A distance is between 0 and 50000.")
        : null;

    public override string Tail(ConditionLeaf leaf) =>
        $" {(IsMiles(leaf) ? "miles" : "kilometres")} from {leaf.Options.GetValueOrDefault("from")}";

    public override Sql Compile(ConditionLeaf leaf, SegmentContext context) => Sql.Of($"""
        exists (select 1 from contacts.last_seen l where l.account_id = {context.AccountId} and l.contact_id = c.id and {Test(leaf)})
        """);

    public override Sql? Members(ConditionLeaf leaf, SegmentContext context) =>
        Sql.Of($"select l.contact_id from contacts.last_seen l where l.account_id = {context.AccountId} and {Test(leaf)}");

    public override Sql Found(ConditionLeaf leaf, SegmentContext context) => Sql.Of($"""
        (select round(({Kilometres(leaf)} / {(IsMiles(leaf) ? KmOfMile : 1d)})::numeric, 1) || {(IsMiles(leaf) ? " miles" : " km")}
         from contacts.last_seen l where l.account_id = {context.AccountId} and l.contact_id = c.id and l.latitude is not null)
        """);

    public override IEnumerable<string> ActivityKinds(ConditionLeaf leaf) => Sighting.Kinds;

    private static Sql Test(ConditionLeaf leaf)
    {
        var limit = (double)leaf.Value.Numbers[0] * (IsMiles(leaf) ? KmOfMile : 1);
        var (latitude, _) = PointOf(leaf)!.Value;
        var (south, north) = (latitude - (limit / KmOfDegree), latitude + (limit / KmOfDegree));
        return leaf.Op == ConditionOp.Lte
            ? Sql.Of($"(l.latitude between {south} and {north} and {Kilometres(leaf)} <= {limit})")
            : Sql.Of($"(l.latitude is not null and {Kilometres(leaf)} > {limit})");
    }

    /// <summary>By the haversine formula, which is exact for near points too. What rounding leaves above one would have no root.</summary>
    private static Sql Kilometres(ConditionLeaf leaf)
    {
        var (latitude, longitude) = PointOf(leaf)!.Value;
        return Sql.Of($"""
            ({2 * EarthRadiusKm} * asin(sqrt(least(1, sind((l.latitude - {latitude}) / 2) ^ 2
                + cosd({latitude}) * cosd(l.latitude) * sind((l.longitude - {longitude}) / 2) ^ 2))))
            """);
    }

    private static bool IsMiles(ConditionLeaf leaf) => leaf.Options.GetValueOrDefault("unit") is "mi";

    private static (double Latitude, double Longitude)? PointOf(ConditionLeaf leaf) =>
        leaf.Options.GetValueOrDefault("from")?.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries) is [var first, var second]
        && Degrees(first, 90) is { } latitude && Degrees(second, 180) is { } longitude ? (latitude, longitude) : null;

    private static double? Degrees(string text, double limit) =>
        double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var degrees)
        && Math.Abs(degrees) <= limit ? degrees : null;
}
