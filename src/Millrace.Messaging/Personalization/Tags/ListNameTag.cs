namespace Millrace.Messaging.Personalization.Tags;

[PersonalizationTag("LISTNAME", Title = "List name", Group = "Subscription", Example = "Newsletter")]
internal sealed class ListNameTag : PersonalizationTag
{
    public override string? Resolve(RecipientData recipient) => recipient.ListName;
}
