namespace Millrace.Messaging.Personalization.Tags;

[PersonalizationTag("SOCIALSHARE-FACEBOOK", Title = "Share on Facebook", Group = "Social", Example = "https://example.com/s/...", Type = TagType.Link)]
internal sealed class ShareFacebookTag : PersonalizationTag
{
    public override string? Resolve(RecipientData recipient) => recipient.Links?.Share("facebook");
}
