using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;

namespace Millrace.Automations.Definitions;

/// <summary>What users who published are called.</summary>
internal sealed class PublisherNames(Catalogue<ReferenceSource> sources)
{
    /// <returns>By id; a user who is gone is not among them.</returns>
    public async Task<Dictionary<long, string>> OfAsync(
        AccountTransaction work, long accountId, IEnumerable<long?> users, CancellationToken cancellationToken)
    {
        var ids = users.OfType<long>().Distinct().ToArray();
        return ids.Length == 0 || sources.Find("user") is not { } known
            ? []
            : (await known.ByIdsAsync(work, accountId, ids, cancellationToken)).ToDictionary(u => u.Id, u => u.Detail ?? u.Name);
    }
}
