namespace Millrace.Messaging.Personalization.Tags;

[PersonalizationTag("CURRENT_MONTH", Title = "Current month", Group = "Date", Example = "November")]
internal sealed class CurrentMonthTag : PersonalizationTag
{
    public override string? Resolve(RecipientData recipient) => recipient.LocalNow.ToString("MMMM", System.Globalization.CultureInfo.InvariantCulture);
}
