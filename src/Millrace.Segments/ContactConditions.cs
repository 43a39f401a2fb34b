using System.Text.Json;
using Millrace.Contacts.Contracts;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Extensibility;
using Millrace.Segments.Contracts;

namespace Millrace.Segments;

/// <inheritdoc cref="IContactConditions"/>
internal sealed class ContactConditions(IConditions conditions) : IContactConditions
{
    public async Task<Sql> CompileAsync(
        AccountTransaction work, SegmentContext context, JsonElement tree, string pointer, CancellationToken cancellationToken)
    {
        var parsed = conditions.Parse(tree, pointer);
        return await conditions.CheckAsync(work, context.AccountId, parsed, cancellationToken) is { Count: > 0 } errors
            ? throw new InvalidInputException(errors)
            : conditions.Compile(await conditions.ResolveAsync(work.Transaction, context.AccountId, parsed, cancellationToken), context);
    }
}
