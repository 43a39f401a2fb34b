using System.Text.Json;
using Millrace.Contacts.People;
using Millrace.Kernel.Json;

namespace Millrace.Contacts.Export;

/// <summary>Standard columns of an export, in the order in which they are written when none are chosen.</summary>
internal enum ExportColumn
{
    Id,
    Email,
    FirstName,
    LastName,
    Phone,
    TimeZone,
    Tags,
    CreatedAt,
    UpdatedAt,
}

/// <summary>Which contacts and what of them. Everything left out means all.</summary>
/// <param name="Columns">Null: all standard columns.</param>
/// <param name="FieldIds">Null: all custom fields.</param>
internal sealed record ExportRequest(
    IReadOnlyList<long>? ContactIds = null, ContactFilter? Filter = null, JsonElement? Conditions = null, IReadOnlyList<long>? Except = null,
    IReadOnlyList<ExportColumn>? Columns = null, IReadOnlyList<long>? FieldIds = null) : ContactSelection(ContactIds, Filter, Conditions, Except)
{
    public string ToJson() => JsonSerializer.Serialize(this, StoredOptions);

    public static ExportRequest FromJson(JsonElement json) => json.Deserialize<ExportRequest>(StoredOptions)!;

    // Derived members of the filter are written along, so reading back is lenient.
    private static readonly JsonSerializerOptions StoredOptions = new(AppJson.Options)
    {
        UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Skip,
    };
}
