namespace Millrace.Messaging.Personalization.Tags;

[PersonalizationTag("CURRENT_TIME", Title = "Current time", Group = "Date", Example = "09:30")]
internal sealed class CurrentTimeTag : PersonalizationTag
{
    public override string? Resolve(RecipientData recipient) => recipient.LocalNow.ToString("HH:mm", System.Globalization.CultureInfo.InvariantCulture);
}
