using System.Text.Json;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;

namespace Millrace.Contacts.Contracts;

/// <summary>
/// Contacts by condition: for lists, exports and bulk changes of this module, answered by the module that knows what conditions are. Each answer is a
/// boolean expression over the contact row <c>c</c> that is never null; the moment of asking is "now" in it.
/// </summary>
public interface IContactSubsets
{
    /// <summary>The contacts that a saved segment contains.</summary>
    /// <exception cref="NotFoundException">There is no such segment.</exception>
    Task<Sql> OfSegmentAsync(AccountTransaction work, long accountId, long segmentId, CancellationToken cancellationToken);

    /// <summary>The contacts for whom a condition tree in its stored form holds.</summary>
    /// <param name="pointer">Where the tree stands in the request, for errors.</param>
    /// <exception cref="InvalidInputException">422 with the JSON pointer of everything that is wrong.</exception>
    Task<Sql> OfConditionsAsync(AccountTransaction work, long accountId, JsonElement tree, string pointer, CancellationToken cancellationToken);
}
