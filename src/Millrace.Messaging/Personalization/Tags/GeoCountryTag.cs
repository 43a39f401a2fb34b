namespace Millrace.Messaging.Personalization.Tags;

[PersonalizationTag("GEOCOUNTRY", Title = "Country", Group = "Place", Example = "Austria")]
internal sealed class GeoCountryTag : PersonalizationTag
{
    public override string? Resolve(RecipientData recipient) => recipient.Place?.Country;
}
