using System.Globalization;
using System.Text.Json;
using Millrace.Kernel.Extensibility;
using Millrace.Kernel.Data;
using Millrace.Kernel.Json;
using Millrace.Kernel.Time;
using Millrace.Messaging.Feeds;
using Millrace.Messaging.Personalization;

namespace Millrace.Messaging.Campaigns.Running;

/// <summary>
/// Makes an issue of a feed campaign when the feed has something new: a standard campaign with what the feed said at that moment. What it held when the campaign was
/// switched on is not new. Nothing new, no issue.
/// </summary>
internal static class FeedIssues
{
    public static async Task MakeAsync(AccountTransaction work, Campaign campaign, FeedReading reading, TimeZoneInfo zone, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (reading.Document is not { } feed)
        {
            await SetReasonAsync(work, campaign, "feed: " + reading.Error, cancellationToken);
            return;
        }

        var isFirst = !await Sql.Of($"""
            select exists (select 1 from messaging.campaign_feed_item where account_id = {campaign.AccountId} and campaign_id = {campaign.Id})
            """).FirstAsync<bool>(work, cancellationToken);
        var fresh = (await Sql.Of($"""
            insert into messaging.campaign_feed_item (account_id, campaign_id, item, seen_at)
            select {campaign.AccountId}, {campaign.Id}, decode(k, 'hex'), {now} from unnest({feed.Items.Select(i => i.Key).ToArray()}) k
            on conflict do nothing returning encode(item, 'hex')
            """).ListAsync<string>(work, cancellationToken)).ToHashSet(StringComparer.Ordinal);
        await SetReasonAsync(work, campaign, null, cancellationToken);
        if (isFirst || fresh.Count == 0)
        {
            return;
        }

        var own = campaign.Recurrence!;
        var items = feed.Items.Where(i => own.Mode == FeedMode.All || fresh.Contains(i.Key)).Take(Math.Clamp(own.Items, 1, FeedSections.MaxItems)).ToList();
        var variants = await CampaignVariant.ListAsync(work.Transaction, campaign.AccountId, [campaign.Id], cancellationToken);
        var (variant, content, _) = (await CampaignContent.LoadAsync(work.Transaction, campaign, variants[..1], cancellationToken))[0];
        var issue = new OwnFeed(own.Url ?? "", Math.Clamp(own.Items, 1, FeedSections.MaxItems), feed with { Items = items });

        // The subject is what the issue is known by; what stands in the body is filled when it is frozen, so that its design stays one.
        string Said(string text) => FeedSections.Fill(text, TemplateKind.Header, FeedSnapshot.OfIssue(issue));
        var name = string.Create(CultureInfo.InvariantCulture, $"{campaign.Name} – {WallClock.Local(zone, now):d MMM yyyy HH:mm}");
        await Sql.Of($"""
            with m as (
                insert into messaging.message (account_id, name, kind, subject, preheader, from_name, from_address, reply_to, design, html, text, feed, track_opens, track_clicks, created_at, updated_at)
                select account_id, {StorableText.Cut(name, 200)}, kind, {StorableText.Cut(Said(content.Subject), 1000)}, {StorableText.Cut(Said(content.Preheader), 1000)}, from_name, from_address, reply_to, design, html, text,
                       {new JsonText(JsonSerializer.Serialize(issue, AppJson.Options))}, track_opens, track_clicks, {now}, {now}
                from messaging.message where account_id = {campaign.AccountId} and id = {variant.MessageId}
                returning id),
            k as (
                insert into messaging.campaign (account_id, name, type, status, list_ids, segment_id, exclude_list_ids, exclude_segment_id, track_opens, track_clicks,
                    track_replies, utm, is_archived, address_id, zone, scheduled_at, parent_id, work, work_at, created_by, started_by, created_at, updated_at)
                select account_id, {StorableText.Cut(name, 200)}, 'standard', 'scheduled', list_ids, segment_id, exclude_list_ids, exclude_segment_id, track_opens, track_clicks,
                       track_replies, utm, is_archived, address_id, zone, {now}, id, 'start', {now}, created_by, started_by, {now}, {now}
                from messaging.campaign where account_id = {campaign.AccountId} and id = {campaign.Id}
                returning id)
            insert into messaging.campaign_variant (account_id, campaign_id, no, message_id) select {campaign.AccountId}, k.id, 1, m.id from k, m
            """).ExecuteAsync(work, cancellationToken);
    }

    private static Task<int> SetReasonAsync(AccountTransaction work, Campaign campaign, string? reason, CancellationToken cancellationToken) => Sql.Of($"""
        update messaging.campaign set hold_reason = {reason} where account_id = {campaign.AccountId} and id = {campaign.Id} and hold_reason is distinct from {reason}
        """).ExecuteAsync(work, cancellationToken);
}
