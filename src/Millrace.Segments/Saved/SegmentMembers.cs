using System.Text.Json;
using Millrace.Accounts.Contracts;
using Millrace.Contacts.Contracts;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Extensibility;
using Millrace.Segments.Contracts;

namespace Millrace.Segments.Saved;

/// <summary>Contacts by segment or by conditions, for lists and changes of contacts.</summary>
internal sealed class SegmentMembers(IConditions conditions, IAccountSettings accounts, TimeProvider clock) : IContactSubsets
{
    public async Task<Sql> OfSegmentAsync(AccountTransaction work, long accountId, long segmentId, CancellationToken cancellationToken)
    {
        var row = await SegmentRow.ReadAsync(work, accountId, segmentId, cancellationToken);
        return await CompiledAsync(work, accountId, conditions.Parse(row.Tree, "segment"), cancellationToken);
    }

    public async Task<Sql> OfConditionsAsync(AccountTransaction work, long accountId, JsonElement tree, string pointer, CancellationToken cancellationToken)
    {
        var parsed = conditions.Parse(tree, pointer);
        return await conditions.CheckAsync(work, accountId, parsed, cancellationToken) is { Count: > 0 } errors
            ? throw new InvalidInputException(errors)
            : await CompiledAsync(work, accountId, parsed, cancellationToken);
    }

    private async Task<Sql> CompiledAsync(AccountTransaction work, long accountId, ConditionTree tree, CancellationToken cancellationToken)
    {
        var zone = (await accounts.GetAsync(accountId, cancellationToken)).TimeZone;
        var resolved = await conditions.ResolveAsync(work.Transaction, accountId, tree, cancellationToken);
        return conditions.Compile(resolved, new SegmentContext(accountId, clock.GetUtcNow(), zone));
    }
}
