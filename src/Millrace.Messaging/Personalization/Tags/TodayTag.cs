namespace Millrace.Messaging.Personalization.Tags;

[PersonalizationTag("TODAY", Title = "Today", Group = "Date", Example = "November 21, 2026", Type = TagType.Date)]
internal sealed class TodayTag : PersonalizationTag
{
    public override string? Resolve(RecipientData recipient) => IsoDate.Of(recipient.Now, recipient.Zone);
}
