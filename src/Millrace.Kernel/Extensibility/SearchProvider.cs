using Millrace.Kernel.Data;

namespace Millrace.Kernel.Extensibility;

/// <summary>Marks a kind of thing that the command palette finds.</summary>
public sealed class SearchProviderAttribute(string key) : CatalogueEntryAttribute(key);

/// <summary>Finds things of one kind by a few typed letters. Must use an index at any size.</summary>
public abstract class SearchProvider : CatalogueEntry
{
    public abstract Task<List<SearchHit>> FindAsync(AccountTransaction work, long accountId, string text, int limit, CancellationToken cancellationToken);
}

/// <param name="Id">Of the thing.</param>
/// <param name="Title">First line.</param>
/// <param name="Subtitle">Second line.</param>
/// <param name="Url">Relative to <c>/app</c>.</param>
public sealed record SearchHit(long Id, string Title, string? Subtitle, string Url);
