using Millrace.Api.Dialect;
using Millrace.Api.Resources;
using Millrace.Contacts.People;

namespace Millrace.Contacts.Sightings;

/// <summary><c>/api/3/geoIps</c>: from which network address a contact was seen last. Which campaign it was is not kept, so it is 0.</summary>
internal sealed class GeoIpsResource : GeoRows
{
    public override string Plural => "geoIps";

    public override string Singular => "geoIp";

    public override string Model => "GeoIp";

    public override IReadOnlyList<V3Relation> Relations { get; } = [V3Relation.One<GeoPlaceRow>("geoAddress", "geoAddresses", r => r.ContactId)];

    public override object View(GeoPlaceRow row, V3Call call) => new
    {
        contact = new V3Id(row.ContactId),
        campaignid = "0",
        messageid = "0",
        geoaddrid = new V3Id(row.ContactId),
        ip4 = ContactsResource.IpNumber(row.Ip),
        tstamp = call.Iso(row.SeenAt),
        geoAddress = new V3Id(row.ContactId),
        links = Links(call, row.ContactId),
        id = new V3Id(row.ContactId),
    };
}
