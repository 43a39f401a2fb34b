using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;

namespace Millrace.Contacts.Conditions;

/// <summary>First and last name with a space between.</summary>
[SegmentCondition("full_name", Title = "Full name", Group = "Contact", Description = "First and last name with a space between.")]
internal sealed class FullNameCondition : ContactTextCondition
{
    protected override Sql Lowered => Sql.Of($"lower(btrim(c.first_name || ' ' || c.last_name))");

    protected override Sql Shown => Sql.Of($"btrim(c.first_name || ' ' || c.last_name)");
}
