using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Millrace.Api.Dialect;
using Millrace.Api.Resources;
using Millrace.Kernel.Data;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Millrace.Messaging.Campaigns;
using Millrace.Messaging.Campaigns.Editing;

namespace Millrace.Messaging.V3;

/// <summary>How campaigns are made, changed, copied and put away through <c>/api/3</c>. The bodies have no wrapper, as the original's have none.</summary>
internal sealed class V3CampaignWrites : IEndpoint
{
    public static void Map(ModuleRoutes routes)
    {
        routes.V3.MapPost("campaign", Create).RequirePermission(Permission.ManageMessages).Takes<NewInput>(null, "Makes a draft.");
        routes.V3.MapPut("campaigns/{id}/edit", Edit).RequirePermission(Permission.ManageMessages).Takes<EditInput>(null, "Changes a campaign; what is not named stays.");
        routes.V3.MapPost("campaigns/{id}/copy", Copy).RequirePermission(Permission.ManageMessages);
        routes.V3.MapDelete("campaigns/{id}", Delete).RequirePermission(Permission.ManageMessages);
    }

    internal sealed record NewInput(string? Name = null, string? Type = null, bool? CanSplitContent = null);

    internal sealed record EditInput
    {
        public string? Name { get; init; }

        public V3Id? SegmentId { get; init; }

        public IReadOnlyList<V3Id>? ListIds { get; init; }

        /// <summary>0: none of its own.</summary>
        public V3Id? AddressId { get; init; }

        public bool? ReplyTrackingEnabled { get; init; }

        public bool? LinkTrackingEnabled { get; init; }

        public bool? GoogleAnalyticsLinkTrackingEnabled { get; init; }

        public string? GoogleAnalyticsCampaignName { get; init; }

        public bool? ReadTrackingEnabled { get; init; }

        public int? ResponderDaysOffset { get; init; }

        public int? ResponderHoursOffset { get; init; }

        public string? ScheduledDate { get; init; }

        public int? ReminderOffset { get; init; }

        /// <summary><c>day</c> (the default) or <c>week</c>; months and years are no number of days.</summary>
        public string? ReminderOffsetType { get; init; }

        /// <summary>Number of a date field.</summary>
        public V3Id? ReminderField { get; init; }

        /// <summary><c>month_day</c>: each year; <c>year_month_day</c>: once.</summary>
        public string? ReminderType { get; init; }

        /// <summary><c>hour1</c>, <c>day1</c>, <c>week1</c> or <c>month1</c>.</summary>
        public string? RssInterval { get; init; }

        /// <summary>Of split tests: the contents differ, not only what stands above them.</summary>
        public bool? CanSplitContent { get; init; }

        /// <summary><c>even</c>: everybody gets one; <c>read</c> or <c>click</c>: the rest gets the one that did best.</summary>
        public string? SplitType { get; init; }

        public int? SplitWinnerWaitPeriod { get; init; }

        public string? SplitWinnerWaitPeriodType { get; init; }

        public bool? PublicCampaignArchive { get; init; }
    }

    private static async Task<V3Result> Create(V3Call call, CampaignEditing editing)
    {
        var input = await call.BodyAsync<NewInput>(null);
        var type = TypeOf(input.Type);
        List<string> errors = [];
        if (string.IsNullOrWhiteSpace(input.Name))
        {
            errors.Add("Field name is required");
        }

        if (input.Type is null)
        {
            errors.Add("Field type is required");
        }
        else if (type is null)
        {
            errors.Add("Field type is invalid");
        }

        if (errors.Count > 0)
        {
            return new V3Result(new { errors }, 400);
        }

        return await call.ChangeAsync(async work =>
        {
            var campaign = new CampaignInput
            {
                Name = input.Name!.Trim(),
                Split = type == CampaignType.Split ? new SplitSettings(input.CanSplitContent == true ? SplitKind.Content : SplitKind.Subject) : null,
            };
            var id = await editing.CreateAsync(work, call.Account, type!.Value, campaign, call.CancellationToken);
            return V3Result.Ok(new { id, name = campaign.Name, type = input.Type, canSplitContent = input.CanSplitContent ?? false });
        });
    }

    private static async Task<V3Result> Edit(string id, V3Call call, CampaignEditing editing)
    {
        var input = await call.BodyAsync<EditInput>(null);
        var campaigns = call.Resource<V3CampaignsResource>();
        return await call.ChangeAsync(async work =>
        {
            var campaign = await Campaign.LockAsync(work.Transaction, call.Account.Id, V3Id.Parse(id), call.CancellationToken)
                ?? throw V3Errors.NoResult(campaigns.Model, V3Id.Parse(id));
            await editing.SaveAsync(work, call.Account, campaign, Changed(campaign, input), null, call.CancellationToken);
            return V3Result.Ok(campaigns.Wrap(await campaigns.OneAsync(work, call, campaign.Id), call));
        });
    }

    /// <summary>What the campaign says with what is named.</summary>
    private static CampaignInput Changed(Campaign campaign, EditInput input)
    {
        var utm = Messaging.Links.LinkTags.Read(campaign.Utm);
        if (input.GoogleAnalyticsLinkTrackingEnabled == false)
        {
            utm = null;
        }
        else if (input.GoogleAnalyticsLinkTrackingEnabled == true || input.GoogleAnalyticsCampaignName is not null)
        {
            utm = (utm ?? new UtmSettings("campaign")) with { Campaign = input.GoogleAnalyticsCampaignName ?? utm?.Campaign ?? string.Empty };
        }

        var recurrence = campaign.Recurrence;
        if (recurrence is not null)
        {
            var minutes = recurrence.DelayMinutes;
            var (days, hours) = (input.ResponderDaysOffset ?? minutes / 1_440, input.ResponderHoursOffset ?? minutes % 1_440 / 60);
            recurrence = recurrence with
            {
                DelayMinutes = input.ResponderDaysOffset is null && input.ResponderHoursOffset is null ? minutes
                    : days is < 0 or > 365 || hours is < 0 or > 8_760 ? -1 : days * 1_440 + hours * 60,
                Days = input.ReminderOffset is { } after ? Math.Clamp(after, -4_000, 4_000) * DaysOf(input.ReminderOffsetType) : recurrence.Days,
                FieldId = input.ReminderField is { Value: > 0 } field ? field.Value : recurrence.FieldId,
                Yearly = input.ReminderType is { } reminder ? OneOf("reminderType", reminder, ("month_day", true), ("year_month_day", false)) : recurrence.Yearly,
                Interval = input.RssInterval is { } interval
                    ? OneOf("rssInterval", interval, ("hour1", FeedInterval.Hourly), ("day1", FeedInterval.Daily), ("week1", FeedInterval.Weekly), ("month1", FeedInterval.Monthly))
                    : recurrence.Interval,
            };
        }

        var split = campaign.Split;
        if (split is not null && input.SplitWinnerWaitPeriod is { } wait)
        {
            var unit = input.SplitWinnerWaitPeriodType?.ToLowerInvariant() switch { "minute" or "minutes" => 1, "day" or "days" => 1_440, "week" or "weeks" => 10_080, _ => 60 };
            split = split with { WaitMinutes = wait is < 0 or > 43_200 ? -1 : wait * unit };
        }

        if (split is not null)
        {
            var (mode, metric) = input.SplitType is { } type
                ? OneOf("splitType", type, ("even", (SplitMode.All, split.Metric)), ("read", (SplitMode.Winner, SplitMetric.Opens)), ("click", (SplitMode.Winner, SplitMetric.Clicks)))
                : (split.Mode, split.Metric);
            split = split with { Mode = mode, Metric = metric, Kind = input.CanSplitContent is { } content ? content ? SplitKind.Content : SplitKind.Subject : split.Kind };
        }

        return new CampaignInput
        {
            Name = input.Name ?? campaign.Name,
            ListIds = input.ListIds is { } lists ? [.. lists.Select(l => l.Value)] : campaign.ListIds,
            SegmentId = input.SegmentId is { } segment ? segment.Value == 0 ? null : segment.Value : campaign.SegmentId,
            ExcludeListIds = campaign.ExcludeListIds,
            ExcludeSegmentId = campaign.ExcludeSegmentId,
            TrackOpens = input.ReadTrackingEnabled ?? campaign.TrackOpens,
            TrackClicks = input.LinkTrackingEnabled ?? campaign.TrackClicks,
            TrackReplies = input.ReplyTrackingEnabled ?? campaign.TrackReplies,
            Utm = utm,
            IsArchived = input.PublicCampaignArchive ?? campaign.IsArchived,
            AddressId = input.AddressId is { } address ? address.Value == 0 ? null : address.Value : campaign.AddressId,
            ScheduleLocal = input.ScheduledDate is { } at ? Local(at) : campaign.ScheduleLocal,
            ScheduleZone = campaign.ScheduleZone,
            IsPredictive = campaign.IsPredictive,
            Split = split,
            Recurrence = recurrence,
        };
    }

    private static int DaysOf(string? unit) => unit is null ? 1 : OneOf("reminderOffsetType", unit, ("day", 1), ("week", 7));

    /// <exception cref="Kernel.Errors.InvalidInputException">Another word.</exception>
    private static T OneOf<T>(string member, string word, params (string Word, T Value)[] words) =>
        words.Any(w => w.Word == word) ? words.First(w => w.Word == word).Value
        : throw V3Errors.Invalid(member, "field_invalid", $"This is one of {string.Join(", ", words.Select(w => w.Word))}.");

    /// <summary><c>2026-11-25 09:00:00</c> or ISO, as the editor's wall time; with an offset it is refused by the campaign's own check.</summary>
    private static string Local(string text) =>
        DateTime.TryParseExact(
            text.Trim(), ["yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd HH:mm", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd"], CultureInfo.InvariantCulture,
            DateTimeStyles.None, out var at)
            ? at.ToString("yyyy-MM-dd'T'HH:mm", CultureInfo.InvariantCulture) : text;

    private static Task<V3Result> Copy(string id, V3Call call, CampaignEditing editing) => call.ChangeAsync(async work =>
    {
        var campaign = await Campaign.FindAsync(work.Transaction, call.Account.Id, V3Id.Parse(id), call.CancellationToken)
            ?? throw V3Errors.NoResult("Campaign", V3Id.Parse(id));
        var name = StorableText.Cut(campaign.Name, 190) + " (copy)";
        var made = await editing.CopyAsync(work, call.Account, campaign, name, null, call.CancellationToken);
        return V3Result.Ok(new { succeeded = 1, message = "Campaign draft copied.", newCampaignId = made });
    });

    /// <summary>Puts it away; its figures stay. Always 200, as the original.</summary>
    private static Task<V3Result> Delete(string id, V3Call call, TimeProvider clock) => call.ChangeAsync(async work =>
    {
        var now = clock.GetUtcNow();
        var campaign = await Campaign.LockAsync(work.Transaction, call.Account.Id, V3Id.Parse(id), call.CancellationToken);
        if (campaign is null or { Type: CampaignType.Automated } || !(campaign.IsOver || campaign.Status == CampaignStatus.Draft))
        {
            return V3Result.Ok(new { succeeded = 0, message = campaign is null ? $"No Result found for Campaign with id {V3Id.Parse(id)}" : "Only drafts and campaigns that are over can be deleted." });
        }

        await Sql.Of($"update messaging.campaign set is_hidden = true, updated_at = {now} where account_id = {call.Account.Id} and id = {campaign.Id}")
            .ExecuteAsync(work, call.CancellationToken);
        return V3Result.Ok(new { succeeded = 1, message = "Campaign deleted" });
    });

    private static CampaignType? TypeOf(string? type) => type switch
    {
        "single" or "text" or "special" or "recurring" => CampaignType.Standard,
        "split" => CampaignType.Split,
        "responder" => CampaignType.Responder,
        "reminder" => CampaignType.Date,
        "activerss" => CampaignType.Rss,
        _ => null,
    };
}
