using Millrace.Accounts.Contracts;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Security;
using Millrace.Kernel.Time;
using Millrace.Messaging.Campaigns.Checks;
using Millrace.Messaging.Campaigns.Running;
using Millrace.Messaging.Campaigns.Timing;

namespace Millrace.Messaging.Campaigns.Editing;

/// <summary>
/// Moves a campaign from state to state, under its row's lock. Pausing and stopping count from their commit on: a claim and the hand-over of each mail ask for the
/// state. Each of them done twice is done once.
/// </summary>
internal sealed class CampaignStates(CampaignChecks checks, IAudit audit, TimeProvider clock)
{
    /// <summary>When somebody first gets a mail that hangs on a wall: never before now, for what is over cannot be caught up with.</summary>
    public static DateTimeOffset StartOf(DateTime local, ZoneMode mode, TimeZoneInfo zone, DateTimeOffset now)
    {
        var first = SendTimes.First(local, mode, zone);
        var last = mode == ZoneMode.Contact ? new DateTimeOffset(local, TimeSpan.FromHours(-12)).ToUniversalTime() : first;
        return last < now.AddMinutes(-1)
            ? throw new InvalidInputException("/schedule_local", "in_the_past", "This time is over.")
            : first < now ? now : first;
    }

    /// <summary>Sends it, schedules it or switches it on, as its settings say; again after it was held. Refused while a check finds an error.</summary>
    /// <param name="atOnce">Now, whatever time stands in its settings.</param>
    public async Task LaunchAsync(AccountTransaction work, CurrentAccount account, Campaign campaign, bool atOnce, CancellationToken cancellationToken)
    {
        if (campaign.Status is CampaignStatus.Sending or CampaignStatus.Completed || (campaign.Status == CampaignStatus.Scheduled && !atOnce))
        {
            // The second of two starts: there is one.
            return;
        }

        CampaignEditing.RequireEditable(campaign);
        if (campaign.Status == CampaignStatus.Paused)
        {
            throw new ConflictException("campaign_paused", "This campaign is paused; go on with it instead.");
        }

        await checks.RequireAsync(work, campaign, cancellationToken);
        var now = clock.GetUtcNow();
        var zone = account.TimeZone;
        var local = SendTimes.Parse(campaign.ScheduleLocal);
        var isLate = campaign.Status == CampaignStatus.Held;
        var at = atOnce || isLate || campaign.Recurs || local is not { } wall ? now : StartOf(wall, campaign.ScheduleZone, WallClock.Zone(zone), now);
        await Sql.Of($"""
            update messaging.campaign
            set status = 'scheduled', hold_reason = null, zone = {zone}, scheduled_at = {at}, work = 'start', work_at = {at}, may_be_late = {isLate}, started_by = {account.UserId},
                schedule_local = case when {atOnce} and schedule_zone = 'account' then null else schedule_local end, cursor = case when started_at is null then 0 else cursor end,
                revision = revision + 1, updated_at = {now}
            where account_id = {account.Id} and id = {campaign.Id}
            """).ExecuteAsync(work, cancellationToken);
        await ToldAsync(work, account, campaign, at > now ? "campaign.schedule" : "campaign.send", new { at, campaign.Name }, cancellationToken);
    }

    /// <summary>Takes a scheduled or held campaign back to the draft.</summary>
    public async Task UnscheduleAsync(AccountTransaction work, CurrentAccount account, Campaign campaign, CancellationToken cancellationToken)
    {
        if (campaign.Status == CampaignStatus.Draft)
        {
            return;
        }

        Require(campaign, campaign.StartedAt is null, CampaignStatus.Scheduled, CampaignStatus.Held);
        await SetAsync(work, campaign, Sql.Of($"status = 'draft', hold_reason = null, scheduled_at = null, work = null, work_at = null"), cancellationToken);
        await ToldAsync(work, account, campaign, "campaign.unschedule", null, cancellationToken);
    }

    public async Task PauseAsync(AccountTransaction work, CurrentAccount account, Campaign campaign, CancellationToken cancellationToken)
    {
        if (campaign.Status == CampaignStatus.Paused)
        {
            return;
        }

        Require(campaign, campaign.Type != CampaignType.Automated, CampaignStatus.Sending);
        await SetAsync(work, campaign, Sql.Of($"status = 'paused', paused_at = {clock.GetUtcNow()}"), cancellationToken);
        await ToldAsync(work, account, campaign, "campaign.pause", null, cancellationToken);
    }

    public async Task ResumeAsync(AccountTransaction work, CurrentAccount account, Campaign campaign, CancellationToken cancellationToken)
    {
        if (campaign.Status == CampaignStatus.Sending)
        {
            return;
        }

        Require(campaign, true, CampaignStatus.Paused);
        var now = clock.GetUtcNow();
        // A feed keeps its hour; everything else has waited long enough.
        await SetAsync(
            work, campaign, Sql.Of($"status = 'sending', paused_at = null, sweep_cursor = 0, work_at = case when type = 'rss' then work_at when work is not null then {now} end"),
            cancellationToken);
        await ToldAsync(work, account, campaign, "campaign.resume", null, cancellationToken);
    }

    /// <summary>Ends it for good. What has been handed over stays sent, the rest is cancelled.</summary>
    public async Task StopAsync(AccountTransaction work, CurrentAccount account, Campaign campaign, CancellationToken cancellationToken)
    {
        if (campaign.Status == CampaignStatus.Stopped)
        {
            return;
        }

        Require(campaign, campaign.Type != CampaignType.Automated, CampaignStatus.Sending, CampaignStatus.Paused, CampaignStatus.Held, CampaignStatus.Scheduled);
        await SetAsync(
            work, campaign, Sql.Of($"status = 'stopped', hold_reason = null, paused_at = null, sweep_cursor = 0, work = 'watch', work_at = {clock.GetUtcNow()}"), cancellationToken);
        await Sql.Of($"delete from messaging.campaign_due where account_id = {account.Id} and campaign_id = {campaign.Id}").ExecuteAsync(work, cancellationToken);
        await ToldAsync(work, account, campaign, "campaign.stop", null, cancellationToken);
    }

    /// <summary>A person chooses what the rest of the audience gets.</summary>
    public async Task ChooseAsync(AccountTransaction work, CurrentAccount account, Campaign campaign, short no, CancellationToken cancellationToken)
    {
        if (campaign.WinnerNo == no)
        {
            return;
        }

        if (campaign is not { WaitsForWinner: true, WinnerNo: null, FrozenAt: not null })
        {
            throw new ConflictException("no_winner_needed", "Nobody waits for a winner (any more, or yet).");
        }

        Require(campaign, true, CampaignStatus.Sending, CampaignStatus.Paused);
        if (!(await CampaignVariant.ListAsync(work.Transaction, account.Id, [campaign.Id], cancellationToken)).Exists(v => v.No == no))
        {
            throw new InvalidInputException("/no", "not_found", "There is no such variant.");
        }

        await SplitWinner.SetAsync(work.Transaction, campaign, no, clock.GetUtcNow(), cancellationToken);
        await ToldAsync(work, account, campaign, "campaign.choose_winner", new { no }, cancellationToken);
    }

    /// <summary>Deletes a campaign that never sent anything.</summary>
    public async Task DeleteAsync(AccountTransaction work, CurrentAccount account, Campaign campaign, CancellationToken cancellationToken)
    {
        if (campaign.Type == CampaignType.Automated)
        {
            throw new ConflictException("campaign_of_automation", "This campaign belongs to an automation, and goes with its step.");
        }

        if (campaign.Status is CampaignStatus.Scheduled || campaign.StartedAt is not null)
        {
            throw new ConflictException("campaign_sent", "Figures of what was sent are kept. Archive the campaign instead.");
        }

        var messages = (await CampaignVariant.ListAsync(work.Transaction, account.Id, [campaign.Id], cancellationToken)).ConvertAll(v => v.MessageId).ToArray();
        await Sql.Of($"delete from messaging.campaign where account_id = {account.Id} and id = {campaign.Id}").ExecuteAsync(work, cancellationToken);
        await DeleteMessagesAsync(work, account.Id, messages, cancellationToken);
        await ToldAsync(work, account, campaign, "campaign.delete", new { campaign.Name }, cancellationToken);
    }

    /// <summary>Messages that nothing was ever frozen of.</summary>
    public static Task<int> DeleteMessagesAsync(AccountTransaction work, long accountId, long[] messageIds, CancellationToken cancellationToken) => Sql.Of($"""
        delete from messaging.message m where account_id = {accountId} and id = any ({messageIds})
          and not exists (select 1 from messaging.message_version v where v.account_id = m.account_id and v.message_id = m.id)
        """).ExecuteAsync(work, cancellationToken);

    private Task<int> SetAsync(AccountTransaction work, Campaign campaign, Sql changes, CancellationToken cancellationToken) => Sql.Of($"""
        update messaging.campaign set {changes}, updated_at = {clock.GetUtcNow()}, revision = revision + 1 where account_id = {campaign.AccountId} and id = {campaign.Id}
        """).ExecuteAsync(work, cancellationToken);

    private async Task ToldAsync(AccountTransaction work, CurrentAccount account, Campaign campaign, string action, object? detail, CancellationToken cancellationToken)
    {
        await audit.AppendAsync(work.Transaction, account.Id, account.UserId, action, "campaign", campaign.Id, detail, cancellationToken);
        await LiveChanges.TellAsync(work, account.Id, cancellationToken, LiveTopics.Campaigns);
    }

    private static void Require(Campaign campaign, bool holds, params CampaignStatus[] statuses)
    {
        if (!holds || !statuses.Contains(campaign.Status))
        {
            throw new ConflictException("wrong_state", $"This campaign is {EnumNames<CampaignStatus>.NameOf(campaign.Status)}; that is not possible now.");
        }
    }
}
