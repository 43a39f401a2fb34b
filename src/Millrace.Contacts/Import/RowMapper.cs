using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Millrace.Contacts.Contracts;
using Millrace.Contacts.Fields;
using Millrace.Contacts.People;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Time;

namespace Millrace.Contacts.Import;

/// <summary>Turns records of the file into contacts of a batch, or says why not. The first row of an address wins.</summary>
internal sealed class RowMapper
{
    private const int MaxKeptContent = 10_000;

    private readonly ImportPlan _plan;
    private readonly FieldDefinition?[] _fields;
    private readonly TimeZoneInfo _zone;
    private readonly SeenAddresses _seen = new();
    private readonly List<(long FieldId, FieldValue Value)> _values = [];

    public RowMapper(ImportPlan plan, IReadOnlyDictionary<long, FieldDefinition> fields)
    {
        _plan = plan;
        _fields = [.. plan.Columns.Select(c => c.FieldId is { } id ? fields.GetValueOrDefault(id) : null)];
        _zone = TimeZoneInfo.FindSystemTimeZoneById(plan.TimeZone);
    }

    /// <summary>Adds the reader's present record to the batch.</summary>
    public void Map(CsvReader csv, ImportBatch batch)
    {
        batch.Rows++;
        var row = new Row();
        if (Read(csv, ref row) is var (code, message))
        {
            batch.Rejected.Add(new RejectedRow(csv.Line, code, message, Content(csv)));
            return;
        }

        var at = batch.Emails.Count;
        batch.Emails.Add(row.Email!);
        batch.FirstNames.Add(row.FirstName);
        batch.LastNames.Add(row.LastName);
        batch.Phones.Add(row.Phone);
        batch.TimeZones.Add(row.TimeZone);
        batch.Lines.Add(csv.Line);
        if (!_plan.UpdateExisting)
        {
            batch.Contents.Add(Content(csv));
        }

        foreach (var (fieldId, value) in _values)
        {
            batch.Values.Add(new BatchValue(at, fieldId, value));
        }
    }

    private (string Code, string Message)? Read(CsvReader csv, ref Row row)
    {
        _values.Clear();
        if (Broken(csv) is { } broken)
        {
            return broken;
        }

        for (var i = 0; i < _plan.Columns.Count; i++)
        {
            if (_plan.Columns[i].Target == ColumnTarget.Skip)
            {
                continue;
            }

            var text = CsvText.Restore(Text(csv.Field(i)));
            if (text.Length == 0)
            {
                text = null;
            }
            else if (text.Contains('\0', StringComparison.Ordinal))
            {
                return (RejectReason.NulCharacter, $"Column {i + 1} contains a NUL character.");
            }

            if (Take(i, text, ref row) is { } problem)
            {
                return problem;
            }
        }

        return row.Email is null ? (RejectReason.EmailMissing, "The row has no e-mail address.")
            : _seen.Add(row.Email) ? null
            : (RejectReason.Duplicate, "This address stands in an earlier row, which was taken.");
    }

    private (string Code, string Message)? Broken(CsvReader csv) => csv.Problem switch
    {
        CsvProblem.UnclosedQuote => (RejectReason.UnclosedQuote, "A quotation mark is opened and never closed."),
        CsvProblem.TooLong => (RejectReason.RowTooLong, "The row is longer than 1 MB."),
        _ when csv.FieldCount < _plan.Columns.Count || ExtraText(csv) => (RejectReason.ColumnCount, string.Create(
            CultureInfo.InvariantCulture, $"The row has {csv.FieldCount} columns instead of {_plan.Columns.Count}.")),
        _ => null,
    };

    private bool ExtraText(CsvReader csv)
    {
        for (var i = _plan.Columns.Count; i < csv.FieldCount; i++)
        {
            if (!csv.Field(i).IsEmpty)
            {
                return true;
            }
        }

        return false;
    }

    [SuppressMessage("Performance", "MA0159", Justification = "No ordering here.")]
    private (string Code, string Message)? Take(int column, string? text, ref Row row)
    {
        var blank = _plan.OverwriteWithBlank ? string.Empty : null;
        switch (_plan.Columns[column].Target)
        {
            case ColumnTarget.Email:
                if (text is not null && EmailAddress.TryNormalise(text, out row.Email) is { } error)
                {
                    return (EmailAddress.Code(error), EmailAddress.Message(error));
                }

                return null;
            case ColumnTarget.FirstName:
                return Line(text ?? blank, PersonText.MaxName, "first name", out row.FirstName);
            case ColumnTarget.LastName:
                return Line(text ?? blank, PersonText.MaxName, "last name", out row.LastName);
            case ColumnTarget.Phone:
                return Phone(text ?? blank, out row.Phone);
            case ColumnTarget.TimeZone:
                row.TimeZone = text?.Trim() ?? blank;
                return string.IsNullOrEmpty(row.TimeZone) || WallClock.IsZone(row.TimeZone)
                    ? null
                    : (RejectReason.TimeZoneInvalid, "This time zone is not known; write it as Europe/Berlin.");
            case ColumnTarget.Field:
                return Field(_fields[column], text);
            default:
                return null;
        }
    }

    private (string Code, string Message)? Field(FieldDefinition? field, string? text)
    {
        // A field that was deleted while the import ran is no reason to lose the row.
        if (field is null || (text is null && !_plan.OverwriteWithBlank))
        {
            return null;
        }

        if (!FieldValueParser.TryParse(field, text, _zone, out var value, out var problem))
        {
            return (RejectReason.FieldInvalid, $"{field.Name}: {problem}");
        }

        if (value.Text is not null || _plan.OverwriteWithBlank)
        {
            _values.Add((field.Id, value));
        }

        return null;
    }

    private static (string Code, string Message)? Line(string? text, int max, string what, out string? line)
    {
        line = text?.Trim();
        return line is null || line.Length <= max ? null : (RejectReason.TextTooLong, $"The {what} is longer than {max} characters.");
    }

    private static (string Code, string Message)? Phone(string? text, out string? phone)
    {
        try
        {
            phone = text is null ? null : PersonText.Phone(text, "/phone");
            return null;
        }
        catch (InvalidInputException e)
        {
            phone = null;
            return (RejectReason.PhoneInvalid, e.Message);
        }
    }

    private static string Text(ReadOnlySpan<byte> utf8) => utf8.IsEmpty ? string.Empty : Encoding.UTF8.GetString(utf8);

    private static string Content(CsvReader csv)
    {
        var text = Encoding.UTF8.GetString(csv.Raw[..Math.Min(csv.Raw.Length, MaxKeptContent)]);
        // The replacement sign: PostgreSQL stores no NUL.
        return text.Replace('\0', '\uFFFD');
    }

    private struct Row
    {
        public string? Email;
        public string? FirstName;
        public string? LastName;
        public string? Phone;
        public string? TimeZone;
    }
}
