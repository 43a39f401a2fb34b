namespace Millrace.Contacts.Fields;

/// <summary>Types of custom fields, named as API v3 names them.</summary>
internal enum FieldType
{
    Text,
    Textarea,
    Date,
    Datetime,
    Dropdown,
    Listbox,
    Radio,
    Checkbox,
    Hidden,
    Number,
    Currency,
    Language,
}

internal static class FieldTypes
{
    public static bool HasOptions(this FieldType type) => type is FieldType.Dropdown or FieldType.Radio || type.IsMany();

    public static bool IsMany(this FieldType type) => type is FieldType.Listbox or FieldType.Checkbox;
}
