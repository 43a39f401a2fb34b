namespace Millrace.Messaging.Personalization.Tags;

[PersonalizationTag("GEOSTATE", Title = "State or region", Group = "Place", Example = "Vienna")]
internal sealed class GeoStateTag : PersonalizationTag
{
    public override string? Resolve(RecipientData recipient) => recipient.Place?.Region;
}
