namespace Millrace.Messaging.Personalization.Tags;

[PersonalizationTag("EMAIL", Title = "E-mail address", Group = "Contact", Example = "ann@example.com")]
internal sealed class EmailTag : PersonalizationTag
{
    public override string? Resolve(RecipientData recipient) => recipient.Email;
}
