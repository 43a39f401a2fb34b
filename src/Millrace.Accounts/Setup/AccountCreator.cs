using Millrace.Accounts.Keys;
using Millrace.Accounts.Sessions;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Security;
using Millrace.Kernel.Time;
using Npgsql;

namespace Millrace.Accounts.Setup;

/// <summary>Makes an account with its first admin: at the first run, by <c>account add</c>, or from the configuration.</summary>
public sealed class AccountCreator(NpgsqlDataSource database, TimeProvider clock, IServiceProvider services)
{
    /// <param name="ApiKey">A key to make at once; null makes none.</param>
    public sealed record NewAccount(
        string AccountName, string Name, string Email, string Password, string TimeZone, string SenderName, string SenderAddress, string? ApiKey = null)
    {
        /// <summary>Rounds of the password's hash. Fewer than the default are for tests, which make accounts by the hundred.</summary>
        public int PasswordRounds { get; init; } = Passwords.Rounds;
    }

    public sealed record Created(long AccountId, long UserId);

    /// <exception cref="InvalidInputException">Something in it is wrong; nothing was made.</exception>
    public async Task<Created> CreateAsync(NewAccount input, bool onlyFirst, CancellationToken cancellationToken)
    {
        Check(input);
        var accountId = await MakeAccountAsync(input, onlyFirst, cancellationToken);
        var (first, last) = SplitName(input.Name);
        var (email, now) = (input.Email.Trim().ToLowerInvariant(), clock.GetUtcNow());
        await using var work = await AccountTransaction.BeginAsync(database, accountId, cancellationToken);
        var userId = await Sql.Of($"""
            insert into accounts.app_user (account_id, email, first_name, last_name, role, password_hash, created_at, updated_at)
            values ({accountId}, {email}, {first}, {last}, 'admin', {Passwords.Hash(input.Password, input.PasswordRounds)}, {now}, {now}) returning id
            """).FirstAsync<long>(work, cancellationToken);
        await Sql.Of($"insert into accounts.login (email, account_id, user_id) values ({email}, {accountId}, {userId})").ExecuteAsync(work, cancellationToken);
        if (input.ApiKey is { } key)
        {
            var tokens = (ApiTokens)services.GetService(typeof(ApiTokens))!;
            await tokens.CreateAsync(work, accountId, userId, "First key", key, cancellationToken);
        }

        await work.CommitAsync(cancellationToken);
        return new Created(accountId, userId);
    }

    public async Task<bool> AnyAccountAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await Sql.Of($"select exists (select 1 from accounts.login)").FirstAsync<bool>(connection, cancellationToken);
    }

    private async Task<long> MakeAccountAsync(NewAccount input, bool onlyFirst, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        // Two first runs at once must not both win.
        await Sql.Of($"select pg_advisory_xact_lock({6_413_776_303})").ExecuteAsync(transaction, cancellationToken);
        if (onlyFirst && await Sql.Of($"select exists (select 1 from accounts.login)").FirstAsync<bool>(transaction, cancellationToken))
        {
            throw new ConflictException("already_set_up", "This server is set up already; log in.");
        }

        var id = await Sql.Of($"""
            insert into accounts.account (name, time_zone, sender_name, sender_email, sender_address, event_key, created_at)
            values ({input.AccountName.Trim()}, {input.TimeZone}, {input.SenderName.Trim()}, {input.Email.Trim().ToLowerInvariant()},
                    {input.SenderAddress.Trim()}, {RandomToken.New(40)}, {clock.GetUtcNow()})
            returning id
            """).FirstAsync<long>(transaction, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return id;
    }

    private static void Check(NewAccount input)
    {
        var errors = new List<FieldError>();
        Require(errors, "/account_name", input.AccountName, 200);
        Require(errors, "/name", input.Name, 200);
        Require(errors, "/sender_name", input.SenderName, 200);
        Require(errors, "/sender_address", input.SenderAddress, 500);
        var email = input.Email.Trim();
        if (email.Length is < 3 or > 254 || email.Count(c => c == '@') != 1 || email[0] == '@' || email[^1] == '@' || email.Any(char.IsControl))
        {
            errors.Add(new FieldError("/email", "email_invalid", "This is not an e-mail address."));
        }

        if (!WallClock.IsZone(input.TimeZone))
        {
            errors.Add(new FieldError("/time_zone", "time_zone_unknown", "This time zone is not known; use a name such as Europe/Berlin."));
        }

        try
        {
            Passwords.Check(input.Password, "/password");
        }
        catch (InvalidInputException e)
        {
            errors.AddRange(e.Errors);
        }

        if (errors.Count > 0)
        {
            throw new InvalidInputException(errors);
        }
    }

    private static void Require(List<FieldError> errors, string path, string text, int limit)
    {
        if (text.Trim().Length == 0 || text.Length > limit)
        {
            errors.Add(new FieldError(path, "length", $"This has 1 to {limit} characters."));
        }
    }

    private static (string First, string Last) SplitName(string name)
    {
        var parts = name.Trim().Split(' ', 2, StringSplitOptions.TrimEntries);
        return (parts[0], parts.Length > 1 ? parts[1] : string.Empty);
    }
}
