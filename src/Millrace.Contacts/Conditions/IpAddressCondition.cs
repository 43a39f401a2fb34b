using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;

namespace Millrace.Contacts.Conditions;

/// <summary>The last known address in the network.</summary>
[SegmentCondition("ip_address", Title = "IP address", Group = "Contact", Description = "The address in the network the contact last came from.")]
internal sealed class IpAddressCondition : ContactTextCondition
{
    protected override Sql Lowered => Sql.Of($"lower(coalesce(c.ip_address, ''))");

    protected override Sql Shown => Sql.Of($"c.ip_address");
}
