using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;

namespace Millrace.Tracking.Events;

[ReferenceSource("event", Title = "Event", CanCreate = true)]
internal sealed class EventReference : ReferenceSource
{
    public override Task<List<Reference>> SearchAsync(
        AccountTransaction work, long accountId, string? text, int limit, CancellationToken cancellationToken) => Sql.Of($"""
        select id, name, null::text from tracking.event_name
        where account_id = {accountId} and ({text} is null or strpos(lower(name), lower({text})) > 0)
        order by name limit {limit}
        """).ListAsync<Reference>(work, cancellationToken);

    public override Task<List<Reference>> ByIdsAsync(AccountTransaction work, long accountId, long[] ids, CancellationToken cancellationToken) =>
        Sql.Of($"select id, name, null::text from tracking.event_name where account_id = {accountId} and id = any ({ids})")
            .ListAsync<Reference>(work, cancellationToken);

    public override Task<List<Reference>> ByNamesAsync(AccountTransaction work, long accountId, string[] names, CancellationToken cancellationToken) =>
        Sql.Of($"""
            select id, name, null::text from tracking.event_name
            where account_id = {accountId} and lower(name) = any ({names.Select(n => n.ToLowerInvariant()).ToArray()})
            """).ListAsync<Reference>(work, cancellationToken);

    public override async Task<Reference> CreateAsync(
        AccountTransaction work, long accountId, string name, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var id = await EventNames.EnsureAsync(work, accountId, name, now, cancellationToken);
        return new Reference(id, name);
    }
}
