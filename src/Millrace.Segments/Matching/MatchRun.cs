using System.Text.Json;
using Millrace.Kernel.Data;

namespace Millrace.Segments.Matching;

/// <summary>A run as it is stored, without its contacts.</summary>
/// <param name="Kind"><c>all</c> or <c>some</c>.</param>
/// <param name="Total">How many it found; null until it is ready.</param>
/// <param name="Problem">Code of what it failed by.</param>
internal sealed record MatchRun(
    Guid Id, string Kind, long? SegmentId, Guid? DefinitionId, DateTimeOffset SegmentAt, DateTimeOffset StartedAt, DateTimeOffset? EndedAt, int? Total, string? Problem)
{
    public static readonly Sql Columns = Sql.Of(
        $"r.id, r.kind, r.segment_id, r.definition_id, r.segment_at, r.started_at, r.ended_at, r.found, r.problem");
}

/// <summary>What there is to find.</summary>
internal sealed record MatchWork(long AccountId, Guid Id, JsonElement Tree, int? SizeLimit);
