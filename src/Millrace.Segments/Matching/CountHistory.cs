using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Millrace.Api.Dialect;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Millrace.Segments.Definitions;
using Npgsql;
using System.Text.Json;

namespace Millrace.Segments.Matching;

/// <summary>
/// <c>GET /api/3/segmentsV2/count-history?segmentIds=a,b</c> and <c>segmentsV2/{id}/count-history</c>: what the runs of segments found, the newest first, fifty per
/// <c>page</c>. How many of them were active is not counted.
/// </summary>
internal sealed class CountHistory : IEndpoint
{
    private const int PageSize = 50;
    private const int MaxSegments = 100;

    public static void Map(ModuleRoutes routes)
    {
        routes.V3.MapGet("segmentsV2/count-history", OfMany).RequirePermission(Permission.ViewContacts);
        routes.V3.MapGet("segmentsV2/{id}/count-history", OfOne).RequirePermission(Permission.ViewContacts);
    }

    /// <summary>Ids that nobody has are passed over.</summary>
    private static async Task<V3Result> OfMany(HttpRequest request, CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        var ids = request.Query["segmentIds"].ToString().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (ids.Length is 0 or > MaxSegments)
        {
            throw new InvalidInputException("segmentIds", "segmentIds_invalid", $"These must be 1 to {MaxSegments} ids of segments, separated by commas.");
        }

        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        return await PageAsync(
            work, account.Id, request, [.. ids.Select(V3Id.Parse).Where(i => i > 0)],
            [.. ids.Select(i => Guid.TryParseExact(i, "D", out var uuid) ? uuid : Guid.Empty).Where(i => i != Guid.Empty)], cancellationToken);
    }

    private static async Task<V3Result> OfOne(
        string id, HttpRequest request, CurrentAccount account, NpgsqlDataSource database, TimeProvider clock, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var segment = await FoundSegment.ReadAsync(work, account.Id, id, clock.GetUtcNow(), cancellationToken);
        return await PageAsync(
            work, account.Id, request, segment.SegmentId is { } number ? [number] : [], segment.DefinitionId is { } uuid ? [uuid] : [], cancellationToken);
    }

    private static async Task<V3Result> PageAsync(
        AccountTransaction work, long accountId, HttpRequest request, long[] segments, Guid[] definitions, CancellationToken cancellationToken)
    {
        var page = int.TryParse(request.Query["page"].ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? Math.Clamp(number, 1, 1_000_000) : 1;
        var rows = await Sql.Of($"""
            select r.id, r.segment_id, r.definition_id, r.tree, r.ended_at, r.found from segments.match_run r
            where r.account_id = {accountId} and r.kind = 'all' and r.found is not null
              and (r.segment_id = any ({segments}) or r.definition_id = any ({definitions}))
            order by r.started_at desc, r.id limit {PageSize} offset {(page - 1L) * PageSize}
            """).ListAsync<Row>(work, cancellationToken);
        return V3Result.Ok(new
        {
            data = rows.Select(r => new
            {
                id = r.Id.ToString(),
                type = "SegmentCountHistory",
                attributes = new
                {
                    timestamp = r.EndedAt.ToUnixTimeSeconds(),
                    segment_id = r.DefinitionId?.ToString() ?? r.SegmentId!.Value.ToString(CultureInfo.InvariantCulture),
                    segment_hash = DefinitionWriter.Hash(r.Tree),
                    run_id = r.Id.ToString(),
                    result_count = r.Count,
                    active_result_count = (int?)null,
                    count_updating_with_runid = (string?)null,
                },
            }),
        });
    }

    private sealed record Row(Guid Id, long? SegmentId, Guid? DefinitionId, JsonElement Tree, DateTimeOffset EndedAt, int Count);
}
