namespace Millrace.Messaging.Personalization.Tags;

[PersonalizationTag("CONFIRMLINK", Title = "Confirm subscription", Group = "Links", Example = "https://example.com/y/...", Type = TagType.Link)]
internal sealed class ConfirmLinkTag : PersonalizationTag
{
    public override string? Resolve(RecipientData recipient) => recipient.Links?.Confirm;
}
