using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Extensibility;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Millrace.Segments.Contracts;
using Millrace.Segments.Saved;
using Npgsql;

namespace Millrace.Segments.Api;

/// <summary><c>POST /api/app/conditions/preview</c>: how many match, ten of them, and the rule in words. Gives up after five seconds (422 <c>too_slow</c>).</summary>
internal sealed class PreviewConditions : IEndpoint
{
    private const int SampleSize = 10;

    public static void Map(ModuleRoutes routes) =>
        routes.App.MapPost("conditions/preview", Handle).WithName("app_condition_preview").RequirePermission(Permission.ViewContacts);

    /// <param name="Conditions">A tree in its stored form.</param>
    /// <param name="AutomationId">The automation being edited, whose steps the tree may name.</param>
    internal sealed record Request(JsonElement Conditions, long? AutomationId = null);

    internal sealed record Response(long Count, long TookMs, IReadOnlyList<SampleContact> Sample, string Words);

    private static async Task<Ok<Response>> Handle(
        Request request, CurrentAccount account, NpgsqlDataSource database, IConditions conditions, SegmentCounting counting, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var tree = conditions.Parse(request.Conditions, "/conditions");
        var context = new SegmentContext(account.Id, clock.GetUtcNow(), account.TimeZone, request.AutomationId);
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        if (await conditions.CheckAsync(work, account.Id, tree, cancellationToken) is { Count: > 0 } errors)
        {
            throw new InvalidInputException(errors);
        }

        var words = await conditions.DescribeAsync(work, account.Id, tree, cancellationToken);
        var (found, took) = await counting.PreviewAsync(work, context, tree, SampleSize, cancellationToken);
        return TypedResults.Ok(new Response(found.Count, took, found.Sample, words));
    }
}
