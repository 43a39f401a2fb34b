namespace Millrace.Messaging.Personalization.Tags;

[PersonalizationTag("SENDER-NAME", Title = "Name of the sender", Group = "Sender", Example = "Example Ltd")]
internal sealed class SenderNameTag : PersonalizationTag
{
    public override string? Resolve(RecipientData recipient) => recipient.SenderName;
}
