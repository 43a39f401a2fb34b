namespace Millrace.Messaging.Personalization.Tags;

[PersonalizationTag("UNSUBSCRIBELINK&ALL", Title = "Unsubscribe from all lists", Group = "Links", Example = "https://example.com/u/...", Type = TagType.Link)]
internal sealed class UnsubscribeAllLinkTag : PersonalizationTag
{
    public override string? Resolve(RecipientData recipient) => recipient.Links?.UnsubscribeAll;
}
