using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Millrace.Kernel.Extensibility;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;

namespace Millrace.Automations.Api;

/// <summary><c>GET /api/app/automations/catalogue</c>: every trigger and step with its options, from which the builder draws its pickers and forms.</summary>
internal sealed class CatalogueEndpoint : IEndpoint
{
    public static void Map(ModuleRoutes routes) =>
        routes.App.MapGet("automations/catalogue", Read).WithName("app_automation_catalogue").RequirePermission(Permission.ViewAutomations);

    internal sealed record AutomationCatalogue(IReadOnlyList<TriggerItem> Triggers, IReadOnlyList<StepItem> Steps);

    internal sealed record TriggerItem(string Type, string Title, string Group, string Description, IReadOnlyList<SettingsOption> Options);

    /// <param name="Planned">Documents may hold it, but it cannot be published yet.</param>
    internal sealed record StepItem(
        string Type, string Title, string Group, string Description, string Shape, string Icon, IReadOnlyList<string> Branches, IReadOnlyList<SettingsOption> Options,
        bool Planned);

    private static Ok<AutomationCatalogue> Read(Catalogue<AutomationTrigger> triggers, Catalogue<AutomationAction> actions) => TypedResults.Ok(new AutomationCatalogue(
        [.. triggers.All.Select(t => new TriggerItem(t.Key, t.Title, t.Group, t.Description, SettingsShape.Of(t.SettingsType).Options))],
        [.. actions.All.Select(a => new StepItem(a.Key, a.Title, a.Group, a.Description, a.Shape, a.Icon, a.Branches, SettingsShape.Of(a.SettingsType).Options, a.IsPlanned))]));
}
