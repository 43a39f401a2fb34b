namespace Millrace.Contacts.Fields;

/// <summary>A value as the database holds it.</summary>
/// <param name="Text">Canonical text: what people and API v3 see. Null clears the field.</param>
/// <param name="Number">For numbers and amounts.</param>
/// <param name="Instant">For dates (midnight UTC) and times.</param>
/// <param name="Choices">For fields with options.</param>
internal sealed record FieldValue(string? Text, decimal? Number = null, DateTimeOffset? Instant = null, string[]? Choices = null)
{
    public static readonly FieldValue None = new(Text: null);
}

/// <summary>Of a field, what reading and writing its values needs.</summary>
internal sealed record FieldDefinition(long Id, string Name, string Key, FieldType Type, string DefaultValue, string[] Options);
