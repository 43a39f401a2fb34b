namespace Millrace.Messaging.Personalization.Tags;

[PersonalizationTag("SOCIALSHARE-BLUESKY", Title = "Share on Bluesky", Group = "Social", Example = "https://example.com/s/...", Type = TagType.Link)]
internal sealed class ShareBlueskyTag : PersonalizationTag
{
    public override string? Resolve(RecipientData recipient) => recipient.Links?.Share("bluesky");
}
