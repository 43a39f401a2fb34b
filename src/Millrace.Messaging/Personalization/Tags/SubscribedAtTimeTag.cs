namespace Millrace.Messaging.Personalization.Tags;

[PersonalizationTag("SUBSCRIBE_TIME", Title = "Subscription time", Group = "Subscription", Example = "09:30")]
internal sealed class SubscribedAtTimeTag : PersonalizationTag
{
    public override string? Resolve(RecipientData recipient) => recipient.SubscribedAt is { } at ? TimeZoneInfo.ConvertTime(at, recipient.Zone).ToString("HH:mm", System.Globalization.CultureInfo.InvariantCulture) : null;
}
