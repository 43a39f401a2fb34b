using System.Text.Json;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Json;
using Millrace.Kernel.Time;
using Millrace.Messaging.Campaigns.Timing;

namespace Millrace.Messaging.Campaigns.Editing;

/// <summary>Everything about a campaign that people set. A draft may lack what sending needs; the checks say what.</summary>
internal sealed record CampaignInput
{
    private static readonly UtmSettings NoUtm = new();

    public required string Name { get; init; }

    /// <summary>Whoever is on one of them.</summary>
    public IReadOnlyList<long> ListIds { get; init; } = [];

    /// <summary>And in this saved segment; null: everybody on the lists.</summary>
    public long? SegmentId { get; init; }

    /// <summary>Not whoever is active on one of these.</summary>
    public IReadOnlyList<long> ExcludeListIds { get; init; } = [];

    /// <summary>Nor whoever is in this segment.</summary>
    public long? ExcludeSegmentId { get; init; }

    public bool TrackOpens { get; init; } = true;

    public bool TrackClicks { get; init; } = true;

    public bool TrackReplies { get; init; }

    public UtmSettings? Utm { get; init; }

    public bool IsArchived { get; init; }

    /// <summary>The postal address its mails bear; null: that of its lists, or else the account's default.</summary>
    public long? AddressId { get; init; }

    /// <summary>Wall time <c>2026-11-25T09:00</c>; null: at once when it is sent.</summary>
    public string? ScheduleLocal { get; init; }

    /// <summary>Whose wall it hangs on: the account's, or each contact's.</summary>
    public ZoneMode ScheduleZone { get; init; }

    /// <summary>Each contact at its best hour within 24 hours of the start; of standard campaigns and split tests.</summary>
    public bool IsPredictive { get; init; }

    /// <summary>Of split tests only.</summary>
    public SplitSettings? Split { get; init; }

    /// <summary>Of responders, date and feed campaigns only.</summary>
    public Recurrence? Recurrence { get; init; }

    public JsonElement? UtmJson => Json(Utm);

    public JsonElement? SplitJson(CampaignType type) => type == CampaignType.Split ? Json(Split ?? new SplitSettings()) : null;

    public JsonElement? RecurrenceJson(CampaignType type) => IsRecurring(type) ? Json(Recurrence ?? new Recurrence()) : null;

    /// <exception cref="InvalidInputException">Everything that is wrong with it at once.</exception>
    public void Check(CampaignType type)
    {
        var errors = new List<FieldError>();
        Require(Name.Trim().Length is >= 1 and <= 200, "/name", "length", "A name has 1 to 200 characters.");
        Require(ListIds.Count <= 100, "/list_ids", "length", "A campaign goes to at most 100 lists.");
        Require(ExcludeListIds.Count <= 100, "/exclude_list_ids", "length", "At most 100 lists can be left out.");
        Require(ScheduleLocal is null || SendTimes.Parse(ScheduleLocal) is { Year: > 1999 and < 2999 }, "/schedule_local", "wrong_type", "A date and a time are needed, like 2026-11-25T09:00.");
        Require(!IsPredictive || type is CampaignType.Standard or CampaignType.Split, "/is_predictive", "not_possible", "Only campaigns that are sent once can be sent at each contact's best hour.");
        var utm = Utm ?? NoUtm;
        Require(
            new[] { utm.Source, utm.Medium, utm.Campaign, utm.Term, utm.Content }.All(t => t is { Length: <= 200 }) && (utm.Domains?.Count ?? 0) <= 50
                && (utm.Domains ?? []).All(d => d is { Length: > 0 and <= 253 }),
            "/utm", "length", "Each part has at most 200 characters, and at most 50 domains can be named.");
        if (type == CampaignType.Split && Split is { } split)
        {
            Require(split.TestPercent is >= 1 and <= 99, "/split/test_percent", "out_of_range", "A test is on 1 to 99 % of the contacts.");
            Require(split.WaitMinutes is >= 1 and <= 43_200, "/split/wait_minutes", "out_of_range", "The winner is chosen after a minute to 30 days.");
        }

        if (IsRecurring(type) && Recurrence is { } recurrence)
        {
            CheckRecurrence(type, recurrence);
        }

        if (errors.Count > 0)
        {
            throw new InvalidInputException(errors);
        }

        void CheckRecurrence(CampaignType of, Recurrence own)
        {
            Require(own.DelayMinutes is >= 0 and <= 525_600, "/recurrence/delay_minutes", "out_of_range", "From at once to a year after subscribing.");
            Require(own.Days is >= -365 and <= 365, "/recurrence/days", "out_of_range", "At most 365 days before or after the date.");
            Require(WallClock.TryTimeOfDay(own.Time, out _), "/recurrence/time", "wrong_type", "A time of day is needed, like 09:30.");
            Require(own.Weekday is >= 0 and <= 6, "/recurrence/weekday", "out_of_range", "0 is Sunday, 6 is Saturday.");
            Require(own.Day is >= 1 and <= 28, "/recurrence/day", "out_of_range", "A day from 1 to 28, which every month has.");
            Require(own.Items is >= 1 and <= 50, "/recurrence/items", "out_of_range", "A mail shows 1 to 50 items.");
            Require(own.Url is null or { Length: <= 2_048 }, "/recurrence/url", "length", "An address has at most 2,048 characters.");
        }

        void Require(bool holds, string path, string code, string message)
        {
            if (!holds)
            {
                errors.Add(new FieldError(path, code, message));
            }
        }
    }

    private static bool IsRecurring(CampaignType type) => type is CampaignType.Responder or CampaignType.Date or CampaignType.Rss;

    private static JsonElement? Json<T>(T? value)
        where T : class => value is null ? null : JsonSerializer.SerializeToElement(value, AppJson.Options);
}
