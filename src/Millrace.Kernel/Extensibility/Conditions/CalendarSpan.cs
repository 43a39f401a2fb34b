using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Millrace.Kernel.Extensibility;

/// <summary>An ISO 8601 duration, <c>P1M</c>, <c>P2W</c>, <c>PT30M</c>, <c>-P3D</c>: months and days follow the calendar, hours and shorter the clock.</summary>
/// <param name="Months">Years included.</param>
/// <param name="Days">Weeks included.</param>
public readonly record struct CalendarSpan(int Months, int Days, TimeSpan Clock)
{
    /// <summary>About a hundred years; beyond, dates run out of range.</summary>
    private const double MaxDays = 36_600;

    public bool IsZero => Months == 0 && Days == 0 && Clock == TimeSpan.Zero;

    /// <summary>Whether it consists of whole days.</summary>
    public bool IsWholeDays => Clock == TimeSpan.Zero;

    public CalendarSpan Negated => new(-Months, -Days, -Clock);

    /// <summary>The calendar part only.</summary>
    public DateTime AddDays(DateTime local) => local.AddMonths(Months).AddDays(Days);

    public DateOnly AddTo(DateOnly day) => day.AddMonths(Months).AddDays(Days);

    public static bool TryParse([NotNullWhen(true)] string? text, out CalendarSpan span)
    {
        span = default;
        if (text is null || text.Length > 40)
        {
            return false;
        }

        var negative = text.StartsWith('-');
        var rest = negative ? text[1..] : text;
        if (!rest.StartsWith('P'))
        {
            return false;
        }

        rest = rest[1..];
        double months = 0, days = 0, seconds = 0;
        var (allowed, inClock, parts) = ("YMWD", false, 0);
        while (rest.Length > 0)
        {
            if (rest[0] == 'T' && !inClock)
            {
                (rest, allowed, inClock, parts) = (rest[1..], "HMS", true, 0);
                continue;
            }

            var digits = rest.AsSpan().IndexOfAnyExceptInRange('0', '9');
            if (digits is < 1 or > 9 || allowed.IndexOf(rest[digits]) is not (>= 0 and var place))
            {
                return false;
            }

            var number = int.Parse(rest.AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture);
            switch (rest[digits], inClock)
            {
                case ('Y', _): months += number * 12d; break;
                case ('M', false): months += number; break;
                case ('W', _): days += number * 7d; break;
                case ('D', _): days += number; break;
                case ('H', _): seconds += number * 3600d; break;
                case ('M', true): seconds += number * 60d; break;
                default: seconds += number; break;
            }

            // Each unit at most once, in falling order.
            (rest, allowed, parts) = (rest[(digits + 1)..], allowed[(place + 1)..], parts + 1);
        }

        if (parts == 0 || (months * 31) + days + (seconds / 86_400) > MaxDays)
        {
            return false;
        }

        span = new CalendarSpan((int)months, (int)days, TimeSpan.FromSeconds(seconds));
        span = negative ? span.Negated : span;
        return true;
    }

    /// <summary>For sentences: <c>30 days</c>.</summary>
    public string ToWords()
    {
        var parts = new List<string>();
        Add(Math.Abs(Months) / 12, "year");
        Add(Math.Abs(Months) % 12, "month");
        Add(Math.Abs(Days), "day");
        Add((int)Math.Abs(Clock.TotalHours), "hour");
        Add(Math.Abs(Clock.Minutes), "minute");
        Add(Math.Abs(Clock.Seconds), "second");
        return parts.Count == 0 ? "0 days" : string.Join(" ", parts);

        void Add(int number, string unit)
        {
            if (number > 0)
            {
                parts.Add(string.Create(CultureInfo.InvariantCulture, $"{number} {unit}{(number == 1 ? "" : "s")}"));
            }
        }
    }
}
