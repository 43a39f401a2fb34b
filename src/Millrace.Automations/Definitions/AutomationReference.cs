using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;

namespace Millrace.Automations.Definitions;

[ReferenceSource("automation", Title = "Automation")]
internal sealed class AutomationReference : ReferenceSource
{
    public override Task<List<Reference>> SearchAsync(
        AccountTransaction work, long accountId, string? text, int limit, CancellationToken cancellationToken) => Sql.Of($"""
        select id, name, status from automations.automation
        where account_id = {accountId} and ({text} is null or strpos(lower(name), lower({text})) > 0)
        order by name limit {limit}
        """).ListAsync<Reference>(work, cancellationToken);

    public override Task<List<Reference>> ByIdsAsync(AccountTransaction work, long accountId, long[] ids, CancellationToken cancellationToken) =>
        Sql.Of($"select id, name, status from automations.automation where account_id = {accountId} and id = any ({ids})")
            .ListAsync<Reference>(work, cancellationToken);

    public override Task<List<Reference>> ByNamesAsync(AccountTransaction work, long accountId, string[] names, CancellationToken cancellationToken) =>
        Sql.Of($"""
            select id, name, status from automations.automation
            where account_id = {accountId} and lower(name) = any ({names.Select(n => n.ToLowerInvariant()).ToArray()})
            """).ListAsync<Reference>(work, cancellationToken);
}
