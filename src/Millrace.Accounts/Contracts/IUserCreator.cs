using Millrace.Kernel.Security;

namespace Millrace.Accounts.Contracts;

/// <summary>Adds a user to an account: from the settings page or by <c>user add</c>.</summary>
public interface IUserCreator
{
    /// <param name="byUserId">Who adds; null on the command line.</param>
    /// <returns>The new user's id.</returns>
    /// <exception cref="Kernel.Errors.InvalidInputException">Something in it is wrong; nothing was made.</exception>
    Task<long> CreateAsync(long accountId, long? byUserId, NewUser user, CancellationToken cancellationToken);
}

/// <param name="Email">Also the name to log in with; unique on the server.</param>
/// <param name="Password">In the clear; only its hash is kept.</param>
public sealed record NewUser(string Email, string FirstName, string LastName, Role Role, string Password);
