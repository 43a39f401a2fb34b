using System.Globalization;
using System.Text.Json;
using Millrace.Kernel.Extensibility;

namespace Millrace.Segments.Parsing;

/// <summary>Reads the values of leaves, strictly.</summary>
internal sealed class LiteralReader(TreeErrors errors)
{
    public const int MaxText = 500;
    public const int MaxValues = 1_000;

    private static readonly string[] InstantForms = ["yyyy-MM-ddTHH:mmK", "yyyy-MM-ddTHH:mm:ssK", "yyyy-MM-ddTHH:mm:ss.FFFFFFK"];

    /// <returns>Null when something was wrong, which has been said.</returns>
    public ConditionValue? Read(ConditionKind kind, ConditionOp op, IReadOnlyList<ConditionChoice> choices, JsonElement? value, string pointer)
    {
        switch (op)
        {
            case ConditionOp.Blank:
                return value is null or { ValueKind: JsonValueKind.Null } ? ConditionValue.None : Fail(pointer, "This operator takes no value.");
            case ConditionOp.InLast or ConditionOp.InNext:
                return Span(value, pointer) is { } span
                    ? span.IsZero || span.Negated.Equals(Absolute(span)) ? Fail(pointer, "The duration must be longer than zero.") : new() { Span = span }
                    : null;
            case ConditionOp.Anniversary:
                return value is null or { ValueKind: JsonValueKind.Null }
                    ? new() { Span = default(CalendarSpan) }
                    : Span(value, pointer) is { } shift
                        ? shift.IsWholeDays ? new() { Span = shift } : Fail(pointer, "An anniversary is counted in whole days.")
                        : null;
        }

        if (value is not { } given || given.ValueKind == JsonValueKind.Null)
        {
            return Fail(pointer, "A value is missing.");
        }

        var items = Items(given, pointer, isPair: op == ConditionOp.Between, isSingle: IsSingle(kind, op));
        return items is null ? null : kind switch
        {
            ConditionKind.Text or ConditionKind.Option or ConditionKind.Many => All(items, i => Word(i, choices), texts => new() { Texts = texts }),
            ConditionKind.Number => All(items, Number, numbers => new() { Numbers = numbers }),
            ConditionKind.Date => All(items, i => Moment(i, daysOnly: true), moments => new() { Moments = moments }),
            ConditionKind.Datetime => All(items, i => Moment(i, daysOnly: false), moments => new() { Moments = moments }),
            ConditionKind.Reference or ConditionKind.References or ConditionKind.Membership => All(items, Id, ids => new() { Ids = ids }),
            ConditionKind.Time => All(items, Time, times => new() { Times = times }),
            ConditionKind.Any => Any(op, items),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, message: null),
        };
    }

    /// <summary>Any positive length; null when it was none, which has been said.</summary>
    public CalendarSpan? Duration(JsonElement value, string pointer)
    {
        var read = Read(ConditionKind.Date, ConditionOp.InLast, [], value, pointer);
        return read?.Span;
    }

    public (ConditionMoment From, ConditionMoment To)? Range(JsonElement value, string pointer) =>
        Read(ConditionKind.Datetime, ConditionOp.Between, [], value, pointer) is { } read ? (read.Moments[0], read.Moments[1]) : null;

    /// <summary>Text without the characters that no database text may hold; null when it was none, which has been said.</summary>
    public string? Text(JsonElement value, string pointer)
    {
        if (value.ValueKind != JsonValueKind.String)
        {
            return Say(pointer, "This must be a text.");
        }

        string text;
        try
        {
            text = value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return Say(pointer, "This text is not valid Unicode.");
        }

        return text.Length is 0 or > MaxText ? Say(pointer, $"A text has 1 to {MaxText} characters here.")
            : text.Contains('\0', StringComparison.Ordinal) ? Say(pointer, "A text must not contain NUL.")
            : text;
    }

    private static bool IsSingle(ConditionKind kind, ConditionOp op) => op switch
    {
        ConditionOp.Gt or ConditionOp.Gte or ConditionOp.Lt or ConditionOp.Lte => true,
        ConditionOp.Is => kind is ConditionKind.Date or ConditionKind.Datetime or ConditionKind.Time,
        _ => false,
    };

    private static CalendarSpan Absolute(CalendarSpan span) => new(Math.Abs(span.Months), Math.Abs(span.Days), span.Clock.Duration());

    private ConditionValue? Any(ConditionOp op, List<(JsonElement Value, string Pointer)> items)
    {
        var numeric = items[0].Value.ValueKind == JsonValueKind.Number;
        return op switch
        {
            ConditionOp.Is when numeric => All(items, Number, numbers => new() { Numbers = numbers }),
            // A text that reads as a date is compared as a date with values that are dates, as text with all others.
            ConditionOp.Is => All(items, i => Word(i, []), texts => new()
            {
                Texts = texts,
                Moments = texts is [var only] && TryMoment(only, daysOnly: false, out var moment) ? [moment] : [],
            }),
            ConditionOp.Gt or ConditionOp.Gte or ConditionOp.Lt or ConditionOp.Lte or ConditionOp.Between => numeric
                ? All(items, Number, numbers => new() { Numbers = numbers })
                : All(items, i => Moment(i, daysOnly: false), moments => new() { Moments = moments }),
            _ => All(items, i => Word(i, []), texts => new() { Texts = texts }),
        };
    }

    private List<(JsonElement Value, string Pointer)>? Items(JsonElement value, string pointer, bool isPair, bool isSingle)
    {
        if (value.ValueKind != JsonValueKind.Array)
        {
            return isPair ? SayItems(pointer, "This operator takes a list of two values.") : [(value, pointer)];
        }

        var count = value.GetArrayLength();
        return isPair && count != 2 ? SayItems(pointer, "This operator takes a list of two values.")
            : isSingle ? SayItems(pointer, "This operator takes one value.")
            : count is 0 or > MaxValues ? SayItems(pointer, $"A list has 1 to {MaxValues} values.")
            : [.. value.EnumerateArray().Select((item, index) => (item, pointer.Down(index)))];
    }

    private static ConditionValue? All<T>(
        List<(JsonElement Value, string Pointer)> items, Func<(JsonElement Value, string Pointer), object?> read, Func<T[], ConditionValue> make)
    {
        var values = items.ConvertAll(i => read(i));
        return values.Contains(null) ? null : make([.. values.Cast<T>()]);
    }

    private static ConditionValue? All(
        List<(JsonElement Value, string Pointer)> items, Func<(JsonElement Value, string Pointer), string?> read, Func<string[], ConditionValue> make) =>
        All<string>(items, i => read(i), make);

    private static ConditionValue? All<T>(
        List<(JsonElement Value, string Pointer)> items, Func<(JsonElement Value, string Pointer), T?> read, Func<T[], ConditionValue> make)
        where T : struct => All<T>(items, i => (object?)read(i), make);

    private string? Word((JsonElement Value, string Pointer) item, IReadOnlyList<ConditionChoice> choices)
    {
        var text = Text(item.Value, item.Pointer);
        return text is null || choices.Count == 0 || choices.Any(c => string.Equals(c.Value, text, StringComparison.Ordinal))
            ? text
            : Say(item.Pointer, $"This must be one of: {string.Join(", ", choices.Select(c => c.Value))}.");
    }

    private decimal? Number((JsonElement Value, string Pointer) item)
    {
        if (item.Value.ValueKind == JsonValueKind.Number && item.Value.TryGetDecimal(out var number))
        {
            return number;
        }

        Say(item.Pointer, "This must be a number of at most 28 digits.");
        return null;
    }

    private long? Id((JsonElement Value, string Pointer) item)
    {
        if (item.Value.ValueKind == JsonValueKind.Number && item.Value.TryGetInt64(out var id) && id is > 0 and < 1L << 53)
        {
            return id;
        }

        Say(item.Pointer, "This must be the id of a thing.");
        return null;
    }

    private TimeOnly? Time((JsonElement Value, string Pointer) item)
    {
        if (Text(item.Value, item.Pointer) is { } text)
        {
            if (TimeOnly.TryParseExact(text, ["HH:mm", "HH:mm:ss"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var time))
            {
                return time;
            }

            Say(item.Pointer, "This must be a time of day such as 09:30.");
        }

        return null;
    }

    private ConditionMoment? Moment((JsonElement Value, string Pointer) item, bool daysOnly)
    {
        if (Text(item.Value, item.Pointer) is { } text)
        {
            if (TryMoment(text, daysOnly, out var moment))
            {
                return moment;
            }

            Say(item.Pointer, daysOnly ? "This must be a date such as 2026-03-31." : "This must be a date such as 2026-03-31 or a time such as 2026-03-31T09:30:00Z.");
        }

        return null;
    }

    private static bool TryMoment(string text, bool daysOnly, out ConditionMoment moment)
    {
        int? fromToday = text switch { "yesterday" => -1, "today" => 0, "tomorrow" => 1, _ => null };
        if (fromToday is not null)
        {
            moment = new(Day: null, fromToday, Instant: null);
            return true;
        }

        // The years at the rim are left out, so that a day more or less never leaves the calendar.
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is > 1 and < 9999)
        {
            moment = new(day, DaysFromToday: null, Instant: null);
            return true;
        }

        // A time needs its offset: without one nobody knows which is meant.
        var zoned = text.EndsWith('Z') || (text.Length > 6 && text[^6] is '+' or '-');
        if (!daysOnly && zoned && DateTimeOffset.TryParseExact(text, InstantForms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var instant)
            && instant.Year is > 1 and < 9999)
        {
            moment = new(Day: null, DaysFromToday: null, instant.ToUniversalTime());
            return true;
        }

        moment = default;
        return false;
    }

    private CalendarSpan? Span(JsonElement? value, string pointer)
    {
        if (value is { } given && Text(given, pointer) is { } text)
        {
            if (CalendarSpan.TryParse(text, out var span))
            {
                return span;
            }

            Say(pointer, "This must be a duration such as P30D or PT12H.");
        }
        else if (value is null)
        {
            Say(pointer, "A duration is missing.");
        }

        return null;
    }

    private ConditionValue? Fail(string pointer, string message)
    {
        errors.Add(pointer, message);
        return null;
    }

    private string? Say(string pointer, string message)
    {
        errors.Add(pointer, message);
        return null;
    }

    private List<(JsonElement Value, string Pointer)>? SayItems(string pointer, string message)
    {
        errors.Add(pointer, message);
        return null;
    }
}
