using Millrace.Accounts.Contracts;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Security;
using Millrace.Kernel.Time;
using Millrace.Messaging.Campaigns.Audience;
using Millrace.Messaging.Campaigns.Timing;

namespace Millrace.Messaging.Campaigns.Editing;

/// <summary>Makes, changes and copies campaigns.</summary>
internal sealed class CampaignEditing(CampaignAudience audience, IAudit audit, TimeProvider clock)
{
    public const int MaxVariants = 5;

    /// <summary>Of what is sent once: until it starts. Of what recurs: always, and what is changed counts from the next mail on.</summary>
    public static bool IsEditable(Campaign campaign) => campaign.Type != CampaignType.Automated
        && (campaign.Status is CampaignStatus.Draft or CampaignStatus.Scheduled or CampaignStatus.Held || (campaign.Recurs && !campaign.IsOver));

    public static bool IsContentEditable(Campaign campaign) => IsEditable(campaign);

    public async Task<long> CreateAsync(
        AccountTransaction work, CurrentAccount account, CampaignType type, CampaignInput input, CancellationToken cancellationToken)
    {
        input.Check(type);
        var now = clock.GetUtcNow();
        var id = await Sql.Of($"""
            with m as (
                insert into messaging.message (account_id, name, track_opens, track_clicks, created_at, updated_at)
                values ({account.Id}, {input.Name.Trim()}, {input.TrackOpens}, {input.TrackClicks}, {now}, {now}) returning id),
            k as (
                insert into messaging.campaign (account_id, name, type, list_ids, segment_id, exclude_list_ids, exclude_segment_id, track_opens, track_clicks, track_replies,
                    utm, is_archived, address_id, schedule_local, schedule_zone, is_predictive, split, recurrence, created_by, created_at, updated_at)
                values ({account.Id}, {input.Name.Trim()}, {type}, {Ids(input.ListIds)}, {input.SegmentId}, {Ids(input.ExcludeListIds)}, {input.ExcludeSegmentId},
                    {input.TrackOpens}, {input.TrackClicks}, {input.TrackReplies}, {input.UtmJson}, {input.IsArchived}, {input.AddressId}, {input.ScheduleLocal}::timestamp,
                    {input.ScheduleZone}, {input.IsPredictive}, {input.SplitJson(type)}, {input.RecurrenceJson(type)}, {account.UserId}, {now}, {now})
                returning id)
            insert into messaging.campaign_variant (account_id, campaign_id, no, message_id) select {account.Id}, k.id, 1, m.id from k, m returning campaign_id
            """).FirstAsync<long>(work, cancellationToken);
        if (type == CampaignType.Split)
        {
            await AddVariantAsync(work, (await Campaign.FindAsync(work.Transaction, account.Id, id, cancellationToken))!, cancellationToken);
        }

        await CheckReferencesAsync(work, account.Id, input, cancellationToken);
        await audit.AppendAsync(work.Transaction, account.Id, account.UserId, "campaign.create", "campaign", id, new { input.Name, type }, cancellationToken);
        await LiveChanges.TellAsync(work, account.Id, cancellationToken, LiveTopics.Campaigns);
        return id;
    }

    public async Task SaveAsync(
        AccountTransaction work, CurrentAccount account, Campaign campaign, CampaignInput input, int? revision, CancellationToken cancellationToken)
    {
        if (revision is { } expected && expected != campaign.Revision)
        {
            throw new VersionConflictException("Somebody else has changed this campaign meanwhile.");
        }

        RequireEditable(campaign);
        input.Check(campaign.Type);
        await CheckReferencesAsync(work, account.Id, input, cancellationToken);
        var now = clock.GetUtcNow();
        var zone = WallClock.Zone(campaign.Zone ?? account.TimeZone);
        // What is scheduled moves with its time; a time taken away means at once, which is asked for with "send".
        DateTimeOffset? at = null;
        if (campaign.Status == CampaignStatus.Scheduled && !campaign.Recurs)
        {
            var local = SendTimes.Parse(input.ScheduleLocal)
                ?? throw new InvalidInputException("/schedule_local", "required", "A scheduled campaign keeps a time. Take it back to draft first.");
            at = CampaignStates.StartOf(local, input.ScheduleZone, zone, now);
        }

        await Sql.Of($"""
            update messaging.campaign
            set name = {input.Name.Trim()}, list_ids = {Ids(input.ListIds)}, segment_id = {input.SegmentId}, exclude_list_ids = {Ids(input.ExcludeListIds)},
                exclude_segment_id = {input.ExcludeSegmentId}, track_opens = {input.TrackOpens}, track_clicks = {input.TrackClicks}, track_replies = {input.TrackReplies},
                utm = {input.UtmJson}, is_archived = {input.IsArchived}, address_id = {input.AddressId}, schedule_local = {input.ScheduleLocal}::timestamp, schedule_zone = {input.ScheduleZone},
                is_predictive = {input.IsPredictive}, split = {input.SplitJson(campaign.Type)}, recurrence = {input.RecurrenceJson(campaign.Type)},
                revision = revision + 1, updated_at = {now}, scheduled_at = coalesce({at}, scheduled_at),
                work_at = case when {at} is not null then {at} when work = 'recur' then {now} else work_at end
            where account_id = {account.Id} and id = {campaign.Id}
            """).ExecuteAsync(work, cancellationToken);
        await Sql.Of($"""
            update messaging.message m set name = case when v.no = 1 then {input.Name.Trim()} else left({input.Name.Trim()}, 195) || ' (' || chr(64 + v.no) || ')' end
            from messaging.campaign_variant v
            where v.account_id = {account.Id} and v.campaign_id = {campaign.Id} and m.account_id = v.account_id and m.id = v.message_id
            """).ExecuteAsync(work, cancellationToken);
        await audit.AppendAsync(work.Transaction, account.Id, account.UserId, "campaign.save", "campaign", campaign.Id, new { input.Name }, cancellationToken);
        await LiveChanges.TellAsync(work, account.Id, cancellationToken, LiveTopics.Campaigns);
    }

    /// <summary>A draft with the same settings and copies of the mails.</summary>
    /// <param name="resendTo">Its audience is worked out from who got the original, when it is sent; null: a plain copy.</param>
    public async Task<long> CopyAsync(
        AccountTransaction work, CurrentAccount account, Campaign campaign, string name, ResendTo? resendTo, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var type = resendTo is null && campaign.Type != CampaignType.Automated ? campaign.Type : CampaignType.Standard;
        long? parent = resendTo is null ? null : campaign.Id;
        var id = await Sql.Of($"""
            insert into messaging.campaign (account_id, name, type, list_ids, segment_id, exclude_list_ids, exclude_segment_id, track_opens, track_clicks, track_replies, utm,
                is_archived, address_id, schedule_zone, is_predictive, split, recurrence, parent_id, resend_to, created_by, created_at, updated_at)
            select account_id, {name}, {type}, list_ids, segment_id, exclude_list_ids, exclude_segment_id, track_opens, track_clicks, track_replies, utm,
                   is_archived, address_id, schedule_zone, is_predictive and {type} in ('standard', 'split'), case when {type} = 'split' then split end,
                   case when {type} in ('responder', 'date', 'rss') then recurrence end, {parent}, {resendTo}, {account.UserId}, {now}, {now}
            from messaging.campaign where account_id = {account.Id} and id = {campaign.Id} returning id
            """).FirstAsync<long>(work, cancellationToken);
        var variants = await CampaignVariant.ListAsync(work.Transaction, account.Id, [campaign.Id], cancellationToken);
        // Of a test the resend is the variant that won.
        var kept = type == CampaignType.Split ? variants : [variants.Find(v => v.No == campaign.WinnerNo) ?? variants[0]];
        for (short no = 1; no <= kept.Count; no++)
        {
            await CopyVariantAsync(work, account.Id, id, no, kept[no - 1], name, resendTo, now, cancellationToken);
        }

        await audit.AppendAsync(work.Transaction, account.Id, account.UserId, "campaign.copy", "campaign", id, new { of = campaign.Id, resend_to = resendTo }, cancellationToken);
        await LiveChanges.TellAsync(work, account.Id, cancellationToken, LiveTopics.Campaigns);
        return id;
    }

    /// <summary>One variant more, a copy of the first.</summary>
    public async Task<short> AddVariantAsync(AccountTransaction work, Campaign campaign, CancellationToken cancellationToken)
    {
        RequireEditable(campaign);
        if (campaign.Type != CampaignType.Split)
        {
            throw new ConflictException("no_split_test", "Only a split test has variants.");
        }

        var variants = await CampaignVariant.ListAsync(work.Transaction, campaign.AccountId, [campaign.Id], cancellationToken);
        if (variants.Count >= MaxVariants)
        {
            throw new ConflictException("limit_reached", $"A split test has at most {MaxVariants} variants.");
        }

        var no = (short)(variants[^1].No + 1 <= MaxVariants ? variants[^1].No + 1 : Enumerable.Range(1, MaxVariants).First(n => variants.TrueForAll(v => v.No != n)));
        await CopyVariantAsync(work, campaign.AccountId, campaign.Id, no, variants[0], campaign.Name, null, clock.GetUtcNow(), cancellationToken);
        return no;
    }

    public static void RequireEditable(Campaign campaign)
    {
        if (campaign.Type == CampaignType.Automated)
        {
            throw new ConflictException("campaign_of_automation", "This campaign belongs to an automation; edit it there.");
        }

        if (!IsEditable(campaign))
        {
            throw new ConflictException("campaign_started", "This campaign has been sent, or is being sent. Copy it to send it again.");
        }
    }

    /// <summary>Feeds that show only what is new go on from where the copied mail was; who is sent the same mail again gets the same items again.</summary>
    private static Task<int> CopyVariantAsync(
        AccountTransaction work, long accountId, long campaignId, short no, CampaignVariant from, string name, ResendTo? resendTo, DateTimeOffset now,
        CancellationToken cancellationToken) => Sql.Of($"""
        with m as (
            insert into messaging.message (account_id, name, kind, subject, preheader, from_name, from_address, reply_to, design, html, text, feed, track_opens, track_clicks, feed_message_id, created_at, updated_at)
            select account_id, case when {no} = 1 then {name} else left({name}, 195) || ' (' || chr(64 + {no}::integer) || ')' end, kind, subject, preheader, from_name, from_address, reply_to,
                   design, html, text, feed, track_opens, track_clicks, case when {resendTo is null} then coalesce(feed_message_id, id) end, {now}, {now}
            from messaging.message where account_id = {accountId} and id = {from.MessageId} returning id)
        insert into messaging.campaign_variant (account_id, campaign_id, no, message_id, share) select {accountId}, {campaignId}, {no}, id, {from.Share} from m
        """).ExecuteAsync(work, cancellationToken);

    private async Task CheckReferencesAsync(AccountTransaction work, long accountId, CampaignInput input, CancellationToken cancellationToken)
    {
        foreach (var (path, ids) in new[] { ("/list_ids", input.ListIds), ("/exclude_list_ids", input.ExcludeListIds) })
        {
            var wanted = ids.Distinct().ToArray();
            var there = await Sql.Of($"select count(*) from contacts.list where account_id = {accountId} and id = any ({wanted})").FirstAsync<long>(work, cancellationToken);
            if (there < wanted.Length)
            {
                throw new InvalidInputException(path, "not_found", "One of these lists does not exist.");
            }
        }

        foreach (var (path, id) in new[] { ("/segment_id", input.SegmentId), ("/exclude_segment_id", input.ExcludeSegmentId) })
        {
            if (id is { } segment && !await audience.HasSegmentAsync(work, accountId, segment, cancellationToken))
            {
                throw new InvalidInputException(path, "not_found", "There is no such segment.");
            }
        }

        if (input.AddressId is { } address && await Addresses.AddressBook.FindAsync(work, accountId, address, cancellationToken) is null)
        {
            throw new InvalidInputException("/address_id", "not_found", "There is no such address.");
        }

        if (input.Recurrence?.FieldId is { } field && await Sql.Of($"select type from contacts.field where account_id = {accountId} and id = {field}").FirstAsync<string>(work, cancellationToken)
            is not ("date" or "datetime"))
        {
            throw new InvalidInputException("/recurrence/field_id", "not_found", "A date field is needed.");
        }
    }

    private static long[] Ids(IReadOnlyList<long> ids) => [.. ids.Distinct()];
}
