namespace Millrace.Messaging.Personalization.Tags;

[PersonalizationTag("SOCIALSHARE-WHATSAPP", Title = "Share on WhatsApp", Group = "Social", Example = "https://example.com/s/...", Type = TagType.Link)]
internal sealed class ShareWhatsAppTag : PersonalizationTag
{
    public override string? Resolve(RecipientData recipient) => recipient.Links?.Share("whatsapp");
}
