using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Millrace.Accounts.Contracts;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Npgsql;

namespace Millrace.Accounts.Sessions;

/// <summary>
/// <c>/api/app/session/accounts</c>: the accounts of this server in which a user has the same address and password, and the way into one of them. Asks for
/// the password, because an address alone proves nothing: every account's admin can give it to a user of his own.
/// </summary>
internal sealed class SwitchAccount : IEndpoint
{
    public static void Map(ModuleRoutes routes)
    {
        routes.App.MapPost("session/accounts", List).WithName("session_accounts").RequirePermission(Permission.Use);
        routes.App.MapPost("session/switch", Switch).WithName("session_switch").RequirePermission(Permission.Use);
    }

    internal sealed record AccountsRequest(string Password);

    internal sealed record AccountList(IReadOnlyList<AccountChoice> Items);

    /// <param name="Current">Where the session is now.</param>
    internal sealed record AccountChoice(long Id, string Name, bool Current);

    internal sealed record SwitchRequest(long AccountId, string Password);

    private static async Task<Ok<AccountList>> List(
        AccountsRequest request, HttpContext http, CurrentAccount account, Login login, IAccountSettings settings, NpgsqlDataSource database,
        CancellationToken cancellationToken)
    {
        var choices = new List<AccountChoice>();
        foreach (var (accountId, _) in await AllAsync(request.Password, http, account, login, database, cancellationToken))
        {
            choices.Add(new AccountChoice(accountId, (await settings.GetAsync(accountId, cancellationToken)).Name, accountId == account.Id));
        }

        return TypedResults.Ok(new AccountList(choices));
    }

    private static async Task<NoContent> Switch(
        SwitchRequest request, HttpContext http, CurrentAccount account, Login login, SessionStore sessions, SessionCookie cookie, NpgsqlDataSource database,
        CancellationToken cancellationToken)
    {
        var all = await AllAsync(request.Password, http, account, login, database, cancellationToken);
        if (all.FirstOrDefault(a => a.AccountId == request.AccountId) is not ( > 0, var userId))
        {
            throw new NotFoundException("There is no such account for you.");
        }

        string token;
        await using (var work = await AccountTransaction.BeginAsync(database, request.AccountId, cancellationToken))
        {
            token = await sessions.BeginAsync(work, request.AccountId, userId, cancellationToken);
            await work.CommitAsync(cancellationToken);
        }

        await sessions.EndAsync(SessionCookie.Read(http.Request)!, cancellationToken);
        cookie.Write(http, token);
        return TypedResults.NoContent();
    }

    private static async Task<List<(long AccountId, long UserId)>> AllAsync(
        string password, HttpContext http, CurrentAccount account, Login login, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        if (password.Length > Passwords.MaxLength)
        {
            throw new InvalidInputException("/password", "password_wrong", "This is not your password.");
        }

        string email;
        await using (var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken))
        {
            email = await Sql.Of($"select email from accounts.app_user where account_id = {account.Id} and id = {account.UserId}")
                .FirstAsync<string>(work, cancellationToken) ?? throw new UnauthenticatedException();
        }

        try
        {
            return await login.AllAsync(email, password, http.Connection.RemoteIpAddress, cancellationToken);
        }
        catch (UnauthenticatedException)
        {
            // Not 401: the session itself is fine.
            throw new InvalidInputException("/password", "password_wrong", "This is not your password.");
        }
    }
}
