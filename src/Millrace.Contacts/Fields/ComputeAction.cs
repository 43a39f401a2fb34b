using System.ComponentModel;
using System.Globalization;
using Millrace.Activities.Contracts;
using Millrace.Contacts.Contracts;
using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;
using Millrace.Kernel.Time;
using Npgsql;

namespace Millrace.Contacts.Fields;

/// <summary>
/// Computes with a field: a number by the four rules, a date by a number of days, weeks, months or years. What cannot be computed leaves the field alone,
/// the contact goes on, and its path says why. An empty number counts as 0.
/// </summary>
[AutomationAction("math.compute", Title = "Compute", Group = "Contacts", Icon = "math", Causes = "field.changed", CausesBy = ["into", "field"],
    Description = "Adds to, takes from, multiplies or divides a number, or moves a date.")]
internal sealed class ComputeAction(FieldValueWriter writer) : AutomationAction<ComputeAction.Settings>
{
    private const int Decimals = 10;

    internal sealed record Settings
    {
        [Description("The number or date to compute with."), Picker("field")]
        public required long Field { get; init; }

        [Says("{operation} {value}{other} {unit}"), Description("What happens to it.")]
        public MathOperation Operation { get; init; } = MathOperation.Add;

        [Says(""), Description("A fixed number, or another field of the contact."), Choices("number", "field")]
        public string By { get; init; } = "number";

        [Description("The number."), ShowWhen("by", "number")]
        public decimal? Value { get; init; }

        [Label("Number field"), Picker("field"), ShowWhen("by", "field")]
        public long? Other { get; init; }

        [Label("Unit of a date"), Description("When a date is moved: what the number counts. Leave it empty for numbers; for a date empty means days.")]
        public DateUnit? Unit { get; init; }

        [Label("Result goes into"), Description("Empty: into the field itself."), Says("into {}"), Picker("field")]
        public long? Into { get; init; }
    }

    public override async Task<StepOutcome[]> ExecuteAsync(ActionBatch<Settings> batch, CancellationToken cancellationToken)
    {
        var settings = batch.Settings;
        var fields = await FieldDefinitions.ByIdAsync(
            batch.Transaction, batch.AccountId, [settings.Field, settings.Other ?? 0, settings.Into ?? 0], cancellationToken);
        if (!fields.TryGetValue(settings.Field, out var field) || !fields.TryGetValue(settings.Into ?? settings.Field, out var target)
            || (settings is { By: "field" } && !fields.ContainsKey(settings.Other ?? 0)))
        {
            return batch.All(StepOutcome.Skip("skipped_field_missing", "A field of this step no longer exists."));
        }

        var runs = await StepEffects.FirstTimeAsync(batch, cancellationToken);
        var values = await ValuesAsync(batch, [.. runs.Select(r => r.ContactId).Distinct()], cancellationToken);
        var results = new Dictionary<long, string>();
        var failures = new Dictionary<long, (string Code, string Text)>();
        var zone = WallClock.Zone(batch.TimeZone);
        foreach (var run in runs)
        {
            var left = values.GetValueOrDefault((run.ContactId, field.Id));
            if (target.Id == field.Id && results.TryGetValue(run.ContactId, out var before))
            {
                // The contact is here twice at once: the second goes on from what the first has made.
                left = FieldValueParser.TryParse(target, before, zone, out var parsed, out _) ? parsed : left;
            }

            var right = settings.By == "field" ? values.GetValueOrDefault((run.ContactId, settings.Other!.Value))?.Number ?? 0 : settings.Value!.Value;
            var (text, code, why) = Compute(settings, field, left, right);
            if (text is not null && FieldValueParser.TryParse(target, text, zone, out _, out var problem))
            {
                results[run.ContactId] = text;
            }
            else
            {
                failures[run.RunId] = (code ?? "failed_bad_value", why ?? "The result does not fit the field.");
            }
        }

        await writer.WriteAsync(
            batch.Transaction, batch.AccountId,
            [.. results.Select(r => FieldValueParser.TryParse(target, r.Value, zone, out var value, out _) ? new FieldWrite(r.Key, target, value) : null!)],
            cancellationToken, new ActivityOrigin(batch.AutomationId, batch.StepKey));
        return [.. batch.Runs.Select(r => failures.TryGetValue(r.RunId, out var failure) ? StepOutcome.Skip(failure.Code, failure.Text) : StepOutcome.Continue)];
    }

    protected override IEnumerable<(string Path, string Message)> Check(Settings settings)
    {
        if (settings.By == "number" && settings.Value is null)
        {
            yield return ("value", "Say the number.");
        }

        if (settings.By == "field" && settings.Other is null)
        {
            yield return ("other", "Choose the field.");
        }

        if (settings is { By: "number", Operation: MathOperation.Divide, Value: 0 })
        {
            yield return ("value", "Nothing can be divided by zero.");
        }
    }

    protected override async Task<IReadOnlyList<StepProblem>> CheckAsync(
        NpgsqlTransaction transaction, long accountId, Settings settings, CancellationToken cancellationToken)
    {
        var fields = await FieldDefinitions.ByIdAsync(
            transaction, accountId, [settings.Field, settings.Other ?? 0, settings.Into ?? 0], cancellationToken);
        var problems = new List<StepProblem>();
        var isDate = IsDate(fields.GetValueOrDefault(settings.Field));
        if (!isDate && !IsNumber(fields.GetValueOrDefault(settings.Field)))
        {
            problems.Add(new StepProblem("field", "not_a_number", "One can compute with number, currency and date fields.", IsWarning: false));
        }

        if (isDate && settings.Operation is not (MathOperation.Add or MathOperation.Subtract))
        {
            problems.Add(new StepProblem("operation", "not_for_dates", "A date can be moved forwards (add) or backwards (subtract).", IsWarning: false));
        }

        if (isDate != settings.Unit is not null && fields.ContainsKey(settings.Field))
        {
            problems.Add(isDate
                ? new StepProblem("unit", "unit_unsaid", "Nothing says what the number counts; it is taken for days.", IsWarning: true)
                : new StepProblem("unit", "unit_of_a_number", "Only dates are moved by a unit; this number is computed without it.", IsWarning: true));
        }

        if (settings is { By: "field", Other: { } other } && !IsNumber(fields.GetValueOrDefault(other)))
        {
            problems.Add(new StepProblem("other", "not_a_number", "A number field is needed here.", IsWarning: false));
        }

        if (settings.Into is { } into && (isDate ? !IsDate(fields.GetValueOrDefault(into)) : !IsNumber(fields.GetValueOrDefault(into))))
        {
            problems.Add(new StepProblem("into", "wrong_kind", isDate ? "The result is a date; choose a date field." : "The result is a number; choose a number field.", IsWarning: false));
        }

        return problems;
    }

    private static bool IsNumber(FieldDefinition? field) => field?.Type is FieldType.Number or FieldType.Currency;

    private static bool IsDate(FieldDefinition? field) => field?.Type is FieldType.Date or FieldType.Datetime;

    private static (string? Text, string? Code, string? Why) Compute(Settings settings, FieldDefinition field, FieldValue? left, decimal right)
    {
        try
        {
            return IsDate(field) ? Moved(settings, field, left, right) : Number(settings, left, right);
        }
        catch (Exception e) when (e is OverflowException or ArgumentOutOfRangeException)
        {
            return (null, "failed_overflow", "The result is too large.");
        }
    }

    private static (string? Text, string? Code, string? Why) Number(Settings settings, FieldValue? left, decimal right)
    {
        var number = left?.Number ?? 0;
        if (settings.Operation == MathOperation.Divide && right == 0)
        {
            return (null, "failed_division_by_zero", "It would have been divided by zero.");
        }

        var result = settings.Operation switch
        {
            MathOperation.Add => number + right,
            MathOperation.Subtract => number - right,
            MathOperation.Multiply => number * right,
            _ => Math.Round(number / right, Decimals, MidpointRounding.ToEven),
        };
        // An amount of money stays one.
        var currency = left?.Text is { } text && text.Split(' ') is [_, { Length: 3 } code] ? " " + code : string.Empty;
        return (result.ToString("0.############################", CultureInfo.InvariantCulture) + currency, null, null);
    }

    private static (string? Text, string? Code, string? Why) Moved(Settings settings, FieldDefinition field, FieldValue? left, decimal right)
    {
        if (left?.Instant is not { } date)
        {
            return (null, "failed_empty", "The contact has no date here.");
        }

        if (right != decimal.Truncate(right))
        {
            return (null, "failed_not_whole", "A date is moved by a whole number.");
        }

        var count = decimal.ToInt32(settings.Operation == MathOperation.Subtract ? -right : right);
        var moved = settings.Unit switch
        {
            DateUnit.Weeks => date.AddDays(7.0 * count),
            DateUnit.Months => date.AddMonths(count),
            DateUnit.Years => date.AddYears(count),
            _ => date.AddDays(count),
        };
        return (moved.ToString(field.Type == FieldType.Date ? "yyyy-MM-dd" : "yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture), null, null);
    }

    private static async Task<Dictionary<(long ContactId, long FieldId), FieldValue>> ValuesAsync(
        ActionBatch<Settings> batch, long[] contactIds, CancellationToken cancellationToken) => (await Sql.Of($"""
        select contact_id, field_id, value, number, instant from contacts.field_value
        where account_id = {batch.AccountId} and contact_id = any ({contactIds}) and field_id = any ({new[] { batch.Settings.Field, batch.Settings.Other ?? 0 }})
        """).ListAsync<Row>(batch.Transaction, cancellationToken)).ToDictionary(r => (r.ContactId, r.FieldId), r => new FieldValue(r.Value, r.Number, r.Instant));

    private sealed record Row(long ContactId, long FieldId, string Value, decimal? Number, DateTimeOffset? Instant);
}

internal enum MathOperation
{
    Add,
    Subtract,
    Multiply,
    Divide,
}

internal enum DateUnit
{
    Days,
    Weeks,
    Months,
    Years,
}
