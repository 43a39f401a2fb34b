using System.Globalization;
using System.Net;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Npgsql;

namespace Millrace.Accounts.Sessions;

/// <summary>Checks e-mail and password. Same answer and time for known and unknown addresses; after five failures in a quarter of an hour per
/// address and network, or twenty in a minute per network, it asks to wait. Never a permanent lock.</summary>
internal sealed class Login(NpgsqlDataSource database, TimeProvider clock)
{
    /// <summary>Each costs a password check.</summary>
    private const int MaxAccounts = 20;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(15);

    public async Task<(long AccountId, long UserId)> CheckAsync(string email, string password, IPAddress? address, CancellationToken cancellationToken) =>
        (await FindAsync(email, password, address, onlyFirst: true, cancellationToken))[0];

    /// <summary>All accounts into which this address and password lead, oldest first; at least one.</summary>
    /// <exception cref="UnauthenticatedException">There is none.</exception>
    public Task<List<(long AccountId, long UserId)>> AllAsync(string email, string password, IPAddress? address, CancellationToken cancellationToken) =>
        FindAsync(email, password, address, onlyFirst: false, cancellationToken);

    private async Task<List<(long AccountId, long UserId)>> FindAsync(
        string email, string password, IPAddress? address, bool onlyFirst, CancellationToken cancellationToken)
    {
        email = email.Trim().ToLowerInvariant();
        var network = address?.ToString() ?? "unknown";
        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await RefuseWhenTooManyAsync(connection, email, network, now, cancellationToken);
        var found = new List<(long, long)>();
        foreach (var (accountId, userId) in await Sql.Of($"select account_id, user_id from accounts.login where email = {email} order by account_id limit {MaxAccounts}")
            .ListAsync<Candidate>(connection, cancellationToken))
        {
            await using var work = await AccountTransaction.BeginAsync(database, accountId, cancellationToken);
            var hash = await Sql.Of($"""
                select password_hash from accounts.app_user where account_id = {accountId} and id = {userId} and disabled_at is null
                """).FirstAsync<string>(work, cancellationToken);
            if (Passwords.Verify(password, hash))
            {
                found.Add((accountId, userId));
                if (onlyFirst)
                {
                    break;
                }
            }
        }

        if (found.Count > 0)
        {
            return found;
        }

        // An unknown address costs as much time as a wrong password.
        Passwords.Verify(password, null);
        foreach (var scope in Scopes(email, network))
        {
            await Sql.Of($"insert into accounts.login_failure (scope, failed_at) values ({scope}, {now})").ExecuteAsync(connection, cancellationToken);
        }

        throw new UnauthenticatedException("E-mail or password is wrong.");
    }

    private static string[] Scopes(string email, string network) =>
        [string.Create(CultureInfo.InvariantCulture, $"login {email} {network}"), string.Create(CultureInfo.InvariantCulture, $"network {network}")];

    private static async Task RefuseWhenTooManyAsync(
        NpgsqlConnection connection, string email, string network, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var scopes = Scopes(email, network);
        await Sql.Of($"delete from accounts.login_failure where scope = any ({scopes}) and failed_at < {now - Window}").ExecuteAsync(connection, cancellationToken);
        var counts = await Sql.Of($"""
            select count(*) filter (where scope = {scopes[0]}), count(*) filter (where scope = {scopes[1]} and failed_at > {now - TimeSpan.FromMinutes(1)})
            from accounts.login_failure where scope = any ({scopes})
            """).FirstAsync<Failures>(connection, cancellationToken);
        if (counts is { ForLogin: >= 5 })
        {
            throw new RateLimitedException(Window);
        }

        if (counts is { ForNetwork: >= 20 })
        {
            throw new RateLimitedException(TimeSpan.FromMinutes(1));
        }
    }

    private sealed record Candidate(long AccountId, long UserId);

    private sealed record Failures(long ForLogin, long ForNetwork);
}
