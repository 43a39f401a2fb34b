using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Millrace.Accounts.Contracts;
using Millrace.Accounts.Sessions;
using Millrace.Kernel.Data;
using Millrace.Kernel.Modules;
using Npgsql;

namespace Millrace.Accounts.Setup;

/// <summary><c>/api/app/setup</c>: the first run. Works once, while the server has no account.</summary>
internal sealed class SetupEndpoints : IEndpoint
{
    public static void Map(ModuleRoutes routes)
    {
        routes.App.MapGet("setup", Show).WithName("setup_show").AllowAnonymous();
        routes.App.MapPost("setup", Run).WithName("setup_run").AllowAnonymous();
    }

    internal sealed record SetupState(bool Required);

    internal sealed record SetupRequest(
        string AccountName, string Name, string Email, string Password, string TimeZone, string SenderName, string SenderAddress);

    private static async Task<Ok<SetupState>> Show(AccountCreator creator, CancellationToken cancellationToken) =>
        TypedResults.Ok(new SetupState(!await creator.AnyAccountAsync(cancellationToken)));

    private static async Task<Ok<SessionEndpoints.SessionView>> Run(
        SetupRequest request, HttpContext http, AccountCreator creator, SessionStore sessions, SessionCookie cookie, NpgsqlDataSource database,
        IAccountSettings settings, IEnumerable<ISessionFact> facts, CancellationToken cancellationToken)
    {
        var created = await creator.CreateAsync(
            new AccountCreator.NewAccount(
                request.AccountName, request.Name, request.Email, request.Password, request.TimeZone, request.SenderName, request.SenderAddress),
            onlyFirst: true,
            cancellationToken);
        await using (var work = await AccountTransaction.BeginAsync(database, created.AccountId, cancellationToken))
        {
            var token = await sessions.BeginAsync(work, created.AccountId, created.UserId, cancellationToken);
            await work.CommitAsync(cancellationToken);
            cookie.Write(http, token);
        }

        return TypedResults.Ok(await SessionEndpoints.ViewAsync(created.AccountId, created.UserId, database, settings, facts, cancellationToken));
    }
}
