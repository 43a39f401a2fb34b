namespace Millrace.Messaging.Personalization.Tags;

[PersonalizationTag("SOCIALSHARE-PINTEREST", Title = "Share on Pinterest", Group = "Social", Example = "https://example.com/s/...", Type = TagType.Link)]
internal sealed class SharePinterestTag : PersonalizationTag
{
    public override string? Resolve(RecipientData recipient) => recipient.Links?.Share("pinterest");
}
