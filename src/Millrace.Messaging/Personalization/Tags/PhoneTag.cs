namespace Millrace.Messaging.Personalization.Tags;

[PersonalizationTag("PHONE", Title = "Phone", Group = "Contact", Example = "+1 555 0100")]
internal sealed class PhoneTag : PersonalizationTag
{
    public override string? Resolve(RecipientData recipient) => recipient.Phone;
}
