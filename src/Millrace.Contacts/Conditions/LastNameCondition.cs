using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;

namespace Millrace.Contacts.Conditions;

/// <summary>The contact's last name.</summary>
[SegmentCondition("last_name", Title = "Last name", Group = "Contact", Description = "The contact's last name.")]
internal sealed class LastNameCondition : ContactTextCondition
{
    protected override Sql Lowered => Sql.Of($"c.last_name_key");

    protected override Sql Shown => Sql.Of($"c.last_name");

    public override Sql? Members(ConditionLeaf leaf, SegmentContext context) => ConditionSql.Indexed(Sql.Of($"c.last_name_key"), leaf) is { } test
        ? Sql.Of($"select c.id as contact_id from contacts.contact c where c.account_id = {context.AccountId} and {test}")
        : null;
}
