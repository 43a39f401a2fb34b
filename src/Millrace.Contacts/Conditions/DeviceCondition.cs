using Millrace.Contacts.Sightings.Agents;
using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;

namespace Millrace.Contacts.Conditions;

/// <summary><c>desktop</c>, <c>mobile</c> or <c>tablet</c>.</summary>
[SegmentCondition("device.kind", Title = "Device", Group = "Device and programs", Description = "What the contact last opened a mail or followed a link on.")]
internal sealed class DeviceCondition : LastSeenChoiceCondition
{
    protected override Sql Column => Sql.Of($"l.device");

    public override IReadOnlyList<ConditionChoice> Choices => AgentChoices.Devices;
}
