using System.Globalization;
using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;

namespace Millrace.Messaging.Campaigns.Uses;

/// <summary>Campaigns by a part of their name; an account has few.</summary>
[SearchProvider("campaign", Title = "Campaigns")]
internal sealed class CampaignSearch : SearchProvider
{
    public override async Task<List<SearchHit>> FindAsync(AccountTransaction work, long accountId, string text, int limit, CancellationToken cancellationToken)
    {
        var found = await Sql.Of($"""
            select id, name, status from messaging.campaign
            where account_id = {accountId} and not is_hidden and type <> 'automated' and strpos(lower(name), lower({text})) > 0 order by updated_at desc limit {limit}
            """).ListAsync<Reference>(work, cancellationToken);
        return found.ConvertAll(c => new SearchHit(c.Id, c.Name, c.Detail, string.Create(CultureInfo.InvariantCulture, $"/campaigns/{c.Id}")));
    }
}
