namespace Millrace.Messaging.Personalization.Tags;

[PersonalizationTag("GEOZIP", Title = "Postal code", Group = "Place", Example = "1010")]
internal sealed class GeoZipTag : PersonalizationTag
{
    public override string? Resolve(RecipientData recipient) => recipient.Place?.PostalCode;
}
