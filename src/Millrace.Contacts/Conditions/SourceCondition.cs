using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;

namespace Millrace.Contacts.Conditions;

/// <summary>By which road the contact came in.</summary>
[SegmentCondition("source", Title = "Source", Group = "Contact", Description = "By which road the contact came in: manual, api, import, form.")]
internal sealed class SourceCondition : ContactTextCondition
{
    protected override Sql Lowered => Sql.Of($"lower(c.source)");

    protected override Sql Shown => Sql.Of($"c.source");
}
