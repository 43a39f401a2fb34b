using Millrace.Kernel.Data;
using Npgsql;

namespace Millrace.Messaging.Campaigns;

/// <summary>The campaigns that stand for the mails of automations' steps: made and renamed when a step's content is frozen. Automations send them; nobody else does.</summary>
internal static class AutomatedCampaigns
{
    public static Task<int> KeepAsync(
        NpgsqlTransaction transaction, long accountId, long automationId, string stepKey, long messageId, string name, bool trackOpens, bool trackClicks, DateTimeOffset now,
        CancellationToken cancellationToken) => Sql.Of($"""
        with k as (
            insert into messaging.campaign as c (account_id, name, type, status, automation_id, step_key, track_opens, track_clicks, started_at, created_at, updated_at)
            values ({accountId}, {name}, 'automated', 'sending', {automationId}, {stepKey}, {trackOpens}, {trackClicks}, {now}, {now}, {now})
            on conflict (account_id, automation_id, step_key) where automation_id is not null do update
            set name = excluded.name, track_opens = excluded.track_opens, track_clicks = excluded.track_clicks, updated_at = excluded.updated_at, status = 'sending',
                revision = c.revision + 1
            where (c.name, c.track_opens, c.track_clicks, c.status) is distinct from (excluded.name, excluded.track_opens, excluded.track_clicks, 'sending')
            returning id)
        insert into messaging.campaign_variant (account_id, campaign_id, no, message_id) select {accountId}, id, 1, {messageId} from k
        on conflict do nothing
        """).ExecuteAsync(transaction, cancellationToken);
}
