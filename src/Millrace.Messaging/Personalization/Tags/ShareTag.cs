namespace Millrace.Messaging.Personalization.Tags;

[PersonalizationTag("SOCIALSHARE", Title = "Share (the reader chooses where)", Group = "Social", Example = "https://example.com/s/...", Type = TagType.Link)]
internal sealed class ShareTag : PersonalizationTag
{
    public override string? Resolve(RecipientData recipient) => recipient.Links?.Share("any");
}
