namespace Millrace.Messaging.Personalization.Tags;

[PersonalizationTag("CURRENT_YEAR", Title = "Current year", Group = "Date", Example = "2026")]
internal sealed class CurrentYearTag : PersonalizationTag
{
    public override string? Resolve(RecipientData recipient) => recipient.LocalNow.ToString("yyyy", System.Globalization.CultureInfo.InvariantCulture);
}
