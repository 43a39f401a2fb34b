namespace Millrace.Messaging.Personalization.Tags;

[PersonalizationTag("SENDER-EMAIL", Title = "E-mail of the sender", Group = "Sender", Example = "hello@example.com")]
internal sealed class SenderEmailTag : PersonalizationTag
{
    public override string? Resolve(RecipientData recipient) => recipient.SenderEmail;
}
