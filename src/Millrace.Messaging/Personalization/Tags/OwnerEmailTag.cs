namespace Millrace.Messaging.Personalization.Tags;

[PersonalizationTag("OWNER_EMAIL", Title = "E-mail of the contact's owner", Group = "User", Example = "ann@example.com")]
internal sealed class OwnerEmailTag : PersonalizationTag
{
    public override string? Resolve(RecipientData recipient) => recipient.Owner?.Email;
}
