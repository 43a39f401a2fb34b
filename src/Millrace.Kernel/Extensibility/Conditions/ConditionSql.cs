using Millrace.Kernel.Data;

namespace Millrace.Kernel.Extensibility;

/// <summary>How values are compared, the same for every condition. The column must not be null where the answer counts.</summary>
public static class ConditionSql
{
    public static readonly Sql True = Sql.Of($"true");

    public static readonly Sql False = Sql.Of($"false");

    /// <summary>Ignoring case. <paramref name="lowered"/> is the column in lower case, written as its index has it.</summary>
    public static Sql Text(Sql lowered, ConditionLeaf leaf) => Text(lowered, leaf.Op, leaf.Value);

    /// <inheritdoc cref="Text(Sql, ConditionLeaf)"/>
    public static Sql Text(Sql lowered, ConditionOp op, ConditionValue value) => op switch
    {
        ConditionOp.Blank => Sql.Of($"{lowered} = ''"),
        ConditionOp.Is when value.Texts is [var only] => Sql.Of($"{lowered} = lower({only})"),
        ConditionOp.Is => Sql.Of($"{lowered} = any (array(select lower(w) from unnest({value.Texts}) w))"),
        ConditionOp.Contains => Any(value.Texts, text => Sql.Of($"{lowered} like lower({"%" + Literally(text) + "%"})")),
        ConditionOp.StartsWith => Any(value.Texts, text => Sql.Of($"{lowered} like lower({Literally(text) + "%"})")),
        ConditionOp.EndsWith => Any(value.Texts, text => Sql.Of($"{lowered} like lower({"%" + Literally(text)})")),
        _ => throw Unfit(op),
    };

    /// <summary>
    /// Equality and beginnings as an index has them: the database's collation orders by code point, so a beginning is a range, and row-level security lets
    /// no pattern into an index. Null for other operators.
    /// </summary>
    /// <param name="key">A column that is kept in lower case.</param>
    public static Sql? Indexed(Sql key, ConditionLeaf leaf) => leaf.Op switch
    {
        ConditionOp.Is => Text(key, leaf),
        ConditionOp.StartsWith => Sql.Of($"({Sql.Join(" or ", leaf.Value.Texts.Select(t => Sql.Of($"({key} >= lower({t}) and {key} < lower({t}) || {"\U0010FFFF"})")))})"),
        _ => null,
    };

    public static Sql Number(Sql column, ConditionOp op, ConditionValue value) => op switch
    {
        ConditionOp.Is when value.Numbers is [var only] => Sql.Of($"{column} = {only}"),
        ConditionOp.Is => Sql.Of($"{column} = any ({value.Numbers.ToArray()})"),
        ConditionOp.Gt => Sql.Of($"{column} > {value.Numbers[0]}"),
        ConditionOp.Gte => Sql.Of($"{column} >= {value.Numbers[0]}"),
        ConditionOp.Lt => Sql.Of($"{column} < {value.Numbers[0]}"),
        ConditionOp.Lte => Sql.Of($"{column} <= {value.Numbers[0]}"),
        // Not as a range: row-level security hides the statistics of numbers, and of the two ends of a range that it knows nothing about
        // the planner believes that nobody is between them.
        ConditionOp.Between => Sql.Of($"(({column} >= {value.Numbers[0]}) is true and {column} <= {value.Numbers[1]})"),
        _ => throw Unfit(op),
    };

    /// <summary>An instant as people read it, in the account's zone.</summary>
    public static Sql Shown(Sql instant, SegmentContext context) => Sql.Of($"to_char({instant} at time zone {context.Zone.Id}, 'YYYY-MM-DD HH24:MI')");

    /// <summary>One thing or none.</summary>
    public static Sql Reference(Sql column, ConditionLeaf leaf) => leaf.Op switch
    {
        ConditionOp.Blank => Sql.Of($"{column} is null"),
        ConditionOp.Is => Sql.Of($"({column} is not null and {column} = any ({leaf.Value.Ids.ToArray()}))"),
        _ => throw Unfit(leaf.Op),
    };

    /// <summary>An instant; days are days of the account's zone.</summary>
    public static Sql Instant(Sql column, ConditionLeaf leaf, SegmentContext context) => leaf.Op is ConditionOp.Anniversary
        ? Anniversary(Sql.Of($"({column} at time zone {context.Zone.Id})"), leaf.Value, context)
        : Window(column, leaf.Op, leaf.Value, context, day => Sql.Of($"{context.StartOf(day)}"), byDay: false);

    /// <summary>A day kept as midnight UTC. Asked about an instant, it answers for the account's day of that instant.</summary>
    public static Sql Day(Sql column, ConditionLeaf leaf, SegmentContext context) => leaf.Op is ConditionOp.Anniversary
        ? Anniversary(Sql.Of($"({column} at time zone 'UTC')"), leaf.Value, context)
        : Window(column, leaf.Op, leaf.Value, context, day => Sql.Of($"{Midnight(day)}"), byDay: true);

    public static InvalidOperationException Unfit(ConditionOp op) => new($"The operator {op} has passed the parser but no condition knows it.");

    /// <summary>What a person types is only ever text: no wildcard works.</summary>
    public static string Literally(string text) => text
        .Replace(@"\", @"\\", StringComparison.Ordinal).Replace("%", @"\%", StringComparison.Ordinal).Replace("_", @"\_", StringComparison.Ordinal);

    private static Sql Any(IReadOnlyList<string> texts, Func<string, Sql> test) => Sql.Of($"({Sql.Join(" or ", texts.Select(test))})");

    private static DateTimeOffset Midnight(DateOnly day) => new(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);

    /// <summary>Every comparison is a half-open range, so that days and instants mix.</summary>
    private static Sql Window(
        Sql column, ConditionOp op, ConditionValue value, SegmentContext context, Func<DateOnly, Sql> startOf, bool byDay)
    {
        Sql From(ConditionMoment moment) => DayOf(moment) is { } day ? startOf(day) : Sql.Of($"{moment.Instant!.Value}");
        // The end of a day is the start of the next; an instant ends at once (one microsecond is the clock's tick).
        Sql To(ConditionMoment moment) => DayOf(moment) is { } day ? startOf(day.AddDays(1)) : Sql.Of($"{moment.Instant!.Value.AddMicroseconds(1)}");
        DateOnly? DayOf(ConditionMoment moment) => moment.DayIn(context)
            ?? (byDay ? DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(moment.Instant!.Value, context.Zone).DateTime) : null);

        return op switch
        {
            ConditionOp.Is => Sql.Of($"({column} >= {From(value.Moments[0])} and {column} < {To(value.Moments[0])})"),
            ConditionOp.Gt => Sql.Of($"{column} >= {To(value.Moments[0])}"),
            ConditionOp.Gte => Sql.Of($"{column} >= {From(value.Moments[0])}"),
            ConditionOp.Lt => Sql.Of($"{column} < {From(value.Moments[0])}"),
            ConditionOp.Lte => Sql.Of($"{column} < {To(value.Moments[0])}"),
            ConditionOp.Between => Sql.Of($"({column} >= {From(value.Moments[0])} and {column} < {To(value.Moments[1])})"),
            // The last seven days of days are today and the six before; of instants, seven days by the calendar back from now.
            ConditionOp.InLast when byDay => Sql.Of(
                $"({column} > {startOf(Floor(context, value.Span!.Value.Negated))} and {column} < {startOf(context.Today.AddDays(1))})"),
            ConditionOp.InNext when byDay => Sql.Of(
                $"({column} >= {startOf(context.Today)} and {column} < {startOf(Floor(context, value.Span!.Value))})"),
            ConditionOp.InLast => Sql.Of($"({column} > {context.Shift(value.Span!.Value.Negated)} and {column} <= {context.Now})"),
            ConditionOp.InNext => Sql.Of($"({column} >= {context.Now} and {column} < {context.Shift(value.Span!.Value)})"),
            _ => throw Unfit(op),
        };
    }

    private static DateOnly Floor(SegmentContext context, CalendarSpan span) => DateOnly.FromDateTime(span.AddDays(context.LocalNow) + span.Clock);

    /// <summary>The same day of the year. Who was born on 29 February celebrates on the 28th in other years.</summary>
    private static Sql Anniversary(Sql local, ConditionValue value, SegmentContext context)
    {
        var day = (value.Span ?? default).AddTo(context.Today);
        int[] days = day is { Month: 2, Day: 28 } && !DateTime.IsLeapYear(day.Year) ? [28, 29] : [day.Day];
        return Sql.Of($"(extract(month from {local}) = {day.Month} and extract(day from {local}) = any ({days}))");
    }
}
