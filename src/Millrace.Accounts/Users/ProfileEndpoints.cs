using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Millrace.Accounts.Contracts;
using Millrace.Accounts.Sessions;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Npgsql;

namespace Millrace.Accounts.Users;

/// <summary><c>/api/app/profile</c>: what a user changes about himself.</summary>
internal sealed class ProfileEndpoints : IEndpoint
{
    private static readonly string[] ColorSchemes = ["auto", "light", "dark"];

    public static void Map(ModuleRoutes routes)
    {
        routes.App.MapPatch("profile", Update).WithName("profile_update").RequirePermission(Permission.Use);
        routes.App.MapPut("profile/password", ChangePassword).WithName("profile_password").RequirePermission(Permission.Use);
    }

    /// <summary>Members left out stay as they are.</summary>
    internal sealed record ProfileChange(string? FirstName = null, string? LastName = null, string? ColorScheme = null);

    internal sealed record PasswordChange(string Current, string Replacement);

    private static async Task<NoContent> Update(
        ProfileChange request, CurrentAccount account, NpgsqlDataSource database, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (request.ColorScheme is { } scheme && !ColorSchemes.Contains(scheme))
        {
            throw new InvalidInputException("/color_scheme", "choice", "One of auto, light, dark.");
        }

        if (request.FirstName is { Length: > 200 } || request.LastName is { Length: > 200 })
        {
            throw new InvalidInputException("/first_name", "length", "A name has at most 200 characters.");
        }

        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        await Sql.Of($"""
            update accounts.app_user
            set first_name = coalesce({request.FirstName}, first_name), last_name = coalesce({request.LastName}, last_name),
                color_scheme = coalesce({request.ColorScheme}, color_scheme), updated_at = {clock.GetUtcNow()}
            where account_id = {account.Id} and id = {account.UserId}
            """).ExecuteAsync(work, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return TypedResults.NoContent();
    }

    /// <summary>Ends the user's other sessions.</summary>
    private static async Task<NoContent> ChangePassword(
        PasswordChange request, HttpContext http, CurrentAccount account, SessionStore sessions, IAudit audit, NpgsqlDataSource database, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        Passwords.Check(request.Replacement, "/replacement");
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var hash = await Sql.Of($"select password_hash from accounts.app_user where account_id = {account.Id} and id = {account.UserId}")
            .FirstAsync<string>(work, cancellationToken);
        if (request.Current.Length > Passwords.MaxLength || !Passwords.Verify(request.Current, hash))
        {
            throw new InvalidInputException("/current", "password_wrong", "This is not your present password.");
        }

        await Sql.Of($"""
            update accounts.app_user set password_hash = {Passwords.Hash(request.Replacement)}, updated_at = {clock.GetUtcNow()}
            where account_id = {account.Id} and id = {account.UserId}
            """).ExecuteAsync(work, cancellationToken);
        await sessions.EndOthersAsync(work, account.Id, account.UserId, SessionCookie.Read(http.Request), cancellationToken);
        await audit.AppendAsync(work.Transaction, account.Id, account.UserId, "user.password", "user", account.UserId, null, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return TypedResults.NoContent();
    }
}
