namespace Millrace.Messaging.Personalization.Tags;

[PersonalizationTag("FORWARD2FRIEND", Title = "Forward to a friend", Group = "Links", Example = "https://example.com/f/...", Type = TagType.Link)]
internal sealed class ForwardTag : PersonalizationTag
{
    public override string? Resolve(RecipientData recipient) => recipient.Links?.Forward;
}
