namespace Millrace.Messaging.Personalization.Tags;

[PersonalizationTag("CURRENT_HOUR", Title = "Current hour", Group = "Date", Example = "9")]
internal sealed class CurrentHourTag : PersonalizationTag
{
    public override string? Resolve(RecipientData recipient) => recipient.LocalNow.ToString("%H", System.Globalization.CultureInfo.InvariantCulture);
}
