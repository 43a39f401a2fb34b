using System.Text.Json;
using Millrace.Api.Dialect;
using Millrace.Api.Resources;
using Millrace.Kernel.Data;
using Millrace.Kernel.Security;
using Millrace.Messaging.Campaigns;

namespace Millrace.Messaging.V3;

internal sealed record V3CampaignRow(
    long Id, string Name, CampaignType Type, CampaignStatus Status, long? CreatedBy, long? SegmentId, long? AutomationId, long? ParentId, bool TrackOpens, bool TrackClicks,
    bool TrackReplies, JsonElement? Utm, bool IsArchived, bool IsPredictive, JsonElement? Split, JsonElement? Recurrence, long Recipients, DateTimeOffset? ScheduledAt,
    DateTimeOffset? StartedAt, DateTimeOffset? FinishedAt, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, long? WinnerMessageId, bool AwaitsWinner, long? MessageId,
    JsonElement? Sums, long? AddressId);

/// <summary><c>/api/3/campaigns</c>: every campaign with its totals, those of automations among them.</summary>
internal sealed class V3CampaignsResource : V3Resource<V3CampaignRow>
{
    public override string Plural => "campaigns";

    public override string Singular => "campaign";

    public override string Model => "Campaign";

    public override Permission Permission => Permission.ViewMessages;

    public override IReadOnlyList<V3Relation> Relations { get; } =
    [
        V3Relation.One<V3CampaignRow>("user", "users", r => r.CreatedBy), V3Relation.One<V3CampaignRow>("automation", "automations", r => r.AutomationId),
        V3Relation.One<V3CampaignRow>("campaignMessage", "campaignMessages", r => r.MessageId), V3Relation.Many("campaignMessages"), V3Relation.Many("links"),
        V3Relation.Many("campaignLists"), V3Relation.Many("aggregateRevenues"), V3Relation.Many("messageActivities") with { Paged = true },
    ];

    protected override Sql Columns { get; } = Sql.Of($"""
        k.id, k.name, k.type, k.status, k.created_by, k.segment_id, k.automation_id, k.parent_id, k.track_opens, k.track_clicks, k.track_replies, k.utm, k.is_archived,
        k.is_predictive, k.split, k.recurrence, k.recipients, k.scheduled_at, k.started_at, k.finished_at, k.created_at, k.updated_at,
        (select w.message_id from messaging.campaign_variant w where w.account_id = k.account_id and w.campaign_id = k.id and w.no = k.winner_no),
        k.waits_for_winner and k.winner_no is null,
        (select w.message_id from messaging.campaign_variant w where w.account_id = k.account_id and w.campaign_id = k.id and w.no = 1),
        {V3Sums.Of(Sql.Of($"k.account_id"), Sql.Of($"select w.message_id from messaging.campaign_variant w where w.account_id = k.account_id and w.campaign_id = k.id"))},
        k.address_id
        """);

    protected override Sql Table { get; } = Sql.Of($"messaging.campaign k");

    protected override Sql AccountColumn { get; } = Sql.Of($"k.account_id");

    protected override Sql IdColumn { get; } = Sql.Of($"k.id");

    protected override IReadOnlyDictionary<string, V3Owner<V3CampaignRow>> Owners { get; } = new Dictionary<string, V3Owner<V3CampaignRow>>(StringComparer.Ordinal)
    {
        ["automations"] = new(Sql.Of($"k.automation_id"), r => r.AutomationId ?? 0),
    };

    protected override V3Filters Filters { get; } = new(new Dictionary<string, V3Attribute>(StringComparer.Ordinal)
    {
        ["id"] = new(Sql.Of($"k.id"), V3Kind.Id),
        ["name"] = new(Sql.Of($"k.name"), V3Kind.Text),
        ["seriesid"] = new(Sql.Of($"coalesce(k.automation_id, 0)"), V3Kind.Id),
        ["automation"] = new(Sql.Of($"k.automation_id"), V3Kind.Id),
        ["status"] = new(Sql.Of($"(case k.status when 'draft' then 0 when 'scheduled' then 1 when 'sending' then 2 when 'paused' then 3 when 'stopped' then 4 when 'completed' then 5 else 6 end)::bigint"), V3Kind.Id),
        ["type"] = new(Sql.Of($"(case k.type when 'standard' then 'single' when 'automated' then 'single' when 'date' then 'reminder' when 'rss' then 'activerss' else k.type end)"), V3Kind.Text),
        ["sdate"] = new(Sql.Of($"coalesce(k.started_at, k.scheduled_at)"), V3Kind.Time),
        ["ldate"] = new(Sql.Of($"coalesce(k.finished_at, k.started_at)"), V3Kind.Time),
        ["cdate"] = new(Sql.Of($"k.created_at"), V3Kind.Time),
        ["mdate"] = new(Sql.Of($"k.updated_at"), V3Kind.Time),
    });

    protected override long IdOf(V3CampaignRow row) => row.Id;

    protected override IEnumerable<Sql> Where(V3Call call, V3Query query)
    {
        // What was deleted in v3 is archived, as the original does it: a single one can still be asked for.
        yield return Sql.Of($"not k.is_hidden");
        foreach (var condition in base.Where(call, query))
        {
            yield return condition;
        }
    }

    public override object View(V3CampaignRow row, V3Call call)
    {
        var sums = new V3Sums(row.Sums);
        var utm = Messaging.Links.LinkTags.Read(row.Utm);
        var split = row.Split is { ValueKind: JsonValueKind.Object } s ? s.Deserialize<SplitSettings>(Kernel.Json.AppJson.Options) : null;
        var recurrence = row.Recurrence is { ValueKind: JsonValueKind.Object } r ? r.Deserialize<Recurrence>(Kernel.Json.AppJson.Options) : null;
        return new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["type"] = TypeOf(row.Type),
            ["userid"] = new V3Id(row.CreatedBy ?? 0),
            ["segmentid"] = new V3Id(row.SegmentId ?? 0),
            ["bounceid"] = "-1",
            ["realcid"] = new V3Id(row.ParentId ?? 0),
            ["sendid"] = row.StartedAt is null ? "0" : new V3Id(row.Id),
            ["threadid"] = "0",
            ["seriesid"] = new V3Id(row.AutomationId ?? 0),
            ["formid"] = "0",
            ["basetemplateid"] = "0",
            ["basemessageid"] = "0",
            ["addressid"] = new V3Id(row.AddressId ?? 0),
            ["source"] = row.ParentId is null ? "web" : "copy",
            ["name"] = row.Name,
            ["cdate"] = call.Iso(row.CreatedAt),
            ["mdate"] = call.Iso(row.UpdatedAt),
            ["sdate"] = call.Iso(row.StartedAt ?? row.ScheduledAt),
            ["ldate"] = call.Iso(row.FinishedAt ?? row.StartedAt),
            ["send_amt"] = sums.Sends,
            ["total_amt"] = new V3Id(Math.Max(row.Recipients, sums.Sends)),
            ["opens"] = sums.Opens,
            ["uniqueopens"] = sums.UniqueOpens,
            ["verified_opens"] = sums.VerifiedOpens,
            ["verified_unique_opens"] = sums.VerifiedUniqueOpens,
            ["linkclicks"] = sums.Clicks,
            ["uniquelinkclicks"] = sums.UniqueLinkClicks,
            ["subscriberclicks"] = sums.Clickers,
            ["forwards"] = sums.Forwards,
            ["uniqueforwards"] = sums.UniqueForwards,
            ["hardbounces"] = sums.HardBounces,
            ["softbounces"] = sums.SoftBounces,
            ["unsubscribes"] = sums.Unsubscribes,
            ["unsubreasons"] = "0",
            ["updates"] = "0",
            ["socialshares"] = sums.Shares,
            ["replies"] = sums.Replies,
            ["uniquereplies"] = sums.UniqueReplies,
            ["status"] = new V3Id(StatusOf(row.Status)),
            ["public"] = row.IsArchived ? "1" : "0",
            ["mail_transfer"] = row.StartedAt is null ? "0" : "1",
            ["mail_send"] = row.StartedAt is null ? "0" : "1",
            ["mail_cleanup"] = row.FinishedAt is null ? "0" : "1",
            ["mailer_log_file"] = "0",
            ["tracklinks"] = row.TrackClicks ? "all" : "none",
            ["tracklinksanalytics"] = utm is null ? "0" : "1",
            ["trackreads"] = row.TrackOpens ? "1" : "0",
            ["trackreadsanalytics"] = "0",
            ["analytics_campaign_name"] = utm?.Campaign ?? string.Empty,
            ["tweet"] = "0",
            ["facebook"] = "0",
            ["survey"] = string.Empty,
            ["embed_images"] = "0",
            ["htmlunsub"] = "1",
            ["textunsub"] = "1",
            ["htmlunsubdata"] = null,
            ["textunsubdata"] = null,
            ["recurring"] = "day1",
            ["willrecur"] = row.Type is CampaignType.Rss or CampaignType.Date or CampaignType.Responder ? "1" : "0",
            ["split_type"] = split is null or { Mode: SplitMode.All } ? "even" : split.Metric switch { SplitMetric.Clicks => "click", SplitMetric.Manual => "even", _ => "read" },
            ["split_content"] = split?.Kind == SplitKind.Content ? "1" : "0",
            ["split_offset"] = new V3Id(split?.WaitMinutes / 60 ?? 2),
            ["split_offset_type"] = split is null ? "day" : "hour",
            ["split_winner_messageid"] = new V3Id(row.WinnerMessageId ?? 0),
            ["split_winner_awaiting"] = row.AwaitsWinner ? "1" : "0",
            ["responder_offset"] = new V3Id(recurrence?.DelayMinutes / 60 ?? 0),
            ["responder_type"] = "subscribe",
            ["responder_existing"] = "0",
            ["reminder_field"] = recurrence?.FieldId is { } field ? new V3Id(field) : "sdate",
            ["reminder_format"] = null,
            ["reminder_type"] = recurrence?.Yearly == false ? "year_month_day" : "month_day",
            ["reminder_offset"] = new V3Id(Math.Abs(recurrence?.Days ?? 0)),
            ["reminder_offset_type"] = "day",
            ["reminder_offset_sign"] = recurrence?.Days < 0 ? "-" : "+",
            ["reminder_last_cron_run"] = null,
            ["activerss_interval"] = recurrence?.Interval switch { FeedInterval.Hourly => "hour1", FeedInterval.Weekly => "week1", FeedInterval.Monthly => "month1", _ => "day1" },
            ["activerss_url"] = recurrence?.Url,
            ["activerss_items"] = new V3Id(recurrence?.Items ?? 10),
            ["ip4"] = "0",
            ["laststep"] = row.Status == CampaignStatus.Draft ? "designer" : "summary",
            ["managetext"] = "0",
            ["schedule"] = row.ScheduledAt is null ? "0" : "1",
            ["scheduleddate"] = call.Plain(row.ScheduledAt),
            ["waitpreview"] = "0",
            ["deletestamp"] = null,
            ["replysys"] = row.TrackReplies ? "1" : "0",
            ["has_predictive_content"] = "0",
            ["message_id"] = new V3Id(row.MessageId ?? 0),
            ["campaign_message_id"] = new V3Id(row.MessageId ?? 0),
            ["created_timestamp"] = call.Plain(row.CreatedAt),
            ["updated_timestamp"] = call.Plain(row.UpdatedAt),
            ["created_by"] = row.CreatedBy is { } by ? new V3Id(by) : null,
            ["updated_by"] = null,
            ["links"] = Links(call, row.Id),
            ["id"] = new V3Id(row.Id),
            ["user"] = new V3Id(row.CreatedBy ?? 0),
            ["automation"] = row.AutomationId is { } automation ? new V3Id(automation) : null,
        };
    }

    private static string TypeOf(CampaignType type) => type switch
    {
        CampaignType.Split => "split",
        CampaignType.Responder => "responder",
        CampaignType.Date => "reminder",
        CampaignType.Rss => "activerss",
        _ => "single",
    };

    private static long StatusOf(CampaignStatus status) => status switch
    {
        CampaignStatus.Draft => 0,
        CampaignStatus.Scheduled => 1,
        CampaignStatus.Sending => 2,
        CampaignStatus.Paused => 3,
        CampaignStatus.Stopped => 4,
        CampaignStatus.Completed => 5,
        _ => 6,
    };
}
