namespace Millrace.Messaging.Personalization.Tags;

[PersonalizationTag("CONTACTID", Title = "Contact id", Group = "Contact", Example = "4711")]
internal sealed class ContactIdTag : PersonalizationTag
{
    public override string? Resolve(RecipientData recipient) => recipient.ContactId.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
