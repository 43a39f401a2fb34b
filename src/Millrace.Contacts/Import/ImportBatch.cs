using Millrace.Contacts.Fields;

namespace Millrace.Contacts.Import;

/// <summary>One row that was not imported.</summary>
/// <param name="Line">Where it begins in the file, from 1.</param>
/// <param name="Code">snake_case, see <see cref="RejectReason"/>.</param>
/// <param name="Message">A sentence for a person.</param>
/// <param name="Content">The row as it stood in the file, shortened.</param>
internal sealed record RejectedRow(long Line, string Code, string Message, string Content);

/// <summary>A value for a custom field of the batch's contact at <paramref name="Row"/>.</summary>
internal readonly record struct BatchValue(int Row, long FieldId, FieldValue Value);

/// <summary>
/// Equally many rows of the file, parsed and checked: contacts column by column, as the database takes them. No e-mail address occurs in two
/// batches of an import, so batches may be written in any order and at the same time.
/// </summary>
internal sealed class ImportBatch(int number)
{
    /// <summary>From 0.</summary>
    public int Number { get; } = number;

    /// <summary>Rows of the file in it, good and bad.</summary>
    public int Rows { get; set; }

    /// <summary>Bytes of the file in it.</summary>
    public long Bytes { get; set; }

    public List<string> Emails { get; } = [];

    /// <summary>Null: leave what is there. Empty: clear it.</summary>
    public List<string?> FirstNames { get; } = [];

    /// <inheritdoc cref="FirstNames"/>
    public List<string?> LastNames { get; } = [];

    /// <inheritdoc cref="FirstNames"/>
    public List<string?> Phones { get; } = [];

    /// <inheritdoc cref="FirstNames"/>
    public List<string?> TimeZones { get; } = [];

    public List<long> Lines { get; } = [];

    /// <summary>The rows' text, kept only when an existing contact means rejection.</summary>
    public List<string> Contents { get; } = [];

    public List<BatchValue> Values { get; } = [];

    public List<RejectedRow> Rejected { get; } = [];
}
