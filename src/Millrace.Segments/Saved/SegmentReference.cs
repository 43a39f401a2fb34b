using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;

namespace Millrace.Segments.Saved;

[ReferenceSource(SavedSegmentCondition.Name, Title = "Segment")]
internal sealed class SegmentReference : NamedRows
{
    protected override Sql Rows(long accountId) =>
        Sql.Of($"select id, name, nullif(description, '') from segments.segment where account_id = {accountId}");
}
