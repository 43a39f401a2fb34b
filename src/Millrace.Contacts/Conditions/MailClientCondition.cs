using Millrace.Contacts.Sightings.Agents;
using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;

namespace Millrace.Contacts.Conditions;

/// <summary>As the table of user agents names it. A mailbox that fetches pictures in place of its user (Gmail, Yahoo, Apple's privacy) tells which it is, and nothing else.</summary>
[SegmentCondition("device.mail_client", Title = "Mail program", Group = "Device and programs", Description = "The program or mailbox with which the contact last opened a mail, as far as it says so.")]
internal sealed class MailClientCondition : LastSeenChoiceCondition
{
    protected override Sql Column => Sql.Of($"l.mail_client");

    public override IReadOnlyList<ConditionChoice> Choices => AgentChoices.MailClients;
}
