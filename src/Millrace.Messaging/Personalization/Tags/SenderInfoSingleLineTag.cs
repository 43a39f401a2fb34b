namespace Millrace.Messaging.Personalization.Tags;

[PersonalizationTag("SENDER-INFO-SINGLELINE", Title = "Sender address, one line", Group = "Sender", Example = "Example Ltd, 1 High Street")]
internal sealed class SenderInfoSingleLineTag : PersonalizationTag
{
    public override string? Resolve(RecipientData recipient) => recipient.SenderInfo?.ReplaceLineEndings(", ");
}
