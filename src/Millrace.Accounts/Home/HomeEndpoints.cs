using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Npgsql;

namespace Millrace.Accounts.Home;

/// <summary><c>/api/app/home</c>: the checklist and key figures that the modules contribute.</summary>
internal sealed class HomeEndpoints : IEndpoint
{
    public static void Map(ModuleRoutes routes) => routes.App.MapGet("home", Show).WithName("home_show").RequirePermission(Permission.Use);

    internal sealed record HomeView(IReadOnlyList<HomeStep> Checklist, IReadOnlyList<HomeFigure> Metrics);

    internal sealed record HomeStep(string Key, string Title, string Description, bool Done, string Url);

    /// <param name="ChangePercent">Against the 30 days before; null when there is nothing to compare with.</param>
    internal sealed record HomeFigure(string Key, string Label, decimal Value, decimal? ChangePercent);

    private static async Task<Ok<HomeView>> Show(
        CurrentAccount account, Catalogue<OnboardingStep> steps, Catalogue<HomeMetric> metrics, NpgsqlDataSource database, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var checklist = new List<HomeStep>();
        foreach (var step in steps.All.OrderBy(s => s.Order))
        {
            checklist.Add(new HomeStep(step.Key, step.Title, step.Description, await step.IsDoneAsync(work, account.Id, cancellationToken), step.Url));
        }

        var figures = new List<HomeFigure>();
        foreach (var metric in metrics.All.OrderBy(m => m.Order))
        {
            var (value, before) = await metric.ReadAsync(work, account.Id, clock.GetUtcNow(), cancellationToken);
            figures.Add(new HomeFigure(metric.Key, metric.Title, value, before is > 0 ? Math.Round((value - before.Value) / before.Value * 100, 1) : null));
        }

        return TypedResults.Ok(new HomeView(checklist, figures));
    }
}
