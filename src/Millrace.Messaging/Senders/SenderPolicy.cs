using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Extensibility;
using Millrace.Messaging.Contracts;
using Millrace.Messaging.Sending;
using Npgsql;

namespace Millrace.Messaging.Senders;

/// <summary>
/// Who an account may send as. A sender whose domain is not verified is warned about or refused, as the server's operator and the account
/// say; the stricter counts. While mail goes to the catcher nobody is held up: it does not leave the house.
/// </summary>
internal sealed class SenderPolicy(DkimSigners signers) : ISenderCheck
{
    public const string Code = "sender_not_verified";

    /// <summary>Null when the sender is fine, or mail goes to the catcher.</summary>
    /// <param name="fromAddress">Empty: the account's sender.</param>
    public async Task<StepProblem?> FindProblemAsync(
        NpgsqlTransaction transaction, long accountId, string fromAddress, string path, CancellationToken cancellationToken)
    {
        var address = fromAddress.Length > 0 ? fromAddress : (await CompiledMessages.SenderAsync(transaction, accountId, cancellationToken)).Email;
        if (!address.Contains('@', StringComparison.Ordinal))
        {
            return null;
        }

        await signers.LoadAsync(transaction, [accountId], cancellationToken);
        var sender = signers.Find(accountId, address);
        if (sender.IsVerified || !sender.LeavesTheHouse)
        {
            return null;
        }

        var domain = address[(address.LastIndexOf('@') + 1)..].ToLowerInvariant();
        return new(path, Code, sender.IsRefused
            ? $"Mail from {domain} is refused: the domain is not verified. Set it up under Settings, Sender domains."
            : $"The domain {domain} is not verified, so receivers may take the mail for spam. Set it up under Settings, Sender domains.", IsWarning: !sender.IsRefused);
    }

    /// <exception cref="InvalidInputException">422 <c>sender_not_verified</c>, when such senders are refused.</exception>
    public async Task RequireAsync(NpgsqlTransaction transaction, long accountId, string fromAddress, string path, CancellationToken cancellationToken)
    {
        if (await FindProblemAsync(transaction, accountId, fromAddress, path, cancellationToken) is { IsWarning: false } problem)
        {
            throw new InvalidInputException(problem.Path, problem.Code, problem.Message);
        }
    }

    /// <summary>What was held because of its sender is due at once, and looked at again.</summary>
    public static Task<int> ReleaseAsync(NpgsqlTransaction transaction, long accountId, DateTimeOffset now, CancellationToken cancellationToken) => Sql.Of($"""
        update messaging.send set next_at = {now}
        where account_id = {accountId} and next_at > {now} and state = 'deferred' and reason = {Code}
        """).ExecuteAsync(transaction, cancellationToken);
}
