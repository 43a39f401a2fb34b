using Millrace.Contacts.Contracts;
using Millrace.Kernel.Data;

namespace Millrace.Messaging.Campaigns.Uses;

/// <summary>Campaigns that still have to send to a list.</summary>
internal sealed class ListsInCampaigns : IListUse
{
    public async Task<IReadOnlyList<string>> NamesAsync(AccountTransaction work, long accountId, long listId, CancellationToken cancellationToken) => await Sql.Of($"""
        select name from messaging.campaign
        where account_id = {accountId} and ({listId} = any (list_ids) or {listId} = any (exclude_list_ids)) and status in ('scheduled', 'sending', 'paused', 'held')
        order by name, id limit 5
        """).ListAsync<string>(work, cancellationToken);
}
