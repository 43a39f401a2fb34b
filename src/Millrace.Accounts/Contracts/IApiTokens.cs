using Millrace.Kernel.Security;

namespace Millrace.Accounts.Contracts;

/// <summary>Finds the account and user behind an API key.</summary>
public interface IApiTokens
{
    /// <returns>Null for an unknown or revoked key, or one of a disabled user.</returns>
    Task<Identity?> FindAsync(string token, CancellationToken cancellationToken);
}

/// <summary>Who is asking.</summary>
public sealed record Identity(long AccountId, long UserId, Role Role, string TimeZone);
