using System.Globalization;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;

namespace Millrace.Contacts.People;

/// <summary>The version of a contact is the moment of its last change, in microseconds.</summary>
internal static class ContactVersion
{
    public static string Of(DateTimeOffset updatedAt) =>
        ((updatedAt - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond).ToString(CultureInfo.InvariantCulture);

    /// <summary>Refuses (412) when the request names a version and the contact has another by now. Locks the contact.</summary>
    public static async Task CheckAsync(
        string? version, AccountTransaction work, long accountId, long contactId, CancellationToken cancellationToken)
    {
        var wanted = version?.Trim().Trim('"');
        if (string.IsNullOrEmpty(wanted) || wanted == "*")
        {
            return;
        }

        var updatedAt = await Sql.Of($"select updated_at from contacts.contact where account_id = {accountId} and id = {contactId} for no key update")
            .FirstAsync<DateTimeOffset?>(work, cancellationToken) ?? throw new NotFoundException();
        if (Of(updatedAt) != wanted)
        {
            throw new VersionConflictException("Someone changed this contact in the meantime.");
        }
    }
}
