using System.ComponentModel;
using Millrace.Contacts.Contracts;
using Millrace.Kernel.Extensibility;
using Millrace.Kernel.Time;
using Npgsql;

namespace Millrace.Automations.Steps;

/// <summary>
/// Holds a contact until the calendar shows the day or hour asked for; what is left open may be any. Whoever comes while it shows already passes at once.
/// Counted from the arrival, so that a moment that came while the automation was switched off, or before an edit, has come.
/// </summary>
[AutomationAction("wait.until_time", Title = "Wait until a day or time", Group = "Flow", Shape = "wait", Icon = "calendar",
    Description = "Holds the contact until a certain day or hour; it passes at once while that already is.")]
internal sealed class WaitUntilTimeAction(TimeProvider clock) : AutomationAction<WaitUntilTimeAction.Settings>
{
    internal sealed record Settings : ClockSettings
    {
        [Says("at {}:00"), Description("Hour of the day, 0 to 23; empty: any. 9 is the whole hour from 9:00 to 9:59.")]
        public int? Hour { get; init; }

        [Label("Day of the week"), Description("Empty: any.")]
        public DayOfWeek? Weekday { get; init; }

        [Label("Day of the month"), Says("day {}"), Description("1 to 31; empty: any.")]
        public int? Day { get; init; }

        [Says("month {}"), Description("Month, 1 to 12; empty: any.")]
        public int? Month { get; init; }

        [Description("Year; empty: any.")]
        public int? Year { get; init; }
    }

    public override async Task<StepOutcome[]> ExecuteAsync(ActionBatch<Settings> batch, CancellationToken cancellationToken)
    {
        var settings = batch.Settings;
        var zones = await ContactZones.OfAsync(
            batch.Transaction, batch.AccountId, settings, batch.TimeZone, [.. batch.ContactIds.Distinct()], cancellationToken);
        return [.. batch.Runs.Select(run => Next(settings, zones(run.ContactId), run.ArrivedAt) switch
        {
            { } time when time <= batch.Now => new StepOutcome(StepOutcomeKind.Continue, Result: time <= run.ArrivedAt ? "met" : "waited"),
            var time => StepOutcome.WaitUntil(time),
        })];
    }

    protected override IEnumerable<(string Path, string Message)> Check(Settings settings)
    {
        foreach (var (path, value, from, to) in new[]
        {
            ("hour", settings.Hour, 0, 23), ("day", settings.Day, 1, 31), ("month", settings.Month, 1, 12), ("year", settings.Year, 2000, 2200),
        })
        {
            if (value < from || value > to)
            {
                yield return (path, $"A number from {from} to {to} is needed.");
                yield break;
            }
        }

        if (settings is { Hour: null, Weekday: null, Day: null, Month: null, Year: null })
        {
            yield return ("hour", "Say at least one: an hour, a weekday, a day, a month or a year.");
        }
        else if (Next(settings, TimeZoneInfo.Utc, new DateTimeOffset(settings.Year ?? 2000, 1, 1, 0, 0, 0, TimeSpan.Zero)) is null)
        {
            yield return ("day", "There is no such day.");
        }

        if (settings.ClockProblem() is { } problem)
        {
            yield return ("time_zone", problem);
        }
    }

    protected override Task<IReadOnlyList<StepProblem>> CheckAsync(
        NpgsqlTransaction transaction, long accountId, Settings settings, CancellationToken cancellationToken)
    {
        // Two days of grace: somewhere it may still be.
        return Task.FromResult<IReadOnlyList<StepProblem>>(settings.Year is { } year && Next(settings, TimeZoneInfo.Utc, new DateTimeOffset(Math.Clamp(year, 2000, 2200), 1, 1, 0, 0, 0, TimeSpan.Zero)) is not null
            && Next(settings, TimeZoneInfo.Utc, clock.GetUtcNow().AddDays(-2)) is null
            ? [new StepProblem("year", "moment_passed", "This moment has passed: contacts that come here stay until the wait is changed.", IsWarning: true)]
            : []);
    }

    /// <summary>The first moment from a given one on that fits; the moment itself when it does; null: never.</summary>
    internal static DateTimeOffset? Next(Settings wanted, TimeZoneInfo zone, DateTimeOffset from)
    {
        var local = WallClock.Local(zone, from);
        // Weekday and date together come round every 28 years, over a century's turn every 40.
        var last = wanted.Year is { } year ? new DateTime(year, 12, 31, 0, 0, 0, DateTimeKind.Unspecified) : local.Date.AddYears(41);
        var day = wanted.Year is { } first && local.Year < first ? new DateTime(first, 1, 1, 0, 0, 0, DateTimeKind.Unspecified) : local.Date;
        for (; day <= last; day = day.AddDays(1))
        {
            if ((wanted.Year ?? day.Year) != day.Year || (wanted.Month ?? day.Month) != day.Month)
            {
                // On to the last day of the month: the loop steps over it.
                day = day.AddDays(DateTime.DaysInMonth(day.Year, day.Month) - day.Day);
                continue;
            }

            if ((wanted.Day ?? day.Day) != day.Day || (wanted.Weekday is { } weekday && weekday != day.DayOfWeek))
            {
                continue;
            }

            var (start, end) = wanted.Hour is { } hour ? (day.AddHours(hour), day.AddHours(hour + 1)) : (day, day.AddDays(1));
            if (local >= start && local < end)
            {
                return from;
            }

            if (start > local)
            {
                return WallClock.Instant(zone, start);
            }
        }

        return null;
    }
}
