using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;

namespace Millrace.Automations.Simulating;

/// <summary><c>POST /api/app/automations/{id}/simulate</c>: what would become of contacts in the draft, without any effect.</summary>
internal sealed class SimulateEndpoint : IEndpoint
{
    public static void Map(ModuleRoutes routes) =>
        routes.App.MapPost("automations/{id:long}/simulate", Handle).WithName("app_automation_simulate").RequirePermission(Permission.ManageAutomations);

    /// <summary>
    /// Runs the stored draft in virtual time. Nothing of it stays: no mail, no call, no activity, no count. 422 names what is wrong with the request; 429 while another
    /// simulation of the account is under way; 409 <c>simulation_busy</c> while the contacts are being worked on.
    /// </summary>
    private static async Task<Ok<SimulationResult>> Handle(
        long id, SimulationRequest request, CurrentAccount account, Simulator simulator, CancellationToken cancellationToken) =>
        TypedResults.Ok(await simulator.RunAsync(account.Id, account.TimeZone, id, request, cancellationToken));
}
