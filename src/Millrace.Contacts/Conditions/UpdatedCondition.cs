using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;

namespace Millrace.Contacts.Conditions;

/// <summary>When the contact was last changed.</summary>
[SegmentCondition("updated", Title = "Date changed", Group = "Contact", Description = "When anything about the contact itself was last changed.")]
internal sealed class UpdatedCondition : SegmentCondition
{
    public override ConditionKind Kind => ConditionKind.Datetime;

    public override Sql Compile(ConditionLeaf leaf, SegmentContext context) => ConditionSql.Instant(Sql.Of($"c.updated_at"), leaf, context);

    public override Sql Found(ConditionLeaf leaf, SegmentContext context) => ConditionSql.Shown(Sql.Of($"c.updated_at"), context);

    public override IEnumerable<string> ActivityKinds(ConditionLeaf leaf) => ["field.changed"];
}
