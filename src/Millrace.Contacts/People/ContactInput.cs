namespace Millrace.Contacts.People;

/// <summary>What someone says about a contact. What is null stays as it is; an empty text clears.</summary>
internal sealed record ContactInput
{
    public string? Email { get; init; }

    public string? FirstName { get; init; }

    public string? LastName { get; init; }

    public string? Phone { get; init; }

    /// <summary>Custom field values as people write them. Ids of fields that do not exist are passed over; a null or empty value clears.</summary>
    public IReadOnlyDictionary<long, string?> Fields { get; init; } = new Dictionary<long, string?>();

    /// <summary>In which times without an offset are read.</summary>
    public string TimeZone { get; init; } = "UTC";

    /// <summary>What precedes the member's name in errors.</summary>
    public string Path { get; init; } = "/";
}
