using System.Text.Json;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;

namespace Millrace.Segments.Definitions;

/// <summary>What segments with a UUID have been: each version from the moment it began to count, the last hundred of them.</summary>
internal static class DefinitionHistory
{
    private const int Kept = 100;

    /// <summary>Keeps what the segment is now; of two changes within a millisecond the later.</summary>
    /// <param name="definitionId">The segment by its UUID ...</param>
    /// <param name="segmentId">... or by its number; one that was never described through API v3 has no history.</param>
    public static Task KeepAsync(AccountTransaction work, long accountId, Guid? definitionId, long? segmentId, CancellationToken cancellationToken) => Sql.Of($"""
        with now_is as (
            select d.id, floor(extract(epoch from coalesce(s.updated_at, d.updated_at)) * 1000)::bigint as since_ms, s.name,
                   coalesce(s.description, d.description) as description, coalesce(s.tree, d.tree) as tree, d.body, d.tree as body_tree, d.meta
            from segments.definition d left join segments.segment s on s.account_id = d.account_id and s.id = d.segment_id
            where d.account_id = {accountId} and (d.id = {definitionId} or d.segment_id = {segmentId}) and d.expires_at is null),
        old as (
            delete from segments.definition_version v
            where v.account_id = {accountId} and (v.definition_id, v.since_ms) in (
                select o.definition_id, o.since_ms from segments.definition_version o
                where o.account_id = {accountId} and o.definition_id in (select id from now_is) order by o.since_ms desc offset {Kept - 1}))
        insert into segments.definition_version as v (account_id, definition_id, since_ms, name, description, tree, body, body_tree, meta)
        select {accountId}, id, since_ms, name, description, tree, body, body_tree, meta from now_is
        on conflict (account_id, definition_id, since_ms) do update
        set name = excluded.name, description = excluded.description, tree = excluded.tree, body = excluded.body, body_tree = excluded.body_tree, meta = excluded.meta
        """).ExecuteAsync(work, cancellationToken);

    /// <summary>The segment as it was.</summary>
    /// <param name="moment">Milliseconds since 1970: when the version was made, or any moment while it counted.</param>
    /// <exception cref="NotFoundException">It was not there yet, or that is too long ago.</exception>
    public static async Task<FoundSegment> AtAsync(
        AccountTransaction work, long accountId, FoundSegment segment, string moment, CancellationToken cancellationToken)
    {
        // The last millisecond of the year 9999 is the highest that a date can be.
        var row = segment.DefinitionId is { } id && long.TryParse(moment, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var at)
            && at <= 253_402_300_799_999
            ? await Sql.Of($"""
                select since_ms, name, description, tree, body, body_tree, meta from segments.definition_version
                where account_id = {accountId} and definition_id = {id} and since_ms <= {at} order by since_ms desc limit 1
                """).FirstAsync<Row>(work, cancellationToken)
            : null;
        return row is null
            ? throw new NotFoundException($"No Result found for Segment with id {segment.ShownId} at this date")
            : segment with
            {
                Name = row.Name,
                Description = row.Description,
                Tree = row.Tree,
                Body = row.Body,
                BodyTree = row.BodyTree,
                Meta = row.Meta,
                UpdatedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.SinceMs),
            };
    }

    private sealed record Row(long SinceMs, string? Name, string Description, JsonElement Tree, JsonElement Body, JsonElement BodyTree, JsonElement Meta);
}
