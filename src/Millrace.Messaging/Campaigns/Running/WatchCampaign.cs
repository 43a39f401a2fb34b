using System.Diagnostics;
using System.Text.Json;
using Millrace.Kernel.Data;
using Millrace.Kernel.Json;

namespace Millrace.Messaging.Campaigns.Running;

/// <summary>Counts how far a campaign is, chooses the winner of a test when its time has come, and closes a campaign when nothing of it is open any more.</summary>
internal static class WatchCampaign
{
    public static readonly string[] Open = ["queued", "handoff", "ambiguous", "deferred"];
    private static readonly TimeSpan Often = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Seldom = TimeSpan.FromMinutes(10);

    public static async Task RunAsync(AccountTransaction work, Campaign campaign, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var counts = await CampaignSends.CountAsync(work.Transaction, campaign.AccountId, campaign.Id, cancellationToken);
        var tally = JsonSerializer.SerializeToElement(counts.ToDictionary(c => c.State, c => c.Count, StringComparer.Ordinal), AppJson.Options);
        var isOpen = counts.Exists(c => Open.Contains(c.State, StringComparer.Ordinal));
        if (!isOpen && campaign.SweepCursor is null && campaign.Status is not CampaignStatus.Paused)
        {
            await Sql.Of($"""
                update messaging.campaign
                set status = case when status = 'stopped' then status else 'completed' end, finished_at = {now}, work = null, work_at = null, tally = {tally}, tallied_at = {now}
                where account_id = {campaign.AccountId} and id = {campaign.Id}
                """).ExecuteAsync(work, cancellationToken);
            return;
        }

        if (campaign is { Status: CampaignStatus.Sending, WaitsForWinner: true, WinnerNo: null, DecideAt: { } decide } && decide <= now)
        {
            var winner = await SplitWinner.FindAsync(work.Transaction, campaign, cancellationToken);
            await SplitWinner.SetAsync(work.Transaction, campaign, winner, now, cancellationToken);
        }

        var next = await NextAsync(work, campaign, counts, started, now, cancellationToken);
        await Sql.Of($"""
            update messaging.campaign set tally = {tally}, tallied_at = {now}, work_at = {next}
            where account_id = {campaign.AccountId} and id = {campaign.Id}
            """).ExecuteAsync(work, cancellationToken);
    }

    /// <summary>So often that people see it move and the counting stays a twentieth of the work; seldom while nothing can happen.</summary>
    private static async Task<DateTimeOffset> NextAsync(
        AccountTransaction work, Campaign campaign, List<StateCount> counts, long started, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var moving = counts.Exists(c => c.State is "handoff" or "ambiguous") || campaign.SweepCursor is not null;
        var pause = Stopwatch.GetElapsedTime(started) * 20;
        if (!moving)
        {
            var next = await Sql.Of($"""
                select min(next_at) from messaging.send
                where account_id = {campaign.AccountId} and source_kind = 'campaign' and source_id = {campaign.Id} and next_at is not null
                """).FirstAsync<DateTimeOffset?>(work, cancellationToken);
            var soonest = new[] { next, campaign.WinnerNo is null ? campaign.DecideAt : null }.Where(t => t is not null).Select(t => t!.Value).DefaultIfEmpty(now + Seldom).Min();
            pause = soonest <= now ? pause : TimeSpan.FromTicks(Math.Max(pause.Ticks, Math.Min((soonest - now).Ticks, Seldom.Ticks)));
        }

        return now + (pause < Often ? Often : pause);
    }
}
