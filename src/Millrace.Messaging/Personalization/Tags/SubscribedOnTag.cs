namespace Millrace.Messaging.Personalization.Tags;

[PersonalizationTag("SUBSCRIBE_DATE", Title = "Subscription date", Group = "Subscription", Example = "June 1, 2026", Type = TagType.Date)]
internal sealed class SubscribedOnTag : PersonalizationTag
{
    public override string? Resolve(RecipientData recipient) => IsoDate.Of(recipient.SubscribedAt, recipient.Zone);
}
