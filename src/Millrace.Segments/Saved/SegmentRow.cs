using System.Text.Json;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;

namespace Millrace.Segments.Saved;

/// <summary>A saved segment as it is stored.</summary>
internal sealed record SegmentRow(
    long Id, string Name, string Description, string[] Tags, JsonElement Tree, long Version, long? LastCount, DateTimeOffset? CountedAt, int? CountMs,
    DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    public static readonly Sql Columns = Sql.Of(
        $"s.id, s.name, s.description, s.tags, s.tree, s.version, s.last_count, s.counted_at, s.count_ms, s.created_at, s.updated_at");

    public static async Task<SegmentRow> ReadAsync(AccountTransaction work, long accountId, long id, CancellationToken cancellationToken) =>
        await Sql.Of($"select {Columns} from segments.segment s where s.account_id = {accountId} and s.id = {id}")
            .FirstAsync<SegmentRow>(work, cancellationToken) ?? throw new NotFoundException("There is no such segment.");
}
