using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;

namespace Millrace.Segments.Saved;

[ReferenceSource(SavedSegmentCondition.Name, Title = "Segment")]
internal sealed class SegmentReference : ReferenceSource
{
    public override Task<List<Reference>> SearchAsync(
        AccountTransaction work, long accountId, string? text, int limit, CancellationToken cancellationToken) => Sql.Of($"""
        select id, name, nullif(description, '') from segments.segment
        where account_id = {accountId} and ({text} is null or strpos(lower(name), lower({text})) > 0)
        order by lower(name) <> lower(coalesce({text}, '')), lower(name) limit {limit}
        """).ListAsync<Reference>(work, cancellationToken);

    public override Task<List<Reference>> ByIdsAsync(AccountTransaction work, long accountId, long[] ids, CancellationToken cancellationToken) =>
        Sql.Of($"select id, name, nullif(description, '') from segments.segment where account_id = {accountId} and id = any ({ids})")
            .ListAsync<Reference>(work, cancellationToken);

    public override Task<List<Reference>> ByNamesAsync(AccountTransaction work, long accountId, string[] names, CancellationToken cancellationToken) =>
        Sql.Of($"""
            select id, name, nullif(description, '') from segments.segment
            where account_id = {accountId} and lower(name) = any (array(select lower(btrim(n)) from unnest({names}) n))
            """).ListAsync<Reference>(work, cancellationToken);
}
