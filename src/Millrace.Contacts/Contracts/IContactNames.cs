using Npgsql;

namespace Millrace.Contacts.Contracts;

/// <summary>The names of contacts, for modules whose pages let people change their own.</summary>
public interface IContactNames
{
    /// <summary>Writes both names, with the activities a change of them has; the same names change nothing.</summary>
    /// <param name="timeZone">Of the account.</param>
    /// <exception cref="Kernel.Errors.InvalidInputException">A name is too long, or holds what no name does.</exception>
    Task ChangeAsync(
        NpgsqlTransaction transaction, long accountId, long contactId, string firstName, string lastName, string timeZone, CancellationToken cancellationToken);
}
