using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;

namespace Millrace.Contacts.Conditions;

/// <summary>The user who looks after the contact.</summary>
[SegmentCondition("owner", Title = "Owner", Group = "Contact", Description = "The user who looks after the contact.")]
internal sealed class OwnerCondition : SegmentCondition
{
    public override ConditionKind Kind => ConditionKind.Reference;

    public override string Source => "user";

    public override Sql Compile(ConditionLeaf leaf, SegmentContext context) => ConditionSql.Reference(Sql.Of($"c.owner_id"), leaf);

    public override Sql Found(ConditionLeaf leaf, SegmentContext context) =>
        Sql.Of($"(select u.email from accounts.app_user u where u.account_id = {context.AccountId} and u.id = c.owner_id)");

    public override IEnumerable<string> ActivityKinds(ConditionLeaf leaf) => ["field.changed"];
}
