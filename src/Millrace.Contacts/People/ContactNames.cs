using Millrace.Contacts.Contracts;
using Npgsql;

namespace Millrace.Contacts.People;

/// <inheritdoc/>
internal sealed class ContactNames(SaveContact save) : IContactNames
{
    public async Task ChangeAsync(
        NpgsqlTransaction transaction, long accountId, long contactId, string firstName, string lastName, string timeZone, CancellationToken cancellationToken) =>
        await save.UpdateAsync(
            transaction, accountId, contactId, new ContactInput { FirstName = firstName, LastName = lastName, TimeZone = timeZone }, cancellationToken);
}
