using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Millrace.Contacts.Fields;

/// <summary>Text in, value out, by the field's type. The canonical text reads back as the same value.</summary>
internal static partial class FieldValueParser
{
    public const int MaxLength = 10_000;
    public const int MaxChoices = 200;

    private static readonly string[] DateForms = ["yyyy-MM-dd", "yyyy/MM/dd"];

    private static readonly string[] LocalTimeForms =
        ["yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd HH:mm", "yyyy-MM-ddTHH:mm:ss", "yyyy-MM-ddTHH:mm", "yyyy-MM-ddTHH:mm:ss.FFFFFFF"];

    private static readonly string[] ZonedTimeForms =
        ["yyyy-MM-ddTHH:mm:ssK", "yyyy-MM-ddTHH:mmK", "yyyy-MM-ddTHH:mm:ss.FFFFFFFK", "yyyy-MM-dd HH:mm:ssK", "yyyy-MM-dd HH:mm:ss.FFFFFFFK"];

    /// <param name="zone">In which times without an offset are read.</param>
    /// <param name="problem">A sentence for a person, when false.</param>
    public static bool TryParse(
        FieldDefinition field, string? text, TimeZoneInfo zone, out FieldValue value, [NotNullWhen(false)] out string? problem)
    {
        (value, problem) = (FieldValue.None, null);
        if (string.IsNullOrWhiteSpace(text))
        {
            return true;
        }

        if (text.Length > MaxLength)
        {
            problem = $"{field.Name} takes at most {MaxLength} characters.";
            return false;
        }

        if (text.Contains('\0', StringComparison.Ordinal))
        {
            problem = "A text must not contain NUL.";
            return false;
        }

        var trimmed = text.Trim();
        (value, problem) = field.Type switch
        {
            FieldType.Text or FieldType.Hidden => (new FieldValue(trimmed), null),
            FieldType.Textarea => (new FieldValue(text), null),
            FieldType.Number => Number(trimmed),
            FieldType.Currency => Currency(trimmed),
            FieldType.Date => Date(trimmed, zone),
            FieldType.Datetime => Time(trimmed, zone),
            FieldType.Language => Language(trimmed),
            FieldType.Dropdown or FieldType.Radio => One(field, trimmed),
            FieldType.Listbox or FieldType.Checkbox => Many(field, trimmed),
            _ => throw new ArgumentOutOfRangeException(nameof(field)),
        };
        return problem is null;
    }

    private static (FieldValue Value, string? Problem) Number(string text) =>
        TryNumber(text, out var number) ? (new FieldValue(Plain(number), number), null) : Bad("This is not a number.");

    private static (FieldValue Value, string? Problem) Currency(string text)
    {
        var match = AmountWithCode.Match(text);
        var amount = match.Success ? match.Groups["a"].Value : text;
        var code = match.Groups["c1"].Success ? match.Groups["c1"].Value : match.Groups["c2"].Value;
        if (!TryNumber(amount.Trim(), out var number))
        {
            return Bad("An amount of money is a number and a currency, such as 12.50 EUR.");
        }

        return (new FieldValue(code.Length == 0 ? Plain(number) : $"{Plain(number)} {code.ToUpperInvariant()}", number), null);
    }

    private static (FieldValue Value, string? Problem) Date(string text, TimeZoneInfo zone)
    {
        if (!DateOnly.TryParseExact(text, DateForms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
        {
            if (!TryTime(text, zone, out var time))
            {
                return Bad("This is not a date; write it as 2026-03-31.");
            }

            // A time stands for the day its own writing shows.
            date = DateOnly.FromDateTime(text.Length >= 10 && DateOnly.TryParseExact(
                text[..10], DateForms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var written) ? written.ToDateTime(default) : time.UtcDateTime);
        }

        return (new FieldValue(
            date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), Instant: new DateTimeOffset(date.ToDateTime(default), TimeSpan.Zero)), null);
    }

    private static (FieldValue Value, string? Problem) Time(string text, TimeZoneInfo zone)
    {
        if (DateOnly.TryParseExact(text, DateForms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
        {
            text = date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) + " 00:00";
        }

        return TryTime(text, zone, out var time)
            ? (new FieldValue(time.ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture) + "Z", Instant: time), null)
            : Bad("This is not a date and time; write it as 2026-03-31T09:30:00Z.");
    }

    private static bool TryTime(string text, TimeZoneInfo zone, out DateTimeOffset time)
    {
        if (DateTime.TryParseExact(text, LocalTimeForms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local))
        {
            // A local time that the clocks skip is read an hour later, as calendars do.
            var existing = zone.IsInvalidTime(local) ? local.AddHours(1) : local;
            time = WholeSecond(new DateTimeOffset(existing, zone.GetUtcOffset(existing)).ToUniversalTime());
            return true;
        }

        if (DateTimeOffset.TryParseExact(text, ZonedTimeForms, CultureInfo.InvariantCulture, DateTimeStyles.None, out time))
        {
            time = WholeSecond(time.ToUniversalTime());
            return true;
        }

        return false;
    }

    private static (FieldValue Value, string? Problem) Language(string text) => LanguageTag.IsMatch(text)
        ? (new FieldValue(text.Replace('_', '-').ToLowerInvariant()), null)
        : Bad("This is not a language; write its code, such as en or pt-BR.");

    private static (FieldValue Value, string? Problem) One(FieldDefinition field, string text)
    {
        var choice = Option(field, Split(text) is [var only] ? only : text);
        return choice is null ? Bad($"{field.Name} has no option “{Shown(text)}”.") : (new FieldValue(choice, Choices: [choice]), null);
    }

    private static (FieldValue Value, string? Problem) Many(FieldDefinition field, string text)
    {
        var given = Split(text);
        if (given.Length > MaxChoices)
        {
            return Bad($"At most {MaxChoices} options.");
        }

        var missing = given.FirstOrDefault(g => Option(field, g) is null);
        if (missing is not null)
        {
            return Bad($"{field.Name} has no option “{Shown(missing)}”.");
        }

        var choices = given.Select(g => Option(field, g)!).Distinct(StringComparer.Ordinal).ToArray();
        return choices.Length == 0 ? (FieldValue.None, null) : (new FieldValue($"||{string.Join("||", choices)}||", Choices: choices), null);
    }

    /// <summary><c>||a||b||</c>, or one option without bars.</summary>
    private static string[] Split(string text) =>
        text.Contains("||", StringComparison.Ordinal) ? text.Split("||", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) : [text];

    private static string? Option(FieldDefinition field, string text) =>
        field.Options.FirstOrDefault(o => o == text) ?? field.Options.FirstOrDefault(o => string.Equals(o, text, StringComparison.OrdinalIgnoreCase));

    private static bool TryNumber(string text, out decimal number) =>
        decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number);

    private static string Plain(decimal number) => number.ToString("0.############################", CultureInfo.InvariantCulture);

    private static DateTimeOffset WholeSecond(DateTimeOffset time) => time.AddTicks(-(time.Ticks % TimeSpan.TicksPerSecond));

    private static string Shown(string text) => text.Length <= 100 ? text : text[..100] + "…";

    private static (FieldValue Value, string? Problem) Bad(string problem) => (FieldValue.None, problem);

    [GeneratedRegex(
        @"^(?:(?<c1>[A-Za-z]{3})\s*)?(?<a>[-+]?[0-9]+(?:\.[0-9]+)?)(?:\s*(?<c2>[A-Za-z]{3}))?$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 100)]
    private static partial Regex AmountWithCode { get; }

    // BCP 47, the part of it that people use: language, script, region.
    [GeneratedRegex(
        @"^[A-Za-z]{2,3}([-_][A-Za-z]{4})?([-_]([A-Za-z]{2}|[0-9]{3}))?$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 100)]
    private static partial Regex LanguageTag { get; }
}
