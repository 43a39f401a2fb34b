using Npgsql;

namespace Millrace.Kernel.Security.Http;

/// <summary>A request to an address a user gave, to be sent after the commit of what caused it.</summary>
/// <param name="Url">Judged with <see cref="SafeHttp"/> when it was given, and again before each call.</param>
/// <param name="Method"><c>GET</c> or <c>POST</c>.</param>
/// <param name="Body">Form-encoded unless a header <c>Content-Type</c> says otherwise; empty with GET.</param>
/// <param name="Headers">What the user wants sent along; names the product itself sends are passed over.</param>
/// <param name="Person">Address of whom it tells, so that it is found when they are erased; null: of nobody.</param>
public sealed record OutgoingCall(string Url, string Method, string Body, IReadOnlyDictionary<string, string> Headers, string? Person = null);

/// <summary>
/// The outbox of calls: at least one call that was answered with 2xx, or the call is listed as failed after three days. The row is written in the
/// transaction of its cause, so none is lost and none is sent for what did not happen.
/// </summary>
public interface IHttpOutbox
{
    Task AddAsync(NpgsqlTransaction transaction, long accountId, OutgoingCall call, CancellationToken cancellationToken) =>
        AddAsync(transaction, accountId, [call], cancellationToken);

    /// <summary>Many at once, in one statement.</summary>
    Task AddAsync(NpgsqlTransaction transaction, long accountId, IReadOnlyList<OutgoingCall> calls, CancellationToken cancellationToken);
}
