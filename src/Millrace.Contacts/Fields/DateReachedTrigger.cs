using System.ComponentModel;
using System.Globalization;
using Millrace.Contacts.Contracts;
using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;
using Millrace.Kernel.Time;
using Npgsql;
using EditorAttribute = Millrace.Kernel.Extensibility.EditorAttribute;

namespace Millrace.Contacts.Fields;

/// <summary>
/// Starts on a date the contact has, or some time before or after it, once or every year. Nothing that happens sets it off: the engine asks for those
/// who are due, by the index over the field's values. Whoever gets a date whose moment is past is not due.
/// </summary>
[AutomationTrigger("date.reached", Title = "Date comes round", Group = "Contacts",
    Description = "Starts on a date of the contact, or some time before or after it; every year for birthdays.")]
internal sealed class DateReachedTrigger : AutomationTrigger<DateReached, DateReachedTrigger.Settings>, IScheduledTrigger
{
    private const int MaxCount = 1_200;
    private const int FirstYear = 1900;
    private const string Format = "yyyy-MM-dd";

    internal sealed record Settings : ClockSettings
    {
        [Description("A date field."), Picker("field")]
        public required long Field { get; init; }

        [Says("{count} {unit} {when}"), Description("On the day itself, before it or after it.")]
        public BeforeOrAfter When { get; init; } = BeforeOrAfter.On;

        [Label("How many"), ShowWhen("when", "before", "after")]
        public int Count { get; init; } = 1;

        [ShowWhen("when", "before", "after")]
        public DateUnit Unit { get; init; } = DateUnit.Days;

        [Label("Every year"), Description("Every year on that month and day, as for birthdays. 29 February is kept on the 28th in other years.")]
        public bool Yearly { get; init; }

        [Description("Time of that day."), Says(""), Editor("time"), MaxCharacters(8)]
        public string Time { get; init; } = "09:00";

        public TimeOnly TimeOfDay() => WallClock.TryTimeOfDay(Time, out var time) ? time : new TimeOnly(9, 0);

        /// <summary>The day of the trigger that belongs to a date.</summary>
        public DateOnly Shift(DateOnly date) => Moved(date, When == BeforeOrAfter.After ? Count : When == BeforeOrAfter.Before ? -Count : 0);

        /// <summary>The date of which a day is the trigger's, give or take the ends of months.</summary>
        public DateOnly Back(DateOnly day) => Moved(day, When == BeforeOrAfter.After ? -Count : When == BeforeOrAfter.Before ? Count : 0);

        /// <summary>How far <see cref="Back"/> may be off, in days.</summary>
        public int Slack() => When != BeforeOrAfter.On && Unit is DateUnit.Months or DateUnit.Years ? 3 : 0;

        private DateOnly Moved(DateOnly date, int by)
        {
            by = Math.Clamp(by, -MaxCount, MaxCount);
            return Unit switch
            {
                DateUnit.Weeks => date.AddDays(7 * by),
                DateUnit.Months => date.AddMonths(by),
                DateUnit.Years => date.AddYears(by),
                _ => date.AddDays(by),
            };
        }
    }

    public override bool Matches(DateReached activity, Settings settings) => false;

    public IActivity Happened(DueContact due, object settings) => new DateReached(due.ContactId, ((Settings)settings).Field, due.Occasion);

    public DateTimeOffset NextCheck(object settings, string timeZone, DateTimeOffset after)
    {
        var own = (Settings)settings;
        var time = own.TimeOfDay();
        if (own.Clock == ClockOf.Contact)
        {
            // All zones lie whole quarters of an hour apart.
            var next = new DateTimeOffset(after.UtcDateTime.Date, TimeSpan.Zero).AddHours(after.UtcDateTime.Hour).AddMinutes(time.Minute % 15).AddSeconds(time.Second);
            while (next <= after)
            {
                next = next.AddMinutes(15);
            }

            return next;
        }

        var zone = own.CommonZone(timeZone);
        var day = DateOnly.FromDateTime(WallClock.Local(zone, after));
        var today = WallClock.Instant(zone, day.ToDateTime(time));
        return today > after ? today : WallClock.Instant(zone, day.AddDays(1).ToDateTime(time));
    }

    public async Task<DueContacts> FindAsync(ScheduledCheck check, object settings, CancellationToken cancellationToken)
    {
        var own = (Settings)settings;
        var common = own.CommonZone(check.TimeZone);
        var (first, last) = own.Clock == ClockOf.Contact
            ? (DateOnly.FromDateTime(check.After.UtcDateTime.AddHours(-14)), DateOnly.FromDateTime(check.Until.UtcDateTime.AddHours(14)))
            : (DateOnly.FromDateTime(WallClock.Local(common, check.After)), DateOnly.FromDateTime(WallClock.Local(common, check.Until)));
        var (from, to) = (own.Back(first).AddDays(-own.Slack()), own.Back(last).AddDays(own.Slack()));
        var occasions = own.Yearly ? Occasions(from, to) : null;
        var values = occasions is null
            ? Sql.Of($"v.value_key >= {Text(from)} and v.value_key <= {Text(to)}")
            : Sql.Of($"v.value_key = any ({occasions.Keys.SelectMany(k => Years(k, to.Year)).ToArray()})");
        var rows = await Sql.Of($"""
            select v.contact_id, v.value, v.updated_at, c.time_zone from contacts.field_value v
            join contacts.contact c on c.account_id = v.account_id and c.id = v.contact_id
            where v.account_id = {check.AccountId} and v.field_id = {own.Field} and {values} and v.contact_id > {check.AfterContactId}
            order by v.contact_id limit {check.Limit}
            """).ListAsync<Row>(check.Transaction, cancellationToken);
        var due = new List<DueContact>();
        foreach (var row in rows)
        {
            if (!DateOnly.TryParseExact(row.Value, Format, CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
            {
                continue;
            }

            var zone = own.Clock == ClockOf.Contact && row.TimeZone is { } name && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var its) ? its : common;
            foreach (var occasion in occasions is null ? [date] : occasions.GetValueOrDefault((date.Month, date.Day)) ?? [])
            {
                var moment = WallClock.Instant(zone, own.Shift(occasion).ToDateTime(own.TimeOfDay()));
                if (moment > check.After && moment <= check.Until && row.UpdatedAt <= moment)
                {
                    due.Add(new DueContact(row.ContactId, Text(occasion)));
                }
            }
        }

        return new DueContacts(due, rows.Count < check.Limit ? null : rows[^1].ContactId);
    }

    protected override IEnumerable<(string Path, string Message)> Check(Settings settings)
    {
        if (settings.When != BeforeOrAfter.On && settings.Count is < 1 or > MaxCount)
        {
            yield return ("count", $"A number from 1 to {MaxCount} is needed.");
        }

        if (!WallClock.TryTimeOfDay(settings.Time, out _))
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

    /// <summary>The days of a stretch of time by the month and day of the dates that fall on them.</summary>
    private static Dictionary<(int Month, int Day), List<DateOnly>> Occasions(DateOnly from, DateOnly to)
    {
        var occasions = new Dictionary<(int, int), List<DateOnly>>();
        for (var day = from; day <= to; day = day.AddDays(1))
        {
            Add(day.Month, day.Day, day);
            if (day is { Month: 2, Day: 28 } && !DateTime.IsLeapYear(day.Year))
            {
                Add(2, 29, day);
            }
        }

        return occasions;

        void Add(int month, int dayOfMonth, DateOnly day)
        {
            if (!occasions.TryGetValue((month, dayOfMonth), out var days))
            {
                occasions[(month, dayOfMonth)] = days = [];
            }

            days.Add(day);
        }
    }

    /// <summary>The dates with this month and day, as the index knows them: so many look-ups are still fewer than all values.</summary>
    private static IEnumerable<string> Years((int Month, int Day) date, int year) => Enumerable.Range(FirstYear, year - FirstYear + 20)
        .Select(y => string.Create(CultureInfo.InvariantCulture, $"{y:0000}-{date.Month:00}-{date.Day:00}"));

    private static string Text(DateOnly date) => date.ToString(Format, CultureInfo.InvariantCulture);

    private sealed record Row(long ContactId, string Value, DateTimeOffset UpdatedAt, string? TimeZone);
}
