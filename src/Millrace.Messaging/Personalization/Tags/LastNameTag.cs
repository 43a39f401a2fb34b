namespace Millrace.Messaging.Personalization.Tags;

[PersonalizationTag("LASTNAME", Title = "Last name", Group = "Contact", Example = "Miller")]
internal sealed class LastNameTag : PersonalizationTag
{
    public override string? Resolve(RecipientData recipient) => recipient.LastName;
}
