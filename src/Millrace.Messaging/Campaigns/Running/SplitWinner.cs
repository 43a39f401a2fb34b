using Millrace.Kernel.Data;
using Npgsql;

namespace Millrace.Messaging.Campaigns.Running;

/// <summary>How a variant has done so far.</summary>
/// <param name="Opened">By people, each mail once.</param>
internal sealed record VariantFigures(short No, long Sent, long Opened, long Clicked)
{
    public double Rate(SplitMetric metric) => Sent == 0 ? 0 : (double)(metric == SplitMetric.Clicks ? Clicked : Opened) / Sent;
}

/// <summary>Which variant the rest of an audience gets.</summary>
internal static class SplitWinner
{
    /// <summary>Opens and clicks of people; those of machines are noted, but choose no winner.</summary>
    public static Task<List<VariantFigures>> FiguresAsync(NpgsqlTransaction transaction, long accountId, long campaignId, CancellationToken cancellationToken) => Sql.Of($"""
        select v.no, count(s.id) filter (where s.state = 'sent'), count(s.id) filter (where s.state = 'sent' and s.read_at is not null),
               count(s.id) filter (where s.state = 'sent' and s.clicked_at is not null and exists (
                   select 1 from messaging.mail_fact e
                   where e.account_id = s.account_id and e.message_id = s.message_id and e.what = 'clicked' and e.send_id = s.id and e.ways & {Messaging.Reports.Ways.Counted} <> 0))
        from messaging.campaign_variant v
        left join messaging.send s on s.account_id = v.account_id and s.source_kind = 'campaign' and s.source_id = v.campaign_id and s.message_id = v.message_id
        where v.account_id = {accountId} and v.campaign_id = {campaignId} group by v.no order by v.no
        """).ListAsync<VariantFigures>(transaction, cancellationToken);

    /// <summary>The best by its rate. Of equals, and where nothing has happened, the first.</summary>
    public static async Task<short> FindAsync(NpgsqlTransaction transaction, Campaign campaign, CancellationToken cancellationToken)
    {
        var metric = campaign.Split?.Metric ?? SplitMetric.Opens;
        var figures = await FiguresAsync(transaction, campaign.AccountId, campaign.Id, cancellationToken);
        return figures.OrderByDescending(f => f.Rate(metric)).ThenBy(f => f.No).First().No;
    }

    public static Task<int> SetAsync(NpgsqlTransaction transaction, Campaign campaign, short no, DateTimeOffset now, CancellationToken cancellationToken) => Sql.Of($"""
        update messaging.campaign set winner_no = {no}, decided_at = {now}, sweep_cursor = 0, updated_at = {now}
        where account_id = {campaign.AccountId} and id = {campaign.Id} and winner_no is null
        """).ExecuteAsync(transaction, cancellationToken);
}
