using System.ComponentModel;
using System.Text.Json.Nodes;
using Millrace.Contacts.Contracts;
using Millrace.Kernel.Extensibility;

namespace Millrace.Contacts.Fields;

/// <summary>Starts when a field gets another value: from any or a certain one, to any or a certain one. Values are compared ignoring case.</summary>
[AutomationTrigger("field.changed", Title = "Field changes", Group = "Contacts", Description = "Starts when a standard or custom field gets another value.")]
internal sealed class FieldChangedTrigger : AutomationTrigger<FieldChanged, FieldChangedTrigger.Settings>, IStandingTrigger
{
    internal sealed record Settings
    {
        [Description("Leave empty for any field."), Picker("field")]
        public long? Field { get; init; }

        [Description("Value before. Leave empty for any."), MaxCharacters(500)]
        public string? From { get; init; }

        [Description("Value after. Leave empty for any."), MaxCharacters(500)]
        public string? To { get; init; }
    }

    public override bool Matches(FieldChanged activity, Settings settings) =>
        IsField(activity, settings.Field) && Is(activity.From, settings.From) && Is(activity.To, settings.To);

    /// <summary>Who has the value a certain field changes to. What it was before, or that it changed at all, no longer shows.</summary>
    public JsonObject? Standing(object settings)
    {
        var own = (Settings)settings;
        if (own.Field is not { } field || string.IsNullOrEmpty(own.To) || !string.IsNullOrEmpty(own.From))
        {
            return null;
        }

        if (field < 0)
        {
            return StandardField.Find(field) is { } standard ? Leaf(standard.Key, "is") : null;
        }

        // Of a field with several choices, one of them is enough; other fields count as ones with a single one chosen.
        var custom = FormattableString.Invariant($"field:{field}");
        return new() { ["any"] = new JsonArray(Leaf(custom, "is"), Leaf(custom, "has_any")) };

        JsonObject Leaf(string key, string op) => new() { ["field"] = key, ["op"] = op, ["value"] = own.To };
    }

    private static bool IsField(FieldChanged activity, long? field) =>
        field is not { } id || (id > 0 ? activity.FieldId == id : activity.FieldId is null && StandardField.Find(id)?.Key == activity.Field);

    /// <summary>Of a field with several choices, one of them is enough.</summary>
    private static bool Is(string? value, string? wanted) => string.IsNullOrEmpty(wanted)
        || string.Equals(value, wanted, StringComparison.OrdinalIgnoreCase)
        || (value?.StartsWith("||", StringComparison.Ordinal) == true && value.Contains($"||{wanted}||", StringComparison.OrdinalIgnoreCase));
}
