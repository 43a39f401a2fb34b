using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Millrace.Api.Dialect;
using Millrace.Api.Resources;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Millrace.Kernel.Workers;
using Millrace.Segments.Definitions;
using Npgsql;

namespace Millrace.Segments.Matching;

/// <summary>
/// <c>/api/3/segmentMatchAll</c> and <c>/api/3/segmentMatchSome</c>: who is in a segment, as a run that can be read page by page for 90 days. An answer waits four
/// seconds for its run; one that is not ready then has <c>is_ready: false</c> and no end, one that failed has an end and a <c>problem</c>.
/// </summary>
internal sealed class MatchResource : IEndpoint
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    public static void Map(ModuleRoutes routes)
    {
        routes.V3.MapPost("segmentMatchAll", MatchGiven).RequirePermission(Permission.ViewContacts)
            .Takes<SegmentsV2Resource.Input>(null, "Matches a segment that stays for a day.");
        routes.V3.MapGet("segmentMatchAll/{segmentId}", MatchStored).RequirePermission(Permission.ViewContacts);
        routes.V3.MapGet("segmentMatchAll/{segmentId}/{runId}", ReadAll).RequirePermission(Permission.ViewContacts);
        routes.V3.MapPost("segmentMatchSome/{segmentId}", MatchSome).RequirePermission(Permission.ViewContacts)
            .Takes<SegmentsV2Resource.Input>(null, "Matches a segment and further criteria with it.");
        routes.V3.MapGet("segmentMatchSome/{segmentId}/{runId}", ReadSome).RequirePermission(Permission.ViewContacts);
    }

    /// <summary>What all of them need.</summary>
    internal sealed record Tools(
        CurrentAccount Account, NpgsqlDataSource Database, DefinitionStore Definitions, MatchRuns Runs, TimedLooks Looks, WorkSignal Signal, TimeProvider Clock);

    private static async Task<V3Result> MatchGiven(HttpRequest request, [AsParameters] Tools tools, CancellationToken cancellationToken)
    {
        var described = await DefinitionStore.ReadAsync(request, cancellationToken);
        var page = MatchPage.Of(request);
        await using var work = await AccountTransaction.BeginAsync(tools.Database, tools.Account.Id, cancellationToken);
        var id = await tools.Definitions.CreateAsync(work, tools.Account, described, DefinitionStore.Kept, cancellationToken);
        var segment = await FoundSegment.ReadAsync(work, tools.Account.Id, id.ToString(), tools.Clock.GetUtcNow(), cancellationToken);
        return await RunAsync(tools, work, segment, "all", segment.Tree, limit: null, page, cancellationToken);
    }

    private static async Task<V3Result> MatchStored(string segmentId, HttpRequest request, [AsParameters] Tools tools, CancellationToken cancellationToken)
    {
        var page = MatchPage.Of(request);
        await using var work = await AccountTransaction.BeginAsync(tools.Database, tools.Account.Id, cancellationToken);
        var segment = await FoundSegment.ReadAsync(work, tools.Account.Id, segmentId, tools.Clock.GetUtcNow(), cancellationToken);
        return await RunAsync(tools, work, segment, "all", segment.Tree, limit: null, page, cancellationToken);
    }

    private static async Task<V3Result> MatchSome(string segmentId, HttpRequest request, [AsParameters] Tools tools, CancellationToken cancellationToken)
    {
        var (_, attributes, pointer) = await DefinitionStore.ResourceAsync(request, cancellationToken);
        var page = MatchPage.Of(request);
        var criteria = new DefinitionReader(pointer, DefinitionNames.Criteria).Read(attributes);
        var (isAny, limit) = Options(attributes, pointer);
        await using var work = await AccountTransaction.BeginAsync(tools.Database, tools.Account.Id, cancellationToken);
        var segment = await FoundSegment.ReadAsync(work, tools.Account.Id, segmentId, tools.Clock.GetUtcNow(), cancellationToken);
        await tools.Definitions.CheckedAsync(work, tools.Account, criteria, cancellationToken);
        var both = criteria with
        {
            Tree = JsonElement.Parse(new JsonObject
            {
                [isAny ? "any" : "all"] = new JsonArray(DefinitionReader.Node(segment.Tree), DefinitionReader.Node(criteria.Tree)),
            }.ToJsonString()),
            Places = [],
        };
        // One that asks nothing contains everybody; inside of another tree it would say nothing.
        var tree = segment.Tree.EnumerateObject().Any() ? both.Tree : isAny ? segment.Tree : criteria.Tree;
        await tools.Definitions.CheckedAsync(work, tools.Account, both with { Tree = tree }, cancellationToken);
        return await RunAsync(tools, work, segment, "some", tree, limit, page, cancellationToken);
    }

    private static Task<V3Result> ReadAll(string segmentId, string runId, HttpRequest request, [AsParameters] Tools tools, CancellationToken cancellationToken) =>
        ReadAsync(segmentId, runId, "all", request, tools, cancellationToken);

    private static Task<V3Result> ReadSome(string segmentId, string runId, HttpRequest request, [AsParameters] Tools tools, CancellationToken cancellationToken) =>
        ReadAsync(segmentId, runId, "some", request, tools, cancellationToken);

    private static async Task<V3Result> RunAsync(
        Tools tools, AccountTransaction work, FoundSegment segment, string kind, JsonElement tree, int? limit, MatchPage page, CancellationToken cancellationToken)
    {
        var account = tools.Account.Id;
        if (page.Sort is { } sort)
        {
            // Before anything is looked for.
            await MatchSort.OrderAsync(work, account, sort, cancellationToken);
        }

        var id = await tools.Runs.BeginAsync(work, account, segment, kind, tree, limit, mine: !page.Instant, cancellationToken);
        await work.CommitAsync(cancellationToken);
        if (page.Instant || !await tools.Runs.TryAsync(new MatchWork(account, id, tree, limit), cancellationToken))
        {
            tools.Signal.Pulse(nameof(FinishMatchRuns));
        }

        return V3Result.Ok(await ViewAsync(tools, id, page, cancellationToken));
    }

    private static async Task<V3Result> ReadAsync(
        string segmentId, string runId, string kind, HttpRequest request, Tools tools, CancellationToken cancellationToken)
    {
        var page = MatchPage.Of(request);
        var uuid = Guid.TryParseExact(runId, "D", out var id) ? id : Guid.Empty;
        // Real time: this is about a person at the other end.
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            await using (var work = await AccountTransaction.BeginAsync(tools.Database, tools.Account.Id, cancellationToken))
            {
                var run = await RowAsync(work, tools, uuid, cancellationToken);
                if (run is null || run.Kind != kind || !Belongs(run, segmentId))
                {
                    throw new NotFoundException("No Result found for Run with this id.");
                }

                if (run.EndedAt is not null || page.Instant || Stopwatch.GetElapsedTime(started) >= MatchRuns.Patience)
                {
                    return V3Result.Ok(await page.ViewAsync(work, tools.Account.Id, run, tools.Looks, cancellationToken));
                }
            }

            await Task.Delay(Look, TimeProvider.System, cancellationToken);
        }
    }

    private static bool Belongs(MatchRun run, string segmentId) => Guid.TryParseExact(segmentId, "D", out var uuid)
        ? run.DefinitionId == uuid
        : run.SegmentId is { } number && number == V3Id.Parse(segmentId);

    private static async Task<object> ViewAsync(Tools tools, Guid id, MatchPage page, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(tools.Database, tools.Account.Id, cancellationToken);
        var run = await RowAsync(work, tools, id, cancellationToken) ?? throw new NotFoundException("No Result found for Run with this id.");
        return await page.ViewAsync(work, tools.Account.Id, run, tools.Looks, cancellationToken);
    }

    private static Task<MatchRun?> RowAsync(AccountTransaction work, Tools tools, Guid id, CancellationToken cancellationToken) => Sql.Of($"""
        select {MatchRun.Columns} from segments.match_run r
        where r.account_id = {tools.Account.Id} and r.id = {id} and r.started_at > {tools.Clock.GetUtcNow() - MatchRuns.Kept}
        """).FirstAsync<MatchRun>(work, cancellationToken);

    private static (bool IsAny, int? Limit) Options(JsonElement attributes, string pointer)
    {
        if (attributes.TryGetProperty("external_id", out var external) && external is not { ValueKind: JsonValueKind.Null } && external.ToString().Length > 0)
        {
            throw new InvalidInputException($"{pointer}/external_id", "field_invalid", "Contacts of other systems are not known here.");
        }

        var isAny = DefinitionReader.Text(attributes, "segment_relationship") switch
        {
            null or "" or "and" => false,
            "or" => true,
            _ => throw new InvalidInputException($"{pointer}/segment_relationship", "field_invalid", "This must be and or or."),
        };
        if (!attributes.TryGetProperty("limit", out var given) || given.ValueKind == JsonValueKind.Null)
        {
            return (isAny, null);
        }

        return given.ValueKind == JsonValueKind.Number && given.TryGetInt32(out var limit) && limit >= 1
            ? (isAny, limit)
            : throw new InvalidInputException($"{pointer}/limit", "field_invalid", "This must be a whole number from 1.");
    }
}
