using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;

namespace Millrace.Messaging.Campaigns.Uses;

[ReferenceSource("campaign", Title = "Campaign")]
internal sealed class CampaignReference : NamedRows
{
    protected override Sql Rows(long accountId) =>
        Sql.Of($"select id, name, status from messaging.campaign where account_id = {accountId} and type <> 'automated'");
}
