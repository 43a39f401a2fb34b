using Millrace.Contacts.Sightings.Agents;
using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;

namespace Millrace.Contacts.Conditions;

/// <summary>As the table of user agents names it: <c>iOS</c>, <c>Windows</c> ...</summary>
[SegmentCondition("device.os", Title = "Operating system", Group = "Device and programs", Description = "The system of the device the contact last used.")]
internal sealed class OperatingSystemCondition : LastSeenChoiceCondition
{
    protected override Sql Column => Sql.Of($"l.os");

    public override IReadOnlyList<ConditionChoice> Choices => AgentChoices.Systems;
}
