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

/// <summary><c>/api/app/session</c>: log in, who am I, log out.</summary>
internal sealed class SessionEndpoints : IEndpoint
{
    public static void Map(ModuleRoutes routes)
    {
        routes.App.MapGet("session", Show).WithName("session_show").RequirePermission(Permission.Use);
        routes.App.MapPost("session", Begin).WithName("session_begin").AllowAnonymous();
        routes.App.MapDelete("session", End).WithName("session_end").RequirePermission(Permission.Use);
    }

    internal sealed record LoginRequest(string Email, string Password);

    internal sealed record SessionView(UserView User, AccountView Account, IReadOnlyList<string> Permissions, IReadOnlyDictionary<string, bool> Facts);

    /// <param name="Name">What the UI calls the user.</param>
    internal sealed record UserView(long Id, string Email, string FirstName, string LastName, string Name, Role Role, string ColorScheme);

    internal sealed record AccountView(long Id, string Name, string TimeZone);

    private static async Task<Ok<SessionView>> Show(
        CurrentAccount account, NpgsqlDataSource database, IAccountSettings settings, IEnumerable<ISessionFact> facts, CancellationToken cancellationToken) =>
        TypedResults.Ok(await ViewAsync(account.Id, account.UserId, database, settings, facts, cancellationToken));

    internal static async Task<SessionView> ViewAsync(
        long accountId, long userId, NpgsqlDataSource database, IAccountSettings settings, IEnumerable<ISessionFact> facts, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, accountId, cancellationToken);
        var user = await Sql.Of($"""
            select id, email, first_name, last_name, coalesce(nullif(trim(first_name || ' ' || last_name), ''), email), role, color_scheme
            from accounts.app_user where account_id = {accountId} and id = {userId}
            """).FirstAsync<UserView>(work, cancellationToken) ?? throw new UnauthenticatedException();
        var known = await settings.GetAsync(accountId, cancellationToken);
        var holding = new SortedDictionary<string, bool>(StringComparer.Ordinal);
        foreach (var fact in facts)
        {
            holding[fact.Name] = await fact.HoldsAsync(accountId, cancellationToken);
        }

        var permissions = Enum.GetValues<Permission>().Where(p => user.Role.Grants(p)).Select(EnumNames<Permission>.NameOf);
        return new SessionView(user, new AccountView(known.Id, known.Name, known.TimeZone), [.. permissions], holding);
    }

    private static async Task<Ok<SessionView>> Begin(
        LoginRequest request, HttpContext http, Login login, SessionStore sessions, SessionCookie cookie, NpgsqlDataSource database,
        IAccountSettings settings, IEnumerable<ISessionFact> facts, CancellationToken cancellationToken)
    {
        if (request.Password.Length > Passwords.MaxLength || request.Email.Length > 254)
        {
            throw new UnauthenticatedException("E-mail or password is wrong.");
        }

        var (accountId, userId) = await login.CheckAsync(request.Email, request.Password, http.Connection.RemoteIpAddress, cancellationToken);
        await using var work = await AccountTransaction.BeginAsync(database, accountId, cancellationToken);
        var token = await sessions.BeginAsync(work, accountId, userId, cancellationToken);
        await work.CommitAsync(cancellationToken);
        cookie.Write(http, token);
        return TypedResults.Ok(await ViewAsync(accountId, userId, database, settings, facts, cancellationToken));
    }

    private static async Task<NoContent> End(HttpContext http, SessionStore sessions, CancellationToken cancellationToken)
    {
        await sessions.EndAsync(SessionCookie.Read(http.Request)!, cancellationToken);
        SessionCookie.Clear(http);
        return TypedResults.NoContent();
    }
}
