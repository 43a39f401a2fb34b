using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Millrace.Segments.Contracts;
using Npgsql;

namespace Millrace.Segments.Api;

/// <summary><c>POST /api/app/conditions/explain</c>: does the contact match, and which rows hold?</summary>
internal sealed class ExplainConditions : IEndpoint
{
    public static void Map(ModuleRoutes routes) =>
        routes.App.MapPost("conditions/explain", Handle).WithName("app_condition_explain").RequirePermission(Permission.ViewContacts);

    internal sealed record Request(JsonElement Conditions, long ContactId, long? AutomationId = null);

    internal sealed record Response(bool Matches, IReadOnlyList<LeafAnswer> Leaves);

    private static async Task<Ok<Response>> Handle(
        Request request, CurrentAccount account, NpgsqlDataSource database, IConditions conditions, TimeProvider clock, CancellationToken cancellationToken)
    {
        var tree = conditions.Parse(request.Conditions, "/conditions");
        var context = new SegmentContext(account.Id, clock.GetUtcNow(), account.TimeZone, request.AutomationId);
        // One moment for both questions, or they could contradict each other.
        await using var work = await AccountTransaction.SnapshotAsync(database, account.Id, cancellationToken);
        var leaves = await conditions.ExplainAsync(work, context, tree, request.ContactId, cancellationToken);
        var matching = await conditions.MatchingAsync(work.Transaction, context, tree, [request.ContactId], cancellationToken);
        return TypedResults.Ok(new Response(matching.Count > 0, leaves));
    }
}
