using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;

namespace Millrace.Contacts.Conditions;

/// <summary>The phone number as it was written.</summary>
[SegmentCondition("phone", Title = "Phone", Group = "Contact", Description = "The phone number as it was written.")]
internal sealed class PhoneCondition : ContactTextCondition
{
    protected override Sql Lowered => Sql.Of($"lower(c.phone)");

    protected override Sql Shown => Sql.Of($"c.phone");
}
