namespace Millrace.Messaging.Personalization.Tags;

[PersonalizationTag("UNSUBSCRIBELINK", Title = "Unsubscribe link", Group = "Links", Example = "https://example.com/u/...", Type = TagType.Link)]
internal sealed class UnsubscribeLinkTag : PersonalizationTag
{
    public override string? Resolve(RecipientData recipient) => recipient.Links?.Unsubscribe;
}
