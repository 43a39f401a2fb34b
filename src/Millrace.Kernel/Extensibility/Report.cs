using System.Globalization;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Security;
using Millrace.Kernel.Time;

namespace Millrace.Kernel.Extensibility;

/// <summary>Marks a report; its key is shaped <c>noun.what</c>.</summary>
public sealed class ReportAttribute(string key) : CatalogueEntryAttribute(key)
{
    /// <summary>Source of the thing it is about, for example <c>automation</c>; empty: the whole account.</summary>
    public string Subject { get; init; } = string.Empty;

    /// <summary>What one must be allowed to see.</summary>
    public required Permission Permission { get; init; }

    /// <summary>Place among the reports of the same subject.</summary>
    public int Order { get; init; }

    /// <summary>It is about all of its subject's life, whatever days are asked for.</summary>
    public bool IsWhole { get; init; }
}

/// <summary>
/// A question about a stretch of time, answered with figures, a table, and which columns of the table make the chart. The page, the comparison
/// and the file are drawn from the answer; adding a report is adding one class.
/// </summary>
public abstract class Report : CatalogueEntry
{
    public string Subject => Own.Subject;

    public Permission Permission => Own.Permission;

    public int Order => Own.Order;

    public bool IsWhole => Own.IsWhole;

    /// <summary>What one may choose besides the days. Of each, nothing chosen is everything.</summary>
    public virtual IReadOnlyList<ReportFilter> Filters => [];

    private ReportAttribute Own => (ReportAttribute)Mark;

    /// <exception cref="Errors.NotFoundException">There is no such subject in this account.</exception>
    public abstract Task<ReportAnswer> ReadAsync(ReportQuestion question, CancellationToken cancellationToken);
}

/// <summary>What is asked.</summary>
/// <param name="Work">One moment, reading only.</param>
/// <param name="SubjectId">0 for reports about the account.</param>
/// <param name="Before">The stretch of the same length just before, to compare with; null: no comparison.</param>
/// <param name="Now">For what stands as it is now, whatever the stretch.</param>
public sealed record ReportQuestion(AccountTransaction Work, long AccountId, long SubjectId, ReportPeriod Period, ReportPeriod? Before, DateTimeOffset Now)
{
    /// <summary>Whose opens and clicks are counted.</summary>
    public ReportCounting Counting { get; init; } = new();

    /// <summary>What was chosen, by the key of its filter.</summary>
    public IReadOnlyDictionary<string, string> Chosen { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}

/// <summary>Something a report can be narrowed by.</summary>
public sealed record ReportFilter(string Key, string Title, IReadOnlyList<ReportChoice> Choices);

public sealed record ReportChoice(string Value, string Title);

/// <summary>Whose opens and clicks a report counts.</summary>
/// <param name="Privacy">Also those of mailboxes that fetch everything for privacy, read or not (Apple's).</param>
public sealed record ReportCounting(bool Privacy = true, CountedMachines Machines = CountedMachines.AsRecorded)
{
    /// <param name="machines">As requests name it: <c>as_recorded</c>, <c>none</c> or <c>all</c>; null is the first.</param>
    /// <exception cref="InvalidInputException">Another word.</exception>
    public static ReportCounting Read(bool privacy, string? machines) =>
        machines is null ? new(privacy)
        : EnumNames<CountedMachines>.TryParse(machines, out var counted) ? new(privacy, counted)
        : throw new InvalidInputException("/machines", "out_of_range", "Machines count as_recorded, none or all.");
}

/// <summary>Of what looks like a machine's doing.</summary>
public enum CountedMachines
{
    /// <summary>What counted when it happened: all while the account did not filter, nothing while it did.</summary>
    AsRecorded,

    /// <summary>Nothing, whenever it was.</summary>
    None,

    /// <summary>Everything, whenever it was.</summary>
    All,
}

/// <summary>Whole days by the account's clock.</summary>
/// <param name="First">First day.</param>
/// <param name="Last">Last day, part of it.</param>
/// <param name="Zone">IANA name of the account's zone.</param>
public sealed record ReportPeriod(DateOnly First, DateOnly Last, string Zone)
{
    /// <summary>At most five years at a time.</summary>
    public const int MaxDays = 1_830;

    private const int MaxPoints = 400;

    public int Days => Last.DayNumber - First.DayNumber + 1;

    public DateTimeOffset From => WallClock.Instant(WallClock.Zone(Zone), First.ToDateTime(TimeOnly.MinValue));

    /// <summary>The moment after the last.</summary>
    public DateTimeOffset Until => WallClock.Instant(WallClock.Zone(Zone), Last.AddDays(1).ToDateTime(TimeOnly.MinValue));

    /// <summary>What one point should stand for; null: what suits the stretch.</summary>
    public ReportStep? Asked { get; init; }

    /// <summary>What one point of a chart stands for, so that there are never more than a few hundred: too small a step for the stretch is not taken.</summary>
    public ReportStep Step => Asked is { } asked && (asked != ReportStep.Day || Days <= MaxPoints) ? asked
        : Days <= 92 ? ReportStep.Day : Days <= 731 ? ReportStep.Week : ReportStep.Month;

    /// <summary>What a row over time is called.</summary>
    public string StepTitle => Step switch { ReportStep.Day => "Day", ReportStep.Week => "Week from", _ => "Month from" };

    /// <summary>A day as the key and label of a row.</summary>
    public static string Label(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>The stretch of the same length that ends where this one begins.</summary>
    public ReportPeriod Previous() => this with { First = First.AddDays(-Days), Last = First.AddDays(-1), Asked = Step };

    /// <summary>First days of the points, in order; the first may lie before the stretch.</summary>
    public IEnumerable<DateOnly> Points()
    {
        for (var day = PointOf(First); day <= Last; day = Step switch { ReportStep.Day => day.AddDays(1), ReportStep.Week => day.AddDays(7), _ => day.AddMonths(1) })
        {
            yield return day;
        }
    }

    /// <summary>The point a day belongs to; weeks begin on Monday.</summary>
    public DateOnly PointOf(DateOnly day) => Step switch
    {
        ReportStep.Day => day,
        ReportStep.Week => day.AddDays(-(((int)day.DayOfWeek + 6) % 7)),
        _ => new DateOnly(day.Year, day.Month, 1),
    };
}

public enum ReportStep
{
    Day,
    Week,
    Month,
}

/// <summary>How a number reads.</summary>
public enum ReportUnit
{
    Number,

    /// <summary>A part of one: 0.25 is 25 %.</summary>
    Share,

    /// <summary>A length of time in seconds.</summary>
    Seconds,
}

public enum ReportChartKind
{
    /// <summary>Over time: the rows are points, their labels days.</summary>
    Line,

    /// <summary>One bar for each row and column.</summary>
    Bars,
}

/// <summary>A report's answer.</summary>
/// <param name="Label">What the rows are: <c>Day</c>, <c>Step</c> ...</param>
/// <param name="Notes">Sentences on what is counted and what is not.</param>
public sealed record ReportAnswer(
    IReadOnlyList<ReportFigure> Figures, string Label, IReadOnlyList<ReportColumn> Columns, IReadOnlyList<ReportRow> Rows, ReportChart? Chart, IReadOnlyList<string> Notes);

/// <summary>One number over the whole stretch.</summary>
/// <param name="Value">Null where there is nothing to tell, such as a share of none.</param>
/// <param name="Before">The same of the stretch before; null without comparison, and of what stands as it is now.</param>
/// <param name="MoreIsBetter">Null: neither.</param>
public sealed record ReportFigure(string Key, string Title, decimal? Value, decimal? Before, ReportUnit Unit = ReportUnit.Number, bool? MoreIsBetter = null);

/// <param name="IsBefore">Of the stretch before.</param>
public sealed record ReportColumn(string Key, string Title, ReportUnit Unit = ReportUnit.Number, bool IsBefore = false);

/// <param name="Key">What the row is about: a day, the id of a step or message.</param>
/// <param name="Label">For people; a day as <c>2026-11-30</c>.</param>
/// <param name="Note">For example that the step is gone.</param>
/// <param name="Values">One for each column.</param>
public sealed record ReportRow(string Key, string Label, string? Note, IReadOnlyList<decimal?> Values);

/// <param name="Columns">Keys of the columns that are drawn.</param>
public sealed record ReportChart(ReportChartKind Kind, IReadOnlyList<string> Columns);
