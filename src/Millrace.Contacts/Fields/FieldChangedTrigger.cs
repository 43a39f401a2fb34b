using System.ComponentModel;
using Millrace.Contacts.Contracts;
using Millrace.Kernel.Extensibility;

namespace Millrace.Contacts.Fields;

/// <summary>Starts when a field gets another value: from any or a certain one, to any or a certain one. Values are compared ignoring case.</summary>
[AutomationTrigger("field.changed", Title = "Field changes", Group = "Contacts", Description = "Starts when a standard or custom field gets another value.")]
internal sealed class FieldChangedTrigger : AutomationTrigger<FieldChanged, FieldChangedTrigger.Settings>
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

    private static bool IsField(FieldChanged activity, long? field) =>
        field is not { } id || (id > 0 ? activity.FieldId == id : activity.FieldId is null && StandardField.Find(id)?.Key == activity.Field);

    /// <summary>Of a field with several choices, one of them is enough.</summary>
    private static bool Is(string? value, string? wanted) => string.IsNullOrEmpty(wanted)
        || string.Equals(value, wanted, StringComparison.OrdinalIgnoreCase)
        || (value?.StartsWith("||", StringComparison.Ordinal) == true && value.Contains($"||{wanted}||", StringComparison.OrdinalIgnoreCase));
}
