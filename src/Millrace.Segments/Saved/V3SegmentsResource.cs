using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Millrace.Api.Dialect;
using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Millrace.Segments.Contracts;
using Millrace.Segments.Definitions;
using Npgsql;
using System.Globalization;
using System.Text.Json;

namespace Millrace.Segments.Saved;

/// <summary>
/// <c>/api/3/segments</c>, <c>/api/3/audiences</c> and <c>/api/3/segmentMatch</c>: saved segments, read only. Members: <c>GET /api/3/contacts?segmentid=</c>.
/// </summary>
internal sealed class V3SegmentsResource : IEndpoint
{
    public static void Map(ModuleRoutes routes)
    {
        routes.V3.MapGet("segments", List).RequirePermission(Permission.ViewContacts);
        routes.V3.MapGet("segments/{id}", Read).RequirePermission(Permission.ViewContacts);
        routes.V3.MapGet("audiences", Audiences).RequirePermission(Permission.ViewContacts);
        routes.V3.MapGet("audiences/{id}", Audience).RequirePermission(Permission.ViewContacts);
        routes.V3.MapGet("segmentMatch/{id}/{contactId}", Match).RequirePermission(Permission.ViewContacts);
    }

    private static async Task<V3Result> List(HttpRequest request, CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        var query = V3Query.Of(request);
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var (rows, total) = await PageAsync(work, account.Id, Text(request, "search"), Sql.Of($"s.id"), query.Limit, query.Offset, cancellationToken);
        return V3Result.Ok(new { segments = rows.Select(r => View(r, account)), meta = new { total = new V3Id(total) } });
    }

    private static async Task<V3Result> Read(string id, CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        return V3Result.Ok(new { segment = View(await OneAsync(work, account.Id, id, cancellationToken), account) });
    }

    private static async Task<V3Result> Audiences(HttpRequest request, CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        var size = (int)Math.Clamp(Number(request, "page_size") ?? 20, 1, 100);
        var page = (int)Math.Clamp(Number(request, "page") ?? 1, 1, 1_000_000);
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var (rows, total) = await PageAsync(
            work, account.Id, Text(request, "search"), Order(Text(request, "sort") ?? "name"), size, (page - 1) * size, cancellationToken);
        return V3Result.Ok(new
        {
            data = rows.Select(AudienceView),
            meta = new { page = new { current_page = page, per_page = size, total, last_page = Math.Max(1, (total + size - 1) / size) } },
        });
    }

    private static async Task<V3Result> Audience(string id, CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        return V3Result.Ok(new { data = AudienceView(await OneAsync(work, account.Id, id, cancellationToken)) });
    }

    /// <summary>Whether the segment contains the contact, at this moment; by its number or its UUID.</summary>
    private static async Task<V3Result> Match(
        string id, string contactId, CurrentAccount account, NpgsqlDataSource database, IConditions conditions, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var segment = await FoundSegment.ReadAsync(work, account.Id, id, clock.GetUtcNow(), cancellationToken);
        var contact = V3Id.Parse(contactId);
        if (!await Sql.Of($"select exists (select 1 from contacts.contact where account_id = {account.Id} and id = {contact})").FirstAsync<bool>(work, cancellationToken))
        {
            throw V3Errors.NoResult("Subscriber", contact);
        }

        var now = clock.GetUtcNow();
        var tree = conditions.Parse(segment.Tree, "segment");
        var matching = await conditions.MatchingAsync(
            work.Transaction, new SegmentContext(account.Id, now, account.TimeZone), tree, [contact], cancellationToken);
        return V3Result.Ok(new
        {
            data = new[]
            {
                new
                {
                    id = string.Create(CultureInfo.InvariantCulture, $"{segment.ShownId}{contact}"),
                    type = "match",
                    attributes = new
                    {
                        segment_id = segment.ShownId,
                        entity_id = new V3Id(contact),
                        match = matching.Count > 0,
                        created_timestamp = now.ToUnixTimeSeconds(),
                        segment_timestamp = segment.UpdatedAt.ToUnixTimeSeconds(),
                    },
                },
            },
        });
    }

    private static object View(SegmentRow row, CurrentAccount account) => new
    {
        name = row.Name,
        logic = row.Tree.ValueKind == JsonValueKind.Object && row.Tree.TryGetProperty("any", out _) ? "or" : "and",
        hidden = "0",
        seriesid = "0",
        created_timestamp = V3Time.Plain(row.CreatedAt, account.TimeZone),
        updated_timestamp = V3Time.Plain(row.UpdatedAt, account.TimeZone),
        links = Array.Empty<string>(),
        id = new V3Id(row.Id),
    };

    /// <summary>Counts are those of the last count; null before the first.</summary>
    private static object AudienceView(SegmentRow row) => new
    {
        segment_id = new V3Id(row.Id),
        category = "audience",
        name = row.Name,
        counts = new
        {
            last_total = new { count = row.LastCount, last_total_updated = row.CountedAt, run_id = (string?)null, run_id_start = (string?)null, run_id_end = (string?)null },
            last_active_total = new { count = (long?)null, last_total_updated = (DateTimeOffset?)null },
        },
        created_date = row.CreatedAt,
        updated_date = row.UpdatedAt,
        last_used_date = (DateTimeOffset?)null,
    };

    private static async Task<(List<SegmentRow> Rows, long Total)> PageAsync(
        AccountTransaction work, long accountId, string? search, Sql order, int limit, int offset, CancellationToken cancellationToken)
    {
        var filter = Sql.Of($"s.account_id = {accountId} and ({search} is null or strpos(lower(s.name), lower({search})) > 0)");
        var rows = await Sql.Of($"select {SegmentRow.Columns} from segments.segment s where {filter} order by {order}, s.id limit {limit} offset {offset}")
            .ListAsync<SegmentRow>(work, cancellationToken);
        return (rows, await Sql.Of($"select count(*) from segments.segment s where {filter}").FirstAsync<long>(work, cancellationToken));
    }

    private static async Task<SegmentRow> OneAsync(AccountTransaction work, long accountId, string id, CancellationToken cancellationToken)
    {
        var number = V3Id.Parse(id);
        return await Sql.Of($"select {SegmentRow.Columns} from segments.segment s where s.account_id = {accountId} and s.id = {number}")
            .FirstAsync<SegmentRow>(work, cancellationToken) ?? throw V3Errors.NoResult("Segment", number);
    }

    private static Sql Order(string sort) => sort switch
    {
        "-name" => Sql.Of($"lower(s.name) desc"),
        "updated_date" => Sql.Of($"s.updated_at"),
        "-updated_date" or "recent" => Sql.Of($"s.updated_at desc"),
        "last_total" or "last_active_total" => Sql.Of($"s.last_count nulls first"),
        "-last_total" or "-last_active_total" => Sql.Of($"s.last_count desc nulls last"),
        _ => Sql.Of($"lower(s.name)"),
    };

    private static string? Text(HttpRequest request, string name) => request.Query[name].ToString() is { Length: > 0 and <= 500 } text ? text : null;

    private static long? Number(HttpRequest request, string name) =>
        long.TryParse(request.Query[name].ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
