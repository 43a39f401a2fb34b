namespace Millrace.Messaging.Personalization.Tags;

[PersonalizationTag("CURRENT_MONTH_NUMBER", Title = "Current month as a number", Group = "Date", Example = "11")]
internal sealed class CurrentMonthNumberTag : PersonalizationTag
{
    public override string? Resolve(RecipientData recipient) => recipient.LocalNow.ToString("%M", System.Globalization.CultureInfo.InvariantCulture);
}
