using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;

namespace Millrace.Contacts.Conditions;

/// <summary>The address is stored in lower case, so its unique index serves equality and beginnings. Without an address it is blank.</summary>
[SegmentCondition("email", Title = "E-mail address", Group = "Contact", Description = "The contact's e-mail address.")]
internal sealed class EmailCondition : SegmentCondition
{
    public override ConditionKind Kind => ConditionKind.Text;

    public override Sql Compile(ConditionLeaf leaf, SegmentContext context) => leaf.Op == ConditionOp.Blank
        ? Sql.Of($"c.email is null")
        : Sql.Of($"(c.email is not null and {ConditionSql.Text(Sql.Of($"c.email"), leaf)})");

    public override Sql Found(ConditionLeaf leaf, SegmentContext context) => Sql.Of($"c.email");

    public override IEnumerable<string> ActivityKinds(ConditionLeaf leaf) => ["field.changed"];

    public override Sql? Members(ConditionLeaf leaf, SegmentContext context) => ConditionSql.Indexed(Sql.Of($"c.email"), leaf) is { } test
        ? Sql.Of($"select c.id as contact_id from contacts.contact c where c.account_id = {context.AccountId} and {test}")
        : null;
}
