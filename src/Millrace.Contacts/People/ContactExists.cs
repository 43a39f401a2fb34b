using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;

namespace Millrace.Contacts.People;

internal static class ContactExists
{
    /// <exception cref="NotFoundException">No such contact in this account.</exception>
    public static async Task CheckAsync(AccountTransaction work, long accountId, long contactId, CancellationToken cancellationToken)
    {
        if (!await Sql.Of($"select exists (select 1 from contacts.contact where account_id = {accountId} and id = {contactId})")
                .FirstAsync<bool>(work, cancellationToken))
        {
            throw new NotFoundException();
        }
    }
}
