namespace Millrace.Messaging.Personalization.Tags;

[PersonalizationTag("FULLNAME", Title = "Full name", Group = "Contact", Example = "Ann Miller")]
internal sealed class FullNameTag : PersonalizationTag
{
    public override string? Resolve(RecipientData recipient) => $"{recipient.FirstName} {recipient.LastName}".Trim();
}
