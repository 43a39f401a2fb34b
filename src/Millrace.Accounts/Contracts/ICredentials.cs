using Millrace.Kernel.Data;

namespace Millrace.Accounts.Contracts;

/// <summary>
/// Secrets of other modules that say, before any account is known, whose they are. Only hashes of long random texts belong here (<c>RandomToken.Hash</c>).
/// </summary>
public interface ICredentials
{
    /// <param name="kind">One of the kinds of <c>accounts.credential</c>.</param>
    /// <param name="ownerId">What it opens, in the module that keeps it.</param>
    Task AddAsync(AccountTransaction work, byte[] hash, string kind, long accountId, long ownerId, CancellationToken cancellationToken);

    Task RemoveAsync(AccountTransaction work, string kind, long accountId, long ownerId, CancellationToken cancellationToken);

    /// <returns>Null for an unknown or removed one.</returns>
    Task<CredentialOwner?> FindAsync(byte[] hash, string kind, CancellationToken cancellationToken);
}

/// <summary>Whose a credential is.</summary>
public sealed record CredentialOwner(long AccountId, long OwnerId);
