using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;

namespace Millrace.Contacts.Conditions;

/// <summary>When the contact came into being.</summary>
[SegmentCondition("created", Title = "Date created", Group = "Contact", Description = "When the contact was first added to this account.")]
internal sealed class CreatedCondition : SegmentCondition
{
    public override ConditionKind Kind => ConditionKind.Datetime;

    public override Sql Compile(ConditionLeaf leaf, SegmentContext context) => ConditionSql.Instant(Sql.Of($"c.created_at"), leaf, context);

    /// <summary>By its index, which holds the moment and the contact.</summary>
    public override Sql? Members(ConditionLeaf leaf, SegmentContext context) =>
        Sql.Of($"select c.id as contact_id from contacts.contact c where c.account_id = {context.AccountId} and {Compile(leaf, context)}");

    public override Sql Found(ConditionLeaf leaf, SegmentContext context) => ConditionSql.Shown(Sql.Of($"c.created_at"), context);

    public override IEnumerable<string> ActivityKinds(ConditionLeaf leaf) => [];
}
