namespace Millrace.Messaging.Personalization.Tags;

[PersonalizationTag("SOCIALSHARE-REDDIT", Title = "Share on Reddit", Group = "Social", Example = "https://example.com/s/...", Type = TagType.Link)]
internal sealed class ShareRedditTag : PersonalizationTag
{
    public override string? Resolve(RecipientData recipient) => recipient.Links?.Share("reddit");
}
