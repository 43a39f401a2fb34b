using Millrace.Kernel.Data;

namespace Millrace.Contacts.Contracts;

/// <summary>Members of saved segments as a filter of contacts. Implemented by the module that knows segments, which stands above this one.</summary>
public interface IContactSubsets
{
    /// <summary>A boolean expression over the contact row <c>c</c>, never null; the moment of asking is "now" in it.</summary>
    /// <exception cref="Kernel.Errors.NotFoundException">There is no such segment.</exception>
    Task<Sql> OfSegmentAsync(AccountTransaction work, long accountId, long segmentId, CancellationToken cancellationToken);
}
