using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Millrace.Automations.Definitions;
using Millrace.Automations.Engine;
using Millrace.Kernel.Data;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Npgsql;

namespace Millrace.Automations.Api;

/// <summary><c>GET /api/app/automations/{id}/steps</c>: its steps by name, for conditions that ask about one of them.</summary>
internal sealed class StepsEndpoint : IEndpoint
{
    public static void Map(ModuleRoutes routes) =>
        routes.App.MapGet("automations/{id:long}/steps", Handle).WithName("app_automation_steps").RequirePermission(Permission.ViewAutomations);

    /// <summary>Those of the published version in document order; of an automation that was never published those of the draft.</summary>
    private static async Task<Ok<NamedStepList>> Handle(
        long id, CurrentAccount account, FlowCache flows, FlowReader reader, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var row = await AutomationRow.ReadAsync(work.Transaction, account.Id, id, cancellationToken);
        var flow = row.PublishedVersion is { } version
            ? (await flows.LoadAsync(work.Transaction, account.Id, [(id, version)], cancellationToken)).GetValueOrDefault(id)
            : reader.Read(row.Draft).Flow;
        return TypedResults.Ok(new NamedStepList([.. (flow?.Steps ?? []).Select(s => new NamedStepItem(s.Key, s.Name, s.Shape))]));
    }
}

/// <param name="Name">Its type, with the subject or name it was given.</param>
/// <param name="Shape"><c>action</c>, <c>wait</c>, <c>condition</c>, <c>goal</c>, <c>goto</c> or <c>end</c>.</param>
internal sealed record NamedStepItem(string Id, string Name, string Shape);

internal sealed record NamedStepList(IReadOnlyList<NamedStepItem> Items);
