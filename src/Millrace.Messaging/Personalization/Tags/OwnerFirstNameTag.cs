namespace Millrace.Messaging.Personalization.Tags;

[PersonalizationTag("OWNER_FIRSTNAME", Title = "First name of the contact's owner", Group = "User", Example = "Ann")]
internal sealed class OwnerFirstNameTag : PersonalizationTag
{
    public override string? Resolve(RecipientData recipient) => recipient.Owner?.FirstName;
}
