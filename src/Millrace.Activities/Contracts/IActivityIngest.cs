namespace Millrace.Activities.Contracts;

/// <summary>
/// The road for facts that come by the thousand through HTTP: opens, clicks, events. Calls wait a few milliseconds for a shared
/// transaction and return when it has been committed, so an answer means the fact is durable, and one commit serves hundreds.
/// </summary>
public interface IActivityIngest
{
    /// <exception cref="Npgsql.NpgsqlException">The shared transaction failed; nothing of it was written.</exception>
    Task RecordAsync(long accountId, DatedActivity activity, CancellationToken cancellationToken);
}
