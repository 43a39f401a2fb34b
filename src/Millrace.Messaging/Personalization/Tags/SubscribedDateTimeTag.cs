namespace Millrace.Messaging.Personalization.Tags;

[PersonalizationTag("SUBSCRIBE_DATETIME", Title = "Subscription date and time", Group = "Subscription", Example = "2026-06-01 09:30")]
internal sealed class SubscribedDateTimeTag : PersonalizationTag
{
    public override string? Resolve(RecipientData recipient) => recipient.SubscribedAt is { } at ? TimeZoneInfo.ConvertTime(at, recipient.Zone).ToString("yyyy-MM-dd HH:mm", System.Globalization.CultureInfo.InvariantCulture) : null;
}
