namespace Millrace.Messaging.Personalization.Tags;

[PersonalizationTag("CURRENT_DAY", Title = "Current day of the month", Group = "Date", Example = "21")]
internal sealed class CurrentDayTag : PersonalizationTag
{
    public override string? Resolve(RecipientData recipient) => recipient.LocalNow.ToString("%d", System.Globalization.CultureInfo.InvariantCulture);
}
