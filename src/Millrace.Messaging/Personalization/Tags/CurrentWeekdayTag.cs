namespace Millrace.Messaging.Personalization.Tags;

[PersonalizationTag("CURRENT_WEEKDAY", Title = "Current weekday", Group = "Date", Example = "Saturday")]
internal sealed class CurrentWeekdayTag : PersonalizationTag
{
    public override string? Resolve(RecipientData recipient) => recipient.LocalNow.ToString("dddd", System.Globalization.CultureInfo.InvariantCulture);
}
