using Millrace.Kernel.Data;

namespace Millrace.Contacts.Contracts;

/// <summary>A module that works with lists: a list it needs is not deleted. One class per use, registered as a service.</summary>
public interface IListUse
{
    /// <summary>Names, for people, of some of the things that need the list at this moment, for example scheduled campaigns; empty: none.</summary>
    Task<IReadOnlyList<string>> NamesAsync(AccountTransaction work, long accountId, long listId, CancellationToken cancellationToken);
}
