namespace Millrace.Messaging.Personalization.Tags;

[PersonalizationTag("SOCIALSHARE-X", Title = "Share on X", Group = "Social", Example = "https://example.com/s/...", Type = TagType.Link)]
internal sealed class ShareXTag : PersonalizationTag
{
    public override string? Resolve(RecipientData recipient) => recipient.Links?.Share("x");
}
