namespace Millrace.Messaging.Personalization.Tags;

[PersonalizationTag("OWNER_LASTNAME", Title = "Last name of the contact's owner", Group = "User", Example = "Walker")]
internal sealed class OwnerLastNameTag : PersonalizationTag
{
    public override string? Resolve(RecipientData recipient) => recipient.Owner?.LastName;
}
