using Millrace.Accounts.Contracts;
using Millrace.Contacts.Contracts;
using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;
using Millrace.Segments.Contracts;

namespace Millrace.Segments.Saved;

/// <summary>Contacts by segment, for lists of contacts.</summary>
internal sealed class SegmentMembers(IConditions conditions, IAccountSettings accounts, TimeProvider clock) : IContactSubsets
{
    public async Task<Sql> OfSegmentAsync(AccountTransaction work, long accountId, long segmentId, CancellationToken cancellationToken)
    {
        var row = await SegmentRow.ReadAsync(work, accountId, segmentId, cancellationToken);
        var tree = conditions.Parse(row.Tree, "segment");
        var zone = (await accounts.GetAsync(accountId, cancellationToken)).TimeZone;
        var resolved = await conditions.ResolveAsync(work.Transaction, accountId, tree, cancellationToken);
        return conditions.Compile(resolved, new SegmentContext(accountId, clock.GetUtcNow(), zone));
    }
}
