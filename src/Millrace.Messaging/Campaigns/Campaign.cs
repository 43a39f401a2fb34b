using System.Text.Json;
using Millrace.Kernel.Data;
using Millrace.Kernel.Json;
using Npgsql;

namespace Millrace.Messaging.Campaigns;

/// <summary>What sets a campaign off.</summary>
internal enum CampaignType
{
    /// <summary>Once, to an audience.</summary>
    Standard,

    /// <summary>Once, in up to five variants.</summary>
    Split,

    /// <summary>To each contact once, some time after it subscribed.</summary>
    Responder,

    /// <summary>On a date of each contact, or days before or after it.</summary>
    Date,

    /// <summary>Each time a feed has something to tell.</summary>
    Rss,

    /// <summary>The mail of an automation's step; it follows the automation and is sent by it alone.</summary>
    Automated,
}

internal enum CampaignStatus
{
    Draft,
    Scheduled,

    /// <summary>Waits for a person; why stands beside it.</summary>
    Held,

    /// <summary>Under way; one that recurs is switched on.</summary>
    Sending,
    Paused,
    Stopped,
    Completed,
}

internal enum ZoneMode
{
    Account,
    Contact,
}

internal enum ResendTo
{
    NonOpeners,
    NewContacts,
}

internal enum SplitKind
{
    /// <summary>Subject, preheader and sender differ; the content is that of the first variant.</summary>
    Subject,
    Content,
}

internal enum SplitMode
{
    /// <summary>Everybody gets one of the variants.</summary>
    All,

    /// <summary>A part gets them; the rest gets the one that did best.</summary>
    Winner,
}

internal enum SplitMetric
{
    Opens,
    Clicks,
    Manual,
}

/// <param name="TestPercent">Part of the audience that is tested on, 1 to 99; only where a winner is chosen.</param>
/// <param name="WaitMinutes">From the end of the test's queueing to the choice.</param>
internal sealed record SplitSettings(
    SplitKind Kind = SplitKind.Subject, SplitMode Mode = SplitMode.All, int TestPercent = 20, SplitMetric Metric = SplitMetric.Opens, int WaitMinutes = 240);

internal enum FeedInterval
{
    Hourly,
    Daily,
    Weekly,
    Monthly,
}

internal enum FeedMode
{
    /// <summary>Only what the feed has not shown before.</summary>
    New,

    /// <summary>All it shows, whenever something of it is new.</summary>
    All,
}

/// <summary>When a recurring campaign is due. Which members count follows from the campaign's type.</summary>
/// <param name="DelayMinutes">Responder: from subscribing to the mail, up to a year.</param>
/// <param name="FieldId">Date: the date field.</param>
/// <param name="Days">Date: days after the date (negative: before it).</param>
/// <param name="Time">Date and feed: time of the day, <c>09:00</c>; of a date in the zone of the contact.</param>
/// <param name="Yearly">Date: each year on that day.</param>
/// <param name="Url">Feed: its address.</param>
/// <param name="Weekday">Feed, weekly: 0 is Sunday.</param>
/// <param name="Day">Feed, monthly: 1 to 28.</param>
/// <param name="Items">Feed: how many items a mail shows at most.</param>
internal sealed record Recurrence(
    int DelayMinutes = 0, long? FieldId = null, int Days = 0, string Time = "09:00", bool Yearly = false, string? Url = null,
    FeedInterval Interval = FeedInterval.Daily, int Weekday = 1, int Day = 1, int Items = 5, FeedMode Mode = FeedMode.New);

/// <summary>Parameters that analytics programs read, appended to links.</summary>
/// <param name="Domains">Links of these domains only; empty: all.</param>
internal sealed record UtmSettings(
    string Source = "", string Medium = "email", string Campaign = "", string Term = "", string Content = "", IReadOnlyList<string>? Domains = null);

/// <summary>A row of <c>messaging.campaign</c> as the engine and the editor read it.</summary>
/// <param name="ScheduleLocal">Wall time, <c>2026-11-25T09:00</c>; null: at once.</param>
internal sealed record Campaign(
    long AccountId, long Id, string Name, CampaignType Type, CampaignStatus Status, string? HoldReason, int Revision, long[] ListIds, long? SegmentId,
    long[] ExcludeListIds, long? ExcludeSegmentId, bool TrackOpens, bool TrackClicks, bool TrackReplies, JsonElement? Utm, bool IsArchived, long? AddressId, bool IsHidden,
    string? ScheduleLocal, ZoneMode ScheduleZone, string? Zone, DateTimeOffset? ScheduledAt, bool IsPredictive, JsonElement? SplitJson, JsonElement? RecurrenceJson,
    long? ParentId, ResendTo? ResendTo, long? AutomationId, string? StepKey, string? Work, DateTimeOffset? WorkAt, long Cursor, long? SweepCursor,
    DateTimeOffset? StartedAt, DateTimeOffset? FrozenAt, DateTimeOffset? FinishedAt, DateTimeOffset? PausedAt, DateTimeOffset? DecideAt, short? WinnerNo,
    DateTimeOffset? DecidedAt, bool MayBeLate, bool WaitsForWinner, long Chosen, long Recipients, JsonElement LeftOut, JsonElement Tally,
    DateTimeOffset? TalliedAt, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, DateTimeOffset? SweepAt = null)
{
    public SplitSettings? Split => SplitJson is { ValueKind: JsonValueKind.Object } json ? json.Deserialize<SplitSettings>(AppJson.Options) : null;

    public Recurrence? Recurrence => RecurrenceJson is { ValueKind: JsonValueKind.Object } json ? json.Deserialize<Recurrence>(AppJson.Options) : null;

    /// <summary>It goes on until somebody ends it.</summary>
    public bool Recurs => Type is CampaignType.Responder or CampaignType.Date or CampaignType.Rss;

    public bool IsOver => Status is CampaignStatus.Stopped or CampaignStatus.Completed;

    private static readonly Sql Columns = Sql.Of($"""
        account_id, id, name, type, status, hold_reason, revision, list_ids, segment_id, exclude_list_ids, exclude_segment_id, track_opens, track_clicks,
        track_replies, utm, is_archived, address_id, is_hidden, to_char(schedule_local, 'YYYY-MM-DD"T"HH24:MI'), schedule_zone, zone, scheduled_at, is_predictive, split,
        recurrence, parent_id, resend_to, automation_id, step_key, work, work_at, cursor, sweep_cursor, started_at, frozen_at, finished_at, paused_at, decide_at,
        winner_no, decided_at, may_be_late, waits_for_winner, chosen, recipients, left_out, tally, tallied_at, created_at, updated_at, sweep_at
        """);

    public static Task<Campaign?> FindAsync(NpgsqlTransaction transaction, long accountId, long id, CancellationToken cancellationToken) =>
        Sql.Of($"select {Columns} from messaging.campaign where account_id = {accountId} and id = {id}").FirstAsync<Campaign>(transaction, cancellationToken);

    /// <summary>
    /// The row, held until the transaction ends: whoever works on a campaign, or changes its state, holds it. So a batch and a pause never overlap, and a worker
    /// that was left behind can commit nothing.
    /// </summary>
    public static Task<Campaign?> LockAsync(NpgsqlTransaction transaction, long accountId, long id, CancellationToken cancellationToken) =>
        Sql.Of($"select {Columns} from messaging.campaign where account_id = {accountId} and id = {id} for no key update").FirstAsync<Campaign>(transaction, cancellationToken);

    /// <summary>As <see cref="LockAsync"/>; null also when another process works on it just now.</summary>
    public static Task<Campaign?> TryLockAsync(NpgsqlTransaction transaction, long accountId, long id, CancellationToken cancellationToken) =>
        Sql.Of($"select {Columns} from messaging.campaign where account_id = {accountId} and id = {id} for no key update skip locked")
            .FirstAsync<Campaign>(transaction, cancellationToken);

    public static Task<List<Campaign>> ListAsync(NpgsqlTransaction transaction, long accountId, Sql where, CancellationToken cancellationToken) =>
        Sql.Of($"select {Columns} from messaging.campaign k where account_id = {accountId} and {where}").ListAsync<Campaign>(transaction, cancellationToken);
}

/// <summary>One of the contents a campaign is sent with.</summary>
/// <param name="VersionId">What it was when the campaign started.</param>
internal sealed record CampaignVariant(long CampaignId, short No, long MessageId, int Share, long? VersionId)
{
    public static Task<List<CampaignVariant>> ListAsync(NpgsqlTransaction transaction, long accountId, long[] campaignIds, CancellationToken cancellationToken) => Sql.Of($"""
        select campaign_id, no, message_id, share, message_version_id from messaging.campaign_variant
        where account_id = {accountId} and campaign_id = any ({campaignIds}) order by campaign_id, no
        """).ListAsync<CampaignVariant>(transaction, cancellationToken);
}
