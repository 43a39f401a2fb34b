using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Millrace.Automations.People;
using Millrace.Kernel.Data;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Npgsql;

namespace Millrace.Automations.Api;

/// <summary><c>GET /api/app/automations/{id}/waiting</c>: for every step who stands there, since when, and what looks wrong about it.</summary>
internal sealed class WaitingEndpoint : IEndpoint
{
    public static void Map(ModuleRoutes routes) =>
        routes.App.MapGet("automations/{id:long}/waiting", Handle).WithName("app_automation_waiting").RequirePermission(Permission.ViewAutomations);

    private static async Task<Ok<WaitingReport>> Handle(
        long id, CurrentAccount account, WaitingSteps waiting, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        return TypedResults.Ok(await waiting.ReadAsync(work, account.Id, id, cancellationToken));
    }
}
