namespace Millrace.Messaging.Personalization.Tags;

[PersonalizationTag("IP", Title = "IP address", Group = "Contact", Example = "192.0.2.1")]
internal sealed class IpAddressTag : PersonalizationTag
{
    public override string? Resolve(RecipientData recipient) => recipient.IpAddress;
}
