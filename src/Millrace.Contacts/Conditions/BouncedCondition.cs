using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;

namespace Millrace.Contacts.Conditions;

/// <summary>Since when bounces have made the address unusable; <c>not_blank</c> asks whether they have.</summary>
[SegmentCondition("bounced", Title = "Address unusable since", Group = "Contact", Description = "When bounces made the e-mail address unusable; blank while it is good.")]
internal sealed class BouncedCondition : SegmentCondition
{
    public override ConditionKind Kind => ConditionKind.Datetime;

    public override IReadOnlyList<ConditionOp> Ops => ConditionOps.WithBlank(ConditionKind.Datetime);

    public override Sql Compile(ConditionLeaf leaf, SegmentContext context) => leaf.Op == ConditionOp.Blank
        ? Sql.Of($"c.bounced_at is null")
        : Sql.Of($"(c.bounced_at is not null and {ConditionSql.Instant(Sql.Of($"c.bounced_at"), leaf, context)})");

    public override Sql Found(ConditionLeaf leaf, SegmentContext context) => ConditionSql.Shown(Sql.Of($"c.bounced_at"), context);

    public override IEnumerable<string> ActivityKinds(ConditionLeaf leaf) => ["email.bounced", "list.bounced", "field.changed"];
}
