namespace Millrace.Messaging.Personalization.Tags;

[PersonalizationTag("SOCIALSHARE-LINKEDIN", Title = "Share on LinkedIn", Group = "Social", Example = "https://example.com/s/...", Type = TagType.Link)]
internal sealed class ShareLinkedInTag : PersonalizationTag
{
    public override string? Resolve(RecipientData recipient) => recipient.Links?.Share("linkedin");
}
