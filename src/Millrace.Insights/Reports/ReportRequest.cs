using Millrace.Kernel.Errors;
using Millrace.Kernel.Extensibility;
using Millrace.Kernel.Security;
using Millrace.Kernel.Time;

namespace Millrace.Insights.Reports;

/// <summary>A report, its subject and its stretch of time, as a request names them.</summary>
internal sealed record ReportRequest(Report Report, long SubjectId, ReportPeriod Period, bool Compare, ReportCounting Counting)
{
    /// <summary>What was chosen, by the key of its filter.</summary>
    public IReadOnlyDictionary<string, string> Chosen { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Days of a report that nobody has chosen a stretch for, today being the last.</summary>
    private const int UsualDays = 30;

    private static readonly DateOnly Earliest = new(2000, 1, 1);
    private static readonly DateOnly Latest = new(2200, 1, 1);

    /// <exception cref="NotFoundException">There is no such report.</exception>
    /// <exception cref="ForbiddenException">The user may not see what it tells.</exception>
    /// <exception cref="InvalidInputException">No such stretch of time, or a subject is missing.</exception>
    public static ReportRequest Read(
        Catalogue<Report> reports, CurrentAccount account, TimeProvider clock, string key, long? subjectId, DateOnly? first, DateOnly? last, bool compare,
        ReportCounting? counting = null, ReportStep? step = null, string[]? filters = null)
    {
        var report = reports.Find(key) ?? throw new NotFoundException("There is no such report.");
        if (!account.May(report.Permission))
        {
            throw new ForbiddenException("You may not see this report.");
        }

        if (report.Subject.Length > 0 && subjectId is null)
        {
            throw new InvalidInputException("/subject_id", "required", $"Say which {report.Subject} the report is about.");
        }

        var today = DateOnly.FromDateTime(WallClock.Local(WallClock.Zone(account.TimeZone), clock.GetUtcNow()));
        var until = last ?? today;
        var from = first ?? (until < Earliest.AddDays(UsualDays) ? Earliest : until.AddDays(1 - UsualDays));
        if (from < Earliest || until > Latest)
        {
            throw new InvalidInputException(from < Earliest ? "/first" : "/last", "out_of_range", "Days between 2000 and 2200.");
        }

        if (from > until)
        {
            throw new InvalidInputException("/first", "out_of_range", "The first day is not after the last.");
        }

        var period = new ReportPeriod(from, until, account.TimeZone) { Asked = step };
        return period.Days > ReportPeriod.MaxDays
            ? throw new InvalidInputException("/first", "out_of_range", "At most five years at a time.")
            : new(report, report.Subject.Length > 0 ? subjectId!.Value : 0, period, compare && !report.IsWhole, counting ?? new()) { Chosen = Choices(report, filters ?? []) };
    }

    /// <param name="filters">As <c>key:value</c>. What the report has no such filter for says nothing: a page asks several reports at once.</param>
    private static Dictionary<string, string> Choices(Report report, string?[] filters)
    {
        var chosen = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var text in filters)
        {
            var parts = (text ?? string.Empty).Split(':', 2);
            if (parts is not [var key, var value] || report.Filters.FirstOrDefault(f => f.Key == key) is not { } filter)
            {
                continue;
            }

            chosen[key] = filter.Choices.Any(c => c.Value == value) ? value
                : throw new InvalidInputException("/filter", "out_of_range", $"{filter.Title} is one of {string.Join(", ", filter.Choices.Select(c => c.Value))}.");
        }

        return chosen;
    }
}
