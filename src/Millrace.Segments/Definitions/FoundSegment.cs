using System.Globalization;
using System.Text.Json;
using Millrace.Api.Dialect;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;

namespace Millrace.Segments.Definitions;

/// <summary>A segment by whichever id API v3 knows it: the number of a saved one, or the uuid of a described one.</summary>
/// <param name="SegmentId">Of a saved one.</param>
/// <param name="DefinitionId">Of one that was described through API v3.</param>
/// <param name="Tree">What counts now.</param>
/// <param name="Body">How it was described, meaning <paramref name="BodyTree"/>.</param>
internal sealed record FoundSegment(
    long? SegmentId, Guid? DefinitionId, string? Name, string Description, JsonElement Tree, JsonElement? Body, JsonElement? BodyTree, JsonElement? Meta,
    long? CreatedBy, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, long Version, string[] Tags)
{
    private static readonly Sql Columns = Sql.Of($"""
        s.id, d.id, s.name, coalesce(s.description, d.description), coalesce(s.tree, d.tree), d.body, d.tree, d.meta, coalesce(s.created_by, d.created_by),
        coalesce(s.created_at, d.created_at), coalesce(s.updated_at, d.updated_at), coalesce(s.version, 0), coalesce(s.tags, array[]::text[])
        """);

    public string ShownId => DefinitionId?.ToString() ?? SegmentId!.Value.ToString(CultureInfo.InvariantCulture);

    /// <exception cref="NotFoundException">In this account there is none, or its day is over.</exception>
    public static async Task<FoundSegment> ReadAsync(
        AccountTransaction work, long accountId, string id, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var rows = Guid.TryParseExact(id, "D", out var uuid)
            ? Sql.Of($"""
                select {Columns} from segments.definition d left join segments.segment s on s.account_id = d.account_id and s.id = d.segment_id
                where d.account_id = {accountId} and d.id = {uuid} and (d.expires_at is null or d.expires_at > {now})
                """)
            : Sql.Of($"""
                select {Columns} from segments.segment s left join segments.definition d on d.account_id = s.account_id and d.segment_id = s.id
                where s.account_id = {accountId} and s.id = {V3Id.Parse(id)}
                """);
        return await rows.FirstAsync<FoundSegment>(work, cancellationToken)
            ?? throw new NotFoundException($"No Result found for Segment with id {(uuid == Guid.Empty ? V3Id.Parse(id).ToString(CultureInfo.InvariantCulture) : uuid)}");
    }
}
