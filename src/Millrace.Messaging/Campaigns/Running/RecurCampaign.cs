using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Millrace.Accounts.Contracts;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Extensibility;
using Millrace.Kernel.Time;
using Millrace.Messaging.Campaigns.Audience;
using Millrace.Messaging.Messages;

namespace Millrace.Messaging.Campaigns.Running;

/// <summary>
/// Campaigns that are switched on: to whom is one due? Dates are asked for by the trigger that automations use, in windows without gaps; those who subscribe are
/// noted by <see cref="NoteSubscribers"/>. Feeds have a pass of their own, <see cref="ReadCampaignFeeds"/>.
/// </summary>
internal sealed class RecurCampaign(
    CampaignAudience audience, MessageFreezer freezer, Catalogue<AutomationTrigger> triggers, IAccountSettings accounts, IOptions<CampaignOptions> options)
{
    private const string DateTrigger = "date.reached";
    private const int Page = 2_000;
    private static readonly TimeSpan Seldom = TimeSpan.FromHours(1);
    private static readonly TimeSpan Broken = TimeSpan.FromMinutes(5);

    public async Task RunAsync(AccountTransaction work, Campaign campaign, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (campaign.Status != CampaignStatus.Sending)
        {
            return;
        }

        IReadOnlyList<CampaignVariant> variants;
        try
        {
            // What is written now is what is sent now: people may go on improving a mail that recurs.
            variants = await CampaignContent.FreezeAsync(work.Transaction, campaign, freezer, cancellationToken);
        }
        catch (InvalidInputException e)
        {
            // Nobody is lost by it: they wait until the mail can be sent again.
            await NextAtAsync(work, campaign, now + Broken, "content: " + e.Errors[0].Message, cancellationToken);
            return;
        }

        var zone = WallClock.Zone(campaign.Zone ?? (await accounts.GetAsync(campaign.AccountId, cancellationToken)).TimeZone);
        DateTimeOffset? next = campaign.Type == CampaignType.Date ? await NoteDatesAsync(work, campaign, zone, now, cancellationToken) : null;
        var more = await SendDueAsync(work, campaign, variants, now, cancellationToken);
        var waiting = await Sql.Of($"select min(due_at) from messaging.campaign_due where account_id = {campaign.AccountId} and campaign_id = {campaign.Id}")
            .FirstAsync<DateTimeOffset?>(work, cancellationToken);
        var soonest = new[] { next, waiting, now + Seldom }.Where(t => t is not null).Select(t => t!.Value).Min();
        await NextAtAsync(work, campaign, more ? now : soonest, null, cancellationToken);
    }

    private static Task<int> NextAtAsync(AccountTransaction work, Campaign campaign, DateTimeOffset at, string? problem, CancellationToken cancellationToken) => Sql.Of($"""
        update messaging.campaign set work_at = {at}, hold_reason = {problem} where account_id = {campaign.AccountId} and id = {campaign.Id} and work = 'recur'
        """).ExecuteAsync(work, cancellationToken);

    /// <returns>When somebody may be due next.</returns>
    private async Task<DateTimeOffset> NoteDatesAsync(AccountTransaction work, Campaign campaign, TimeZoneInfo zone, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var trigger = triggers.Find(DateTrigger)!;
        var asked = (IScheduledTrigger)trigger;
        var own = campaign.Recurrence!;
        var errors = new List<FieldError>();
        var settings = SettingsReader.Read(trigger.SettingsType, JsonSerializer.SerializeToElement(new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["field"] = own.FieldId,
            ["when"] = own.Days == 0 ? "on" : own.Days > 0 ? "after" : "before",
            ["count"] = Math.Max(1, Math.Abs(own.Days)),
            ["unit"] = "days",
            ["yearly"] = own.Yearly,
            ["time"] = own.Time,
            ["clock"] = "contact",
        }), "/recurrence", errors) ?? throw new InvalidInputException(errors);

        // The cursor is the end of the last window, in seconds. A day that was slept through is not made up for.
        var begin = campaign.Cursor > 0 ? DateTimeOffset.FromUnixTimeSeconds(campaign.Cursor) : campaign.StartedAt ?? now;
        var oldest = now.AddHours(-options.Value.DateLateHours);
        var after = begin < oldest ? oldest : begin;
        var until = DateTimeOffset.FromUnixTimeSeconds(now.ToUnixTimeSeconds());
        for (long? contact = 0; contact is { } from && until > after;)
        {
            var found = await asked.FindAsync(new ScheduledCheck(work.Transaction, campaign.AccountId, zone.Id, after, until, from, Page), settings, cancellationToken);
            await Sql.Of($"""
                insert into messaging.campaign_due (account_id, campaign_id, contact_id, occurrence, due_at)
                select {campaign.AccountId}, {campaign.Id}, d.contact_id, d.occurrence, {now}
                from unnest({found.Due.Select(d => d.ContactId).ToArray()}, {found.Due.Select(d => DayOf(d.Occasion)).ToArray()}) as d (contact_id, occurrence)
                on conflict do nothing
                """).ExecuteAsync(work, cancellationToken);
            contact = found.LastContactId;
        }

        await Sql.Of($"""
            update messaging.campaign set cursor = {until.ToUnixTimeSeconds()} where account_id = {campaign.AccountId} and id = {campaign.Id}
            """).ExecuteAsync(work, cancellationToken);
        return asked.NextCheck(settings, zone.Id, now);
    }

    private static int DayOf(string occasion) =>
        DateOnly.ParseExact(occasion, "yyyy-MM-dd", CultureInfo.InvariantCulture).DayNumber - new DateOnly(1970, 1, 1).DayNumber;

    /// <returns>Whether more are due.</returns>
    private async Task<bool> SendDueAsync(
        AccountTransaction work, Campaign campaign, IReadOnlyList<CampaignVariant> variants, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var due = await Sql.Of($"""
            delete from messaging.campaign_due d using (
                select contact_id, occurrence from messaging.campaign_due
                where account_id = {campaign.AccountId} and campaign_id = {campaign.Id} and due_at <= {now} order by due_at limit {CampaignAudience.BatchSize}) n
            where d.account_id = {campaign.AccountId} and d.campaign_id = {campaign.Id} and d.contact_id = n.contact_id and d.occurrence = n.occurrence
            returning d.contact_id, d.occurrence
            """).ListAsync<Due>(work, cancellationToken);
        if (due.Count == 0)
        {
            return false;
        }

        var chosen = await audience.AmongAsync(
            work.Transaction, campaign.AccountId, AudienceRule.Of(campaign), [.. due.Select(d => d.ContactId).Distinct()], cancellationToken);
        var willing = chosen.Where(c => c.Reason is null).Select(c => c.ContactId).ToHashSet();
        var queued = await CampaignSends.QueueAsync(
            work.Transaction, campaign, [.. due.Where(d => willing.Contains(d.ContactId)).Select(d => new CampaignSend(d.ContactId, variants[0], now, d.Occurrence))], now,
            cancellationToken);
        await Sql.Of($"""
            update messaging.campaign
            set chosen = chosen + {chosen.Count}, recipients = recipients + {queued}, left_out = {FreezeAudience.Added(campaign.LeftOut, chosen)}
            where account_id = {campaign.AccountId} and id = {campaign.Id}
            """).ExecuteAsync(work, cancellationToken);
        return due.Count == CampaignAudience.BatchSize;
    }

    private sealed record Due(long ContactId, int Occurrence);
}

/// <summary>When a feed is read.</summary>
internal static class FeedTimes
{
    public static DateTimeOffset Next(Recurrence recurrence, TimeZoneInfo zone, DateTimeOffset after)
    {
        if (recurrence.Interval == FeedInterval.Hourly)
        {
            return after.AddHours(1);
        }

        var time = WallClock.TryTimeOfDay(recurrence.Time, out var parsed) ? parsed : new TimeOnly(9, 0);
        for (var day = DateOnly.FromDateTime(WallClock.Local(zone, after)); ; day = day.AddDays(1))
        {
            var at = WallClock.Instant(zone, day.ToDateTime(time));
            var fits = recurrence.Interval switch
            {
                FeedInterval.Weekly => (int)day.DayOfWeek == recurrence.Weekday,
                FeedInterval.Monthly => day.Day == recurrence.Day,
                _ => true,
            };
            if (fits && at > after)
            {
                return at;
            }
        }
    }
}
