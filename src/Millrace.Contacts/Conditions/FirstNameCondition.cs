using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;

namespace Millrace.Contacts.Conditions;

/// <summary>The contact's first name.</summary>
[SegmentCondition("first_name", Title = "First name", Group = "Contact", Description = "The contact's first name.")]
internal sealed class FirstNameCondition : ContactTextCondition
{
    protected override Sql Lowered => Sql.Of($"c.first_name_key");

    protected override Sql Shown => Sql.Of($"c.first_name");
}
