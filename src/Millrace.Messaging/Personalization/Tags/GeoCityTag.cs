namespace Millrace.Messaging.Personalization.Tags;

[PersonalizationTag("GEOCITY", Title = "City", Group = "Place", Example = "Vienna")]
internal sealed class GeoCityTag : PersonalizationTag
{
    public override string? Resolve(RecipientData recipient) => recipient.Place?.City;
}
