using System.Text.Json;
using Millrace.Contacts.Contracts;
using Millrace.Kernel.Json;

namespace Millrace.Contacts.Import;

/// <summary>Where a column of the file goes.</summary>
internal enum ColumnTarget
{
    Skip,
    Email,
    FirstName,
    LastName,
    Phone,
    TimeZone,

    /// <summary>A custom field; which one says the column's field id.</summary>
    Field,
}

/// <param name="FieldId">With <see cref="ColumnTarget.Field"/>.</param>
internal sealed record PlannedColumn(ColumnTarget Target, long? FieldId = null);

/// <summary>All choices of an import, resolved to ids when it starts and never changed after, so that whoever goes on with it does the same.</summary>
internal sealed record ImportPlan
{
    /// <summary>Name of the file's encoding, as <see cref="TextEncodings"/> knows it.</summary>
    public required string Encoding { get; init; }

    public required char Delimiter { get; init; }

    public required bool HasHeader { get; init; }

    /// <summary>Names of the columns as the file has them; empty without a header.</summary>
    public required IReadOnlyList<string> Header { get; init; }

    public required IReadOnlyList<PlannedColumn> Columns { get; init; }

    /// <summary>False: contacts that exist already stay as they are and are listed among the rejected rows.</summary>
    public required bool UpdateExisting { get; init; }

    /// <summary>Whether an empty cell clears what is there.</summary>
    public required bool OverwriteWithBlank { get; init; }

    public required IReadOnlyList<long> ListIds { get; init; }

    /// <summary>Active or unconfirmed.</summary>
    public required SubscriptionStatus ListStatus { get; init; }

    public required IReadOnlyList<long> TagIds { get; init; }

    /// <summary>False: nothing reacts to what the import does; counts are kept all the same.</summary>
    public required bool TriggerAutomations { get; init; }

    /// <summary>IANA zone in which times without an offset are read.</summary>
    public required string TimeZone { get; init; }

    /// <summary>Rows of a batch. Part of the plan, because the cursors count batches.</summary>
    public int BatchRows { get; init; } = 10_000;

    /// <summary>How many batches are written at the same time.</summary>
    public int Lanes { get; init; } = 2;

    public string ToJson() => JsonSerializer.Serialize(this, AppJson.Options);

    public static ImportPlan FromJson(JsonElement json) => json.Deserialize<ImportPlan>(AppJson.Options)!;
}
