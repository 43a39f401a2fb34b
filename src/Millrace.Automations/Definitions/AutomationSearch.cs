using System.Globalization;
using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;

namespace Millrace.Automations.Definitions;

/// <summary>Automations by a part of their name; an account has few.</summary>
[SearchProvider("automation", Title = "Automations")]
internal sealed class AutomationSearch : SearchProvider
{
    public override async Task<List<SearchHit>> FindAsync(
        AccountTransaction work, long accountId, string text, int limit, CancellationToken cancellationToken)
    {
        var found = await Sql.Of($"""
            select id, name, status from automations.automation
            where account_id = {accountId} and deleted_at is null and strpos(lower(name), lower({text})) > 0 order by updated_at desc limit {limit}
            """).ListAsync<Reference>(work, cancellationToken);
        return found.ConvertAll(a => new SearchHit(a.Id, a.Name, a.Detail, string.Create(CultureInfo.InvariantCulture, $"/automations/{a.Id}")));
    }
}
