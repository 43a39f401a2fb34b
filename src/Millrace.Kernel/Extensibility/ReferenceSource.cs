using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;

namespace Millrace.Kernel.Extensibility;

/// <summary>Marks a source of things that options can point to.</summary>
public sealed class ReferenceSourceAttribute(string key) : CatalogueEntryAttribute(key)
{
    /// <summary>Whether a missing thing can be made from its name alone.</summary>
    public bool CanCreate { get; init; }
}

/// <summary>A thing an option points to.</summary>
/// <param name="Id">What the database holds.</param>
/// <param name="Name">What documents hold and people read; unique in the account, ignoring case.</param>
/// <param name="Detail">A second line in pickers.</param>
public sealed record Reference(long Id, string Name, string? Detail = null);

/// <summary>Names for ids and ids for names: lists, tags, fields, users ... Feeds pickers and the translation of automation documents.</summary>
public abstract class ReferenceSource : CatalogueEntry
{
    public bool CanCreate => ((ReferenceSourceAttribute)Mark).CanCreate;

    /// <summary>Those whose name contains the text, best first.</summary>
    public abstract Task<List<Reference>> SearchAsync(AccountTransaction work, long accountId, string? text, int limit, CancellationToken cancellationToken);

    /// <summary>Those with these ids; a missing one is simply not in the answer.</summary>
    public abstract Task<List<Reference>> ByIdsAsync(AccountTransaction work, long accountId, long[] ids, CancellationToken cancellationToken);

    /// <summary>Those with these names, ignoring case.</summary>
    public abstract Task<List<Reference>> ByNamesAsync(AccountTransaction work, long accountId, string[] names, CancellationToken cancellationToken);

    /// <summary>Makes one. Only where <see cref="CanCreate"/>.</summary>
    public virtual Task<Reference> CreateAsync(
        AccountTransaction work, long accountId, string name, DateTimeOffset now, CancellationToken cancellationToken) =>
        throw new InvalidInputException("/name", "cannot_create", $"A {Key} cannot be made from its name alone.");
}
