namespace Millrace.Messaging.Personalization.Tags;

[PersonalizationTag("OWNER_FULLNAME", Title = "Name of the contact's owner", Group = "User", Example = "Ann Walker")]
internal sealed class OwnerFullNameTag : PersonalizationTag
{
    public override string? Resolve(RecipientData recipient) => $"{recipient.Owner?.FirstName} {recipient.Owner?.LastName}".Trim();
}
