using System.Text.Json;
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

/// <summary>Copying and pasting steps: the clipboard holds the automation document's JSON, with names, so that it means the same in every account.</summary>
internal sealed class FragmentEndpoints : IEndpoint
{
    public static void Map(ModuleRoutes routes)
    {
        routes.App.MapPost("automations/fragments/names", Names).WithName("app_automation_fragment_names").RequirePermission(Permission.ViewAutomations);
        routes.App.MapPost("automations/fragments/ids", Ids).WithName("app_automation_fragment_ids").RequirePermission(Permission.ManageAutomations);
    }

    /// <param name="Steps">1 to 500 steps of an automation document, with their branches.</param>
    internal sealed record FragmentRequest(JsonElement Steps);

    internal sealed record NamedFragment(JsonElement Steps);

    /// <param name="Steps">With ids of this account; options whose thing is not here are left out.</param>
    /// <param name="Missing">What was left out, each once.</param>
    internal sealed record PastedFragment(JsonElement Steps, IReadOnlyList<MissingReference> Missing);

    /// <param name="Source">Key of the reference source.</param>
    internal sealed record MissingReference(string Source, string Name);

    /// <summary>Steps of a draft as they go to the clipboard.</summary>
    private static async Task<Ok<NamedFragment>> Names(
        FragmentRequest request, CurrentAccount account, Fragments fragments, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        return TypedResults.Ok(new NamedFragment(await fragments.ToNamesAsync(work, account.Id, request.Steps, cancellationToken)));
    }

    /// <summary>Steps from a clipboard as drafts hold them. Nothing is changed or made by it.</summary>
    private static async Task<Ok<PastedFragment>> Ids(
        FragmentRequest request, CurrentAccount account, Fragments fragments, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var (steps, missing) = await fragments.ToIdsAsync(work, account.Id, request.Steps, cancellationToken);
        return TypedResults.Ok(new PastedFragment(steps, [.. missing.Select(m => new MissingReference(m.Source, m.Name)).Distinct()]));
    }
}
