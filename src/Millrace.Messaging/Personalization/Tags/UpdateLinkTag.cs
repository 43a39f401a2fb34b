namespace Millrace.Messaging.Personalization.Tags;

[PersonalizationTag("UPDATELINK", Title = "Update profile", Group = "Links", Example = "https://example.com/p/...", Type = TagType.Link)]
internal sealed class UpdateLinkTag : PersonalizationTag
{
    public override string? Resolve(RecipientData recipient) => recipient.Links?.Update;
}
