using Millrace.Accounts.Contracts;
using Millrace.Accounts.Sessions;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Npgsql;

namespace Millrace.Accounts.Setup;

internal sealed class UserCreator(NpgsqlDataSource database, IAudit audit, TimeProvider clock) : IUserCreator
{
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
