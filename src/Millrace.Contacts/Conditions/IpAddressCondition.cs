using Millrace.Contacts.Contracts;
using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;

namespace Millrace.Contacts.Conditions;

/// <summary>The last known address in the network: where the contact was seen, else what was told about it.</summary>
[SegmentCondition("ip_address", Title = "IP address", Group = "Contact", Description = "The address in the network the contact last came from.")]
internal sealed class IpAddressCondition : SegmentCondition
{
    private static readonly Sql Seen = Sql.Of(
        $"coalesce((select l.ip from contacts.last_seen l where l.account_id = c.account_id and l.contact_id = c.id), c.ip_address)");

    public override ConditionKind Kind => ConditionKind.Text;

    public override Sql Compile(ConditionLeaf leaf, SegmentContext context) => ConditionSql.Text(Sql.Of($"lower(coalesce({Seen}, ''))"), leaf);

    public override Sql Found(ConditionLeaf leaf, SegmentContext context) => Seen;

    public override IEnumerable<string> ActivityKinds(ConditionLeaf leaf) => [.. Sighting.Kinds, "field.changed"];
}
