using System.ComponentModel;
using System.Globalization;
using Millrace.Activities.Contracts;
using Millrace.Contacts.People;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Extensibility;
using Millrace.Kernel.Time;

namespace Millrace.Contacts.Fields;

/// <summary>Sets one field of every contact of the batch. A value that does not fit the field leaves it alone, and the trace says why.</summary>
[AutomationAction("field.set", Title = "Update a field", Group = "Contacts", Icon = "pencil", Causes = "field.changed", CausesBy = ["field"],
    Description = "Sets, clears or copies a field of the contact.")]
internal sealed class SetFieldAction(FieldValueWriter writer, StandardFieldWriter standardWriter) : AutomationAction<SetFieldAction.Settings>
{
    internal sealed record Settings
    {
        [Description("Field to update."), Picker("field")]
        public required long Field { get; init; }

        [Description("What happens to it."), Choices("set", "clear", "current_date", "copy")]
        public string Mode { get; init; } = "set";

        [Description("The new value."), ShowWhen("mode", "set"), MaxCharacters(FieldValueParser.MaxLength)]
        public string? Value { get; init; }

        [Description("Field to copy from."), Picker("field"), ShowWhen("mode", "copy")]
        public long? Source { get; init; }
    }

    public override async Task<StepOutcome[]> ExecuteAsync(ActionBatch<Settings> batch, CancellationToken cancellationToken)
    {
        var settings = batch.Settings;
        var fields = await FieldDefinitions.ByIdAsync(
            batch.Transaction, batch.AccountId, [settings.Field, settings.Source ?? 0], cancellationToken);
        var target = fields.GetValueOrDefault(settings.Field);
        if (target is null && !IsSettable(settings.Field))
        {
            return batch.All(StepOutcome.Skip("skipped_field_missing", "The field no longer exists."));
        }

        var zone = WallClock.Zone(batch.TimeZone);
        var values = await ValuesAsync(batch, zone, cancellationToken);
        var origin = new ActivityOrigin(batch.AutomationId, batch.StepKey);
        var problems = new Dictionary<long, string>();
        if (target is not null)
        {
            var writes = new List<FieldWrite>();
            foreach (var contactId in batch.ContactIds.Distinct())
            {
                if (FieldValueParser.TryParse(target, values.GetValueOrDefault(contactId), zone, out var value, out var problem))
                {
                    writes.Add(new FieldWrite(contactId, target, value));
                }
                else
                {
                    problems[contactId] = problem;
                }
            }

            await writer.WriteAsync(batch.Transaction, batch.AccountId, writes, cancellationToken, origin);
        }
        else
        {
            var field = StandardField.Find(settings.Field)!;
            var texts = new Dictionary<long, string>();
            foreach (var contactId in batch.ContactIds.Distinct())
            {
                try
                {
                    var text = values.GetValueOrDefault(contactId) ?? string.Empty;
                    texts[contactId] = field == StandardField.Phone ? PersonText.Phone(text, "/value") : PersonText.Line(text, PersonText.MaxName, "/value");
                }
                catch (DomainException invalid)
                {
                    problems[contactId] = invalid.Message;
                }
            }

            await standardWriter.WriteAsync(batch.Transaction, batch.AccountId, field, texts, cancellationToken, origin);
        }

        return [.. batch.Runs.Select(r => problems.TryGetValue(r.ContactId, out var why) ? StepOutcome.Skip("skipped_bad_value", why) : StepOutcome.Continue)];
    }

    protected override IEnumerable<(string Path, string Message)> Check(Settings settings)
    {
        if (settings.Field < 0 && !IsSettable(settings.Field))
        {
            yield return ("field", "This field cannot be set by an automation.");
        }

        if (settings.Mode == "set" && string.IsNullOrEmpty(settings.Value))
        {
            yield return ("value", "Say the value, or choose to clear the field.");
        }

        if (settings.Mode == "copy" && settings.Source is null)
        {
            yield return ("source", "Choose the field to copy from.");
        }
    }

    /// <summary>The e-mail address is the contact's identity and changes by people's hands only.</summary>
    private static bool IsSettable(long field) => StandardField.Find(field) is { } standard && standard != StandardField.Email;

    private static async Task<IReadOnlyDictionary<long, string?>> ValuesAsync(
        ActionBatch<Settings> batch, TimeZoneInfo zone, CancellationToken cancellationToken)
    {
        string? one = batch.Settings.Mode switch
        {
            "set" => batch.Settings.Value,
            // With its offset, so that a date field takes the day it is here and a time field the moment.
            "current_date" => TimeZoneInfo.ConvertTime(batch.Now, zone).ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture),
            _ => null,
        };
        return batch.Settings is { Mode: "copy", Source: { } source }
            ? await FieldValueReader.TextsAsync(batch.Transaction, batch.AccountId, source, batch.ContactIds, cancellationToken)
            : batch.ContactIds.Distinct().ToDictionary(id => id, _ => one);
    }
}
