using System.ComponentModel;
using System.Text.Json;
using Millrace.Contacts.Contracts;
using Millrace.Contacts.People;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Extensibility;
using Npgsql;

namespace Millrace.Contacts.Fields;

/// <summary>Sets or clears one field of many contacts.</summary>
[BulkAction("field.set", Title = "Set field", Icon = "pencil", Order = 50, Description = "Gives a field of every chosen contact the same value, or clears it.")]
internal sealed class SetFieldBulk(FieldValueWriter writer, StandardFieldWriter standardWriter) : BulkAction<SetFieldBulk.Settings>
{
    internal sealed record Settings
    {
        [Description("Field to change."), Picker("field")]
        public required long Field { get; init; }

        [Description("Empty clears the field. Dates as 2026-12-31, several choices with commas."), MaxCharacters(FieldValueParser.MaxLength)]
        public string? Value { get; init; }
    }

    /// <summary>What undoing needs: the value before, and the one that must still be there.</summary>
    private sealed record Replaced(string? Was, string? Is);

    public override bool CanUndo => true;

    public override IReadOnlyDictionary<string, string> Reasons { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["has_value"] = "Had this value already",
        ["field_gone"] = "The field was deleted",
        ["changed_since"] = "The value has changed since",
    };

    protected override string Describe(Settings settings, Func<string, long, string> nameOf) => string.IsNullOrWhiteSpace(settings.Value)
        ? $"Clear “{nameOf("field", settings.Field)}”"
        : $"Set “{nameOf("field", settings.Field)}” to “{settings.Value}”";

    protected override async Task CheckAsync(NpgsqlTransaction transaction, long accountId, Settings settings, CancellationToken cancellationToken)
    {
        if (settings.Field == StandardField.Email.Id)
        {
            throw new InvalidInputException("/settings/field", "not_settable", "The e-mail address is what tells contacts apart; many cannot have the same.");
        }

        _ = await TextAsync(transaction, accountId, settings, cancellationToken);
    }

    protected override async Task<IReadOnlyList<BulkOutcome>> ExecuteAsync(BulkBatch batch, Settings settings, CancellationToken cancellationToken)
    {
        var before = await FieldValueReader.TextsAsync(batch.Transaction, batch.AccountId, settings.Field, batch.ContactIds, cancellationToken);
        if (await TextAsync(batch.Transaction, batch.AccountId, settings, cancellationToken) is not (true, var text))
        {
            return [.. batch.ContactIds.Select(id => new BulkOutcome(id, "field_gone"))];
        }

        await WriteAsync(batch, settings.Field, batch.ContactIds.ToDictionary(id => id, _ => text), cancellationToken);
        return [.. batch.ContactIds.Select(id => string.Equals(before.GetValueOrDefault(id), text, StringComparison.Ordinal)
            ? new BulkOutcome(id, "has_value")
            : new BulkOutcome(id, Previous: JsonSerializer.Serialize(new Replaced(before.GetValueOrDefault(id), text))))];
    }

    protected override async Task<IReadOnlyList<BulkOutcome>> UndoAsync(
        BulkBatch batch, Settings settings, IReadOnlyDictionary<long, string?> previous, CancellationToken cancellationToken)
    {
        var (exists, _) = await TextAsync(batch.Transaction, batch.AccountId, settings with { Value = null }, cancellationToken);
        var now = await FieldValueReader.TextsAsync(batch.Transaction, batch.AccountId, settings.Field, batch.ContactIds, cancellationToken);
        var back = new Dictionary<long, string?>();
        foreach (var id in batch.ContactIds)
        {
            if (exists && previous.GetValueOrDefault(id) is { } json && JsonSerializer.Deserialize<Replaced>(json) is { } replaced
                && string.Equals(now.GetValueOrDefault(id), replaced.Is, StringComparison.Ordinal))
            {
                back[id] = replaced.Was;
            }
        }

        await WriteAsync(batch, settings.Field, back, cancellationToken);
        return [.. batch.ContactIds.Select(id => new BulkOutcome(id, back.ContainsKey(id) ? null : exists ? "changed_since" : "field_gone"))];
    }

    /// <summary>The value in the form in which the field holds it; null clears.</summary>
    /// <exception cref="InvalidInputException">It does not fit the field.</exception>
    private static async Task<(bool FieldExists, string? Text)> TextAsync(
        NpgsqlTransaction transaction, long accountId, Settings settings, CancellationToken cancellationToken)
    {
        if (StandardField.Find(settings.Field) is { } standard)
        {
            var text = settings.Value ?? string.Empty;
            var line = standard == StandardField.Phone
                ? PersonText.Phone(text, "/settings/value")
                : PersonText.Line(text, PersonText.MaxName, "/settings/value");
            return (true, line.Length == 0 ? null : line);
        }

        var fields = await FieldDefinitions.ByIdAsync(transaction, accountId, [settings.Field], cancellationToken);
        return fields.GetValueOrDefault(settings.Field) is not { } field ? (false, null)
            : FieldValueParser.TryParse(field, settings.Value, TimeZoneInfo.Utc, out var value, out var problem) ? (true, value.Text)
            : throw new InvalidInputException("/settings/value", "value_invalid", problem);
    }

    private async Task WriteAsync(BulkBatch batch, long fieldId, IReadOnlyDictionary<long, string?> texts, CancellationToken cancellationToken)
    {
        if (StandardField.Find(fieldId) is { } standard)
        {
            await standardWriter.WriteAsync(
                batch.Transaction, batch.AccountId, standard, texts.ToDictionary(t => t.Key, t => t.Value ?? string.Empty), cancellationToken);
            return;
        }

        var field = (await FieldDefinitions.ByIdAsync(batch.Transaction, batch.AccountId, [fieldId], cancellationToken))[fieldId];
        var writes = new List<FieldWrite>();
        foreach (var (id, text) in texts)
        {
            // An old value of a choice whose option is gone by now: cleared rather than wrong.
            writes.Add(new FieldWrite(id, field, FieldValueParser.TryParse(field, text, TimeZoneInfo.Utc, out var value, out _) ? value : FieldValue.None));
        }

        await writer.WriteAsync(batch.Transaction, batch.AccountId, writes, cancellationToken);
    }
}
