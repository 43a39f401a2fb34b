using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Millrace.Automations.Definitions;
using Millrace.Kernel.Data;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Npgsql;

namespace Millrace.Automations.Api;

/// <summary>Who starts and ends whom.</summary>
internal sealed class MapEndpoint : IEndpoint
{
    public static void Map(ModuleRoutes routes) =>
        routes.App.MapGet("automations/map", Read).WithName("app_automation_map").RequirePermission(Permission.ViewAutomations);

    /// <summary>Automations and the links between them. With more than 100 automations those without a link are left out.</summary>
    private static async Task<Ok<MapView>> Read(CurrentAccount account, AutomationMap map, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        return TypedResults.Ok(await map.ReadAsync(work, account.Id, cancellationToken));
    }
}
