using System.ComponentModel;
using System.Globalization;
using Millrace.Contacts.Contracts;
using Millrace.Kernel.Extensibility;
using Millrace.Kernel.Time;
using Npgsql;
using EditorAttribute = Millrace.Kernel.Extensibility.EditorAttribute;

namespace Millrace.Contacts.Fields;

/// <summary>
/// Holds a contact until a date it has, or some days before or after it. Without a date it waits until there is one; another date counts as soon
/// as it is written. A day that is past lets the contact go at once.
/// </summary>
[AutomationAction("wait.until_date", Title = "Wait until a date field", Group = "Flow", Shape = "wait", Icon = "calendar",
    Description = "Holds the contact until a date of its own, or some days before or after it; while the field is empty it waits.")]
internal sealed class WaitUntilDateAction : AutomationAction<WaitUntilDateAction.Settings>
{
    private const int MaxDays = 3_660;

    internal sealed record Settings : ClockSettings
    {
        [Description("A date field."), Picker("field")]
        public required long Field { get; init; }

        [Says("{days} {when}"), Description("On the day itself, before it or after it.")]
        public BeforeOrAfter When { get; init; } = BeforeOrAfter.On;

        [Description("How many days."), Says("{} days"), ShowWhen("when", "before", "after")]
        public int Days { get; init; } = 1;

        [Description("Time of that day; empty: when it begins."), Says("at {}"), Editor("time"), MaxCharacters(8)]
        public string? Time { get; init; }
    }

    public override async Task<StepOutcome[]> ExecuteAsync(ActionBatch<Settings> batch, CancellationToken cancellationToken)
    {
        var settings = batch.Settings;
        long[] contactIds = [.. batch.ContactIds.Distinct()];
        var dates = await FieldValueReader.TextsAsync(batch.Transaction, batch.AccountId, settings.Field, contactIds, cancellationToken);
        var zones = await ContactZones.OfAsync(
            batch.Transaction, batch.AccountId, settings, batch.TimeZone, contactIds, cancellationToken);
        return [.. batch.Runs.Select(run => Moment(settings, dates.GetValueOrDefault(run.ContactId), zones(run.ContactId)) switch
        {
            null => StepOutcome.WaitUntil(null),
            { } time when time <= batch.Now => new StepOutcome(
                StepOutcomeKind.Continue, Result: run.IsRevisit ? "waited" : "met", Detail: run.IsRevisit ? null : "The day was here or past on arrival."),
            { } time => StepOutcome.WaitUntil(time),
        })];
    }

    protected override IEnumerable<string> AwaitedKinds(Settings settings) => ["field.changed"];

    protected override IEnumerable<(string Path, string Message)> Check(Settings settings)
    {
        if (settings.When != BeforeOrAfter.On && settings.Days is < 1 or > MaxDays)
        {
            yield return ("days", $"A number from 1 to {MaxDays} is needed.");
        }

        if (!string.IsNullOrEmpty(settings.Time) && !WallClock.TryTimeOfDay(settings.Time, out _))
        {
            yield return ("time", "A time of day is needed, for example 09:30.");
        }

        if (settings.ClockProblem() is { } problem)
        {
            yield return ("time_zone", problem);
        }
    }

    protected override async Task<IReadOnlyList<StepProblem>> CheckAsync(
        NpgsqlTransaction transaction, long accountId, Settings settings, CancellationToken cancellationToken) =>
        await FieldDefinitions.DateProblemsAsync(transaction, accountId, settings.Field, cancellationToken);

    private static DateTimeOffset? Moment(Settings settings, string? date, TimeZoneInfo zone)
    {
        if (!DateOnly.TryParseExact(date, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
        {
            return null;
        }

        var time = WallClock.TryTimeOfDay(settings.Time, out var given) ? given : TimeOnly.MinValue;
        var days = settings.When switch
        {
            BeforeOrAfter.Before => -settings.Days,
            BeforeOrAfter.After => settings.Days,
            _ => 0,
        };
        // The first and the last days of the calendar have no neighbours everywhere.
        var number = Math.Clamp(day.DayNumber + days, 2, DateOnly.MaxValue.DayNumber - 2);
        return WallClock.Instant(zone, DateOnly.FromDayNumber(number).ToDateTime(time));
    }
}

/// <summary>Where a moment lies, seen from a date.</summary>
internal enum BeforeOrAfter
{
    [Label("On the day")]
    On,

    [Label("Before")]
    Before,

    [Label("After")]
    After,
}
