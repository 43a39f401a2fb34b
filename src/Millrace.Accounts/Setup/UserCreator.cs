using Millrace.Accounts.Contracts;
using Millrace.Accounts.Sessions;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Security;
using Npgsql;

namespace Millrace.Accounts.Setup;

/// <summary>Adds a user to an account: from the settings page or by <c>user add</c>.</summary>
public sealed class UserCreator(NpgsqlDataSource database, IAudit audit, TimeProvider clock)
{
    public sealed record NewUser(string Email, string FirstName, string LastName, Role Role, string Password);

    /// <param name="byUserId">Who adds; null on the command line.</param>
    /// <returns>The new user's id.</returns>
    /// <exception cref="InvalidInputException">Something in it is wrong; nothing was made.</exception>
    public async Task<long> CreateAsync(long accountId, long? byUserId, NewUser user, CancellationToken cancellationToken)
    {
        var (email, now) = (user.Email.Trim().ToLowerInvariant(), clock.GetUtcNow());
        if (email.Length is < 3 or > 254 || email.Count(c => c == '@') != 1 || email[0] == '@' || email[^1] == '@' || email.Any(char.IsControl))
        {
            throw new InvalidInputException("/email", "email_invalid", "This is not an e-mail address.");
        }

        if (user.FirstName.Length > 200 || user.LastName.Length > 200)
        {
            throw new InvalidInputException("/first_name", "length", "A name has at most 200 characters.");
        }

        Passwords.Check(user.Password, "/password");
        await using var work = await AccountTransaction.BeginAsync(database, accountId, cancellationToken);
        var id = await Sql.Of($"""
            insert into accounts.app_user (account_id, email, first_name, last_name, role, password_hash, created_at, updated_at)
            values ({accountId}, {email}, {user.FirstName.Trim()}, {user.LastName.Trim()}, {user.Role}, {Passwords.Hash(user.Password)}, {now}, {now})
            returning id
            """).FirstAsync<long>(work, cancellationToken);
        await Sql.Of($"insert into accounts.login (email, account_id, user_id) values ({email}, {accountId}, {id})").ExecuteAsync(work, cancellationToken);
        await audit.AppendAsync(work.Transaction, accountId, byUserId, "user.create", "user", id, new { email, user.Role }, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return id;
    }
}
