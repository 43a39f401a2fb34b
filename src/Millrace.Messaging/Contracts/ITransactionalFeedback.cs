using Npgsql;

namespace Millrace.Messaging.Contracts;

/// <summary>
/// What is heard of a transactional mail after it was sent: a report of non-delivery, a complaint. Called by whoever takes such mail in, in its transaction; for sends
/// that are no transactional mail nothing happens.
/// </summary>
public interface ITransactionalFeedback
{
    /// <param name="hard">The address itself is bad: the stream sends nothing more to it.</param>
    /// <param name="class">Class of the reply as in the ledger, for example <c>no_user</c>.</param>
    /// <returns>False when the send is no transactional mail.</returns>
    Task<bool> BouncedAsync(
        NpgsqlTransaction transaction, long accountId, long sendId, bool hard, string @class, string? details, CancellationToken cancellationToken);

    /// <summary>Somebody called it spam: the stream sends nothing more to that address, and nobody can lift that.</summary>
    /// <returns>False when the send is no transactional mail.</returns>
    Task<bool> ComplainedAsync(NpgsqlTransaction transaction, long accountId, long sendId, string? details, CancellationToken cancellationToken);

    /// <summary>Which send a mail is of whose <c>Message-ID</c> stands in a report; null: of none.</summary>
    /// <param name="guid">The part before the @.</param>
    /// <param name="recipient">Whom the report names; empty is enough where the mail has one recipient.</param>
    Task<long?> SendOfAsync(NpgsqlTransaction transaction, long accountId, Guid guid, string recipient, CancellationToken cancellationToken);

    /// <summary>Tells this process that there are events to hand on; forgetting it costs a second.</summary>
    void Wake();
}
