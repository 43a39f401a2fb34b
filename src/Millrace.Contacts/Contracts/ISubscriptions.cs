using Millrace.Activities.Contracts;
using Npgsql;

namespace Millrace.Contacts.Contracts;

/// <summary>Puts contacts on lists and takes them off, set-wise, with the activities that belong to it, in the caller's transaction.</summary>
public interface ISubscriptions
{
    /// <summary>Makes contacts active on a list. Those who unsubscribed themselves or bounced stay so unless <paramref name="force"/>.</summary>
    /// <returns>The contacts whose status changed.</returns>
    Task<IReadOnlyList<long>> SubscribeAsync(
        NpgsqlTransaction transaction, long accountId, IReadOnlyList<long> contactIds, long listId, string source, bool force,
        CancellationToken cancellationToken, ActivityOrigin? origin = null);

    /// <summary>Ends subscriptions. A contact that is not on the list stays off it.</summary>
    /// <param name="listIds">Null: every list the contact is on.</param>
    /// <returns>How many subscriptions ended.</returns>
    Task<int> UnsubscribeAsync(
        NpgsqlTransaction transaction, long accountId, IReadOnlyList<long> contactIds, IReadOnlyList<long>? listIds, string source, string? reason,
        CancellationToken cancellationToken, ActivityOrigin? origin = null);

    /// <summary>Marks the contacts' addresses as bounced, on every list they are active on too.</summary>
    Task MarkBouncedAsync(NpgsqlTransaction transaction, long accountId, IReadOnlyList<long> contactIds, CancellationToken cancellationToken);

    /// <summary>Takes the mark off again, when a person says that the address is good after all; lists they bounced on count as active again.</summary>
    Task LiftBounceAsync(NpgsqlTransaction transaction, long accountId, IReadOnlyList<long> contactIds, CancellationToken cancellationToken);
}
