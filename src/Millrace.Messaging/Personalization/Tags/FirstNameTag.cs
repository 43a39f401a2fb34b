namespace Millrace.Messaging.Personalization.Tags;

[PersonalizationTag("FIRSTNAME", Title = "First name", Group = "Contact", Example = "Ann")]
internal sealed class FirstNameTag : PersonalizationTag
{
    public override string? Resolve(RecipientData recipient) => recipient.FirstName;
}
