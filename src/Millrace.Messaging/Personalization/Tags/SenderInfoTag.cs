namespace Millrace.Messaging.Personalization.Tags;

[PersonalizationTag("SENDER-INFO", Title = "Sender address", Group = "Sender", Example = "Example Ltd, 1 High Street", Type = TagType.MultiLine)]
internal sealed class SenderInfoTag : PersonalizationTag
{
    public override string? Resolve(RecipientData recipient) => recipient.SenderInfo;
}
