using Millrace.Contacts.Sightings.Agents;
using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;

namespace Millrace.Contacts.Conditions;

/// <summary>As the table of user agents names it.</summary>
[SegmentCondition("device.browser", Title = "Browser", Group = "Device and programs", Description = "The browser with which the contact last followed a link.")]
internal sealed class BrowserCondition : LastSeenChoiceCondition
{
    protected override Sql Column => Sql.Of($"l.browser");

    public override IReadOnlyList<ConditionChoice> Choices => AgentChoices.Browsers;
}
