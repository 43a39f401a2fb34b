namespace Millrace.Messaging.Personalization.Tags;

[PersonalizationTag("WEBCOPY", Title = "View in browser", Group = "Links", Example = "https://example.com/w/...", Type = TagType.Link)]
internal sealed class WebCopyTag : PersonalizationTag
{
    public override string? Resolve(RecipientData recipient) => recipient.Links?.WebCopy;
}
