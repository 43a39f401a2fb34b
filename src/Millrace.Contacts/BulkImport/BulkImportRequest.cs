using System.Text.Json.Serialization;
using Millrace.Api.Dialect;

namespace Millrace.Contacts.BulkImport;

/// <summary>The body of <c>POST /api/3/import/bulk_import</c>, which has no wrapper. Stored as it was read once it has been checked.</summary>
internal sealed record BulkImportRequest(IReadOnlyList<BulkContact>? Contacts = null, BulkCallback? Callback = null);

/// <param name="CompanyName">Firms are not kept yet; taken and passed over.</param>
/// <param name="ExcludeAutomations">What happens to this contact starts nothing.</param>
internal sealed record BulkContact(
    string? Email = null,
    [property: JsonPropertyName("first_name")] string? FirstName = null,
    [property: JsonPropertyName("last_name")] string? LastName = null,
    string? Phone = null,
    [property: JsonPropertyName("customer_acct_name")] string? CompanyName = null,
    IReadOnlyList<string?>? Tags = null,
    IReadOnlyList<BulkField?>? Fields = null,
    IReadOnlyList<BulkList?>? Subscribe = null,
    IReadOnlyList<BulkList?>? Unsubscribe = null,
    [property: JsonPropertyName("exclude_automations")] string? ExcludeAutomations = null)
{
    [JsonIgnore]
    public bool IsQuiet => ExcludeAutomations is "1" or "true" or "True";
}

internal sealed record BulkField(V3Id Id = default, string? Value = null);

internal sealed record BulkList(V3Id Listid = default);

/// <summary>Whom to tell when it is done. GET: the parameters go into the query; POST: into a form, with the counts when <c>detailed_results</c> is true.</summary>
internal sealed record BulkCallback(
    string? Url = null, string? RequestType = null, [property: JsonPropertyName("detailed_results")] string? DetailedResults = null,
    IReadOnlyList<BulkPair?>? Params = null, IReadOnlyList<BulkPair?>? Headers = null)
{
    [JsonIgnore]
    public bool IsGet => string.Equals(RequestType, "GET", StringComparison.OrdinalIgnoreCase);

    [JsonIgnore]
    public bool IsDetailed => DetailedResults is "1" or "true" or "True";
}

internal sealed record BulkPair(string? Key = null, string? Value = null);
