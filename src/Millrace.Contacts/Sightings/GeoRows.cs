using Millrace.Api.Dialect;
using Millrace.Api.Resources;
using Millrace.Kernel.Data;

namespace Millrace.Contacts.Sightings;

/// <summary>The rows of both resources that tell where contacts are. A row that knows a device only is not among them.</summary>
internal abstract class GeoRows : V3Resource<GeoPlaceRow>
{
    protected override Sql Columns { get; } = Sql.Of($"""
        r.contact_id, r.seen_at, r.placed_at, r.ip, r.country, r.region, r.city, r.postal_code, r.latitude, r.longitude, r.time_zone
        """);

    protected override Sql Table { get; } = Sql.Of($"(select * from contacts.last_seen where ip is not null or country is not null or latitude is not null) r");

    protected override Sql AccountColumn { get; } = Sql.Of($"r.account_id");

    protected override Sql IdColumn { get; } = Sql.Of($"r.contact_id");

    protected override V3Filters Filters { get; } = new(new Dictionary<string, V3Attribute>(StringComparer.Ordinal)
    {
        ["id"] = new(Sql.Of($"r.contact_id"), V3Kind.Id),
        ["contact"] = new(Sql.Of($"r.contact_id"), V3Kind.Id),
        ["tstamp"] = new(Sql.Of($"r.seen_at"), V3Kind.Time),
    });

    protected override IReadOnlyDictionary<string, V3Owner<GeoPlaceRow>> Owners { get; } = new Dictionary<string, V3Owner<GeoPlaceRow>>(StringComparer.Ordinal)
    {
        ["contacts"] = new(Sql.Of($"r.contact_id"), r => r.ContactId),
    };

    protected override long IdOf(GeoPlaceRow row) => row.ContactId;
}
