using Npgsql;

namespace Millrace.Messaging.Contracts;

/// <summary>
/// Where mail that came in is handed over when it is for an inbound stream. Called by whoever takes mail in, in its transaction; the call of the stream's
/// webhook is a row of the outbox.
/// </summary>
public interface ITransactionalInbound
{
    /// <summary>Whether the address is that of an inbound stream of this server: <c>s7@domain</c> or <c>s7+anything@domain</c>. Does not look whether the stream exists.</summary>
    bool IsMine(string address);

    /// <param name="raw">The mail as it came.</param>
    /// <returns>False when there is no such stream, or it is archived.</returns>
    Task<bool> TakeAsync(NpgsqlTransaction transaction, long accountId, string from, string to, ReadOnlyMemory<byte> raw, CancellationToken cancellationToken);

    /// <summary>The account of a stream's address; null when there is none.</summary>
    Task<long?> AccountOfAsync(string address, CancellationToken cancellationToken);
}
