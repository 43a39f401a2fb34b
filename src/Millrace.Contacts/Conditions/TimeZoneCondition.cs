using Millrace.Contacts.Contracts;
using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;

namespace Millrace.Contacts.Conditions;

/// <summary>IANA name; blank means that the account's zone holds for the contact.</summary>
[SegmentCondition("time_zone", Title = "Time zone", Group = "Contact", Description = "IANA name such as Europe/Berlin; blank means the account's zone.")]
internal sealed class TimeZoneCondition : ContactTextCondition
{
    protected override Sql Lowered => Sql.Of($"lower(coalesce(c.time_zone, ''))");

    protected override Sql Shown => Sql.Of($"c.time_zone");

    /// <summary>Where nobody has said a zone, it follows the place the contact is seen at.</summary>
    public override IEnumerable<string> ActivityKinds(ConditionLeaf leaf) => [.. Sighting.Kinds, "field.changed"];
}
