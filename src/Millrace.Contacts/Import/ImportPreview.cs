using System.Text;
using Millrace.Contacts.Contracts;
using Millrace.Contacts.Fields;
using Millrace.Kernel.Data;
using Npgsql;

namespace Millrace.Contacts.Import;

/// <summary>What a file looks like before it is imported.</summary>
/// <param name="Encoding">As found or chosen; null when it is not valid UTF-8 and nothing was chosen, and then the preview is read as <paramref name="SuggestedEncoding"/>.</param>
/// <param name="Delimiter">One character.</param>
/// <param name="Columns">With a proposal each.</param>
/// <param name="Rows">The first ones, header left out.</param>
/// <param name="SampledRows">How many rows at the beginning were looked at for <paramref name="Problems"/>.</param>
internal sealed record ImportPreview(
    string? Encoding, string SuggestedEncoding, IReadOnlyList<string> Encodings, string Delimiter, bool HasHeader,
    IReadOnlyList<PreviewColumn> Columns, IReadOnlyList<IReadOnlyList<string>> Rows, int SampledRows, IReadOnlyList<PreviewProblem> Problems)
{
    private const int MaxSamples = 1_000;
    private const int MaxShown = 10;
    private const int MaxShownColumns = 200;
    private const int SampleBytes = 4 << 20;
    private static readonly char[] Delimiters = [',', ';', '\t', '|'];

    /// <param name="found">The encoding that the upload found, or null.</param>
    /// <param name="encoding">The user's choice, or null.</param>
    /// <param name="delimiter">The user's choice, or null to guess.</param>
    /// <param name="hasHeader">The user's choice, or null to guess.</param>
    public static async Task<ImportPreview> ReadAsync(
        NpgsqlDataSource database, long accountId, long importId, string? found, string? encoding, char? delimiter, bool? hasHeader,
        CancellationToken cancellationToken)
    {
        var known = encoding ?? found;
        var sample = await SampleAsync(database, accountId, importId, known ?? TextEncodings.Suggested, cancellationToken);
        var separator = delimiter ?? await GuessDelimiterAsync(sample, cancellationToken);
        var records = await RecordsAsync(sample, separator, MaxSamples + 1, cancellationToken);
        List<FieldDefinition> fields;
        await using (var work = await AccountTransaction.BeginAsync(database, accountId, cancellationToken))
        {
            fields = await FieldDefinitions.AllAsync(work.Transaction, accountId, cancellationToken);
        }

        var first = records.Count > 0 ? records[0] : [];
        var withHeader = hasHeader ?? !Array.Exists(first, c => EmailAddress.TryNormalise(c, out _) is null);
        var rows = withHeader ? records.GetRange(Math.Min(1, records.Count), Math.Max(0, records.Count - 1)) : records;
        string[] names = withHeader ? first : [.. first.Select(_ => string.Empty)];
        var proposals = ColumnGuess.Guess(names, rows, fields);
        var problems = await ProblemsAsync(sample, separator, withHeader, names, proposals, fields, cancellationToken);
        return new ImportPreview(
            known, TextEncodings.Suggested, TextEncodings.All, separator.ToString(), withHeader,
            [.. names.Take(MaxShownColumns).Select((name, i) => new PreviewColumn(i, Short(name), proposals[i]))],
            [.. rows.Take(MaxShown).Select(r => (IReadOnlyList<string>)[.. r.Take(MaxShownColumns).Select(Short)])],
            rows.Count, problems);
    }

    /// <summary>Names and number of the file's columns under the choices made.</summary>
    public static async Task<string[]> HeaderAsync(
        NpgsqlDataSource database, long accountId, long importId, string encoding, char delimiter, CancellationToken cancellationToken)
    {
        var sample = await SampleAsync(database, accountId, importId, encoding, cancellationToken);
        return (await RecordsAsync(sample, delimiter, 1, cancellationToken)) is [var only] ? only : [];
    }

    private static async Task<byte[]> SampleAsync(
        NpgsqlDataSource database, long accountId, long importId, string encoding, CancellationToken cancellationToken)
    {
        await using var file = await TextEncodings.ToUtf8Async(new ChunkStream(database, accountId, importId), encoding, cancellationToken);
        var sample = new byte[SampleBytes];
        var length = await file.ReadAtLeastAsync(sample, sample.Length, throwOnEndOfStream: false, cancellationToken);
        if (length < sample.Length)
        {
            return sample[..length];
        }

        // A row cut in two would look like a broken one.
        var end = sample.AsSpan().LastIndexOfAny((byte)'\n', (byte)'\r');
        return end < 0 ? sample : sample[..end];
    }

    /// <summary>The one by which the first rows fall into most columns, equally many in each.</summary>
    private static async Task<char> GuessDelimiterAsync(byte[] sample, CancellationToken cancellationToken)
    {
        var (best, most) = (',', 1.0);
        foreach (var candidate in Delimiters)
        {
            var counts = (await RecordsAsync(sample, candidate, 50, cancellationToken)).ConvertAll(r => r.Length);
            if (counts.Count == 0)
            {
                continue;
            }

            var score = counts[0] * (double)counts.Count(c => c == counts[0]) / counts.Count;
            if (counts[0] > 1 && score > most)
            {
                (best, most) = (candidate, score);
            }
        }

        return best;
    }

    private static async Task<List<string[]>> RecordsAsync(byte[] sample, char delimiter, int limit, CancellationToken cancellationToken)
    {
        await using var csv = new CsvReader(new MemoryStream(sample, writable: false), (byte)delimiter);
        var records = new List<string[]>();
        while (records.Count < limit && await csv.MoveAsync(cancellationToken))
        {
            if (csv.Problem == CsvProblem.None)
            {
                var cells = new string[csv.FieldCount];
                for (var i = 0; i < cells.Length; i++)
                {
                    cells[i] = CsvText.Restore(System.Text.Encoding.UTF8.GetString(csv.Field(i)));
                }

                records.Add(cells);
            }
        }

        return records;
    }

    /// <summary>Tries the proposals on the sample, as the import itself would.</summary>
    private static async Task<List<PreviewProblem>> ProblemsAsync(
        byte[] sample, char delimiter, bool hasHeader, string[] header, List<ColumnProposal> proposals, List<FieldDefinition> fields,
        CancellationToken cancellationToken)
    {
        var plan = new ImportPlan
        {
            Encoding = TextEncodings.Utf8,
            Delimiter = delimiter,
            HasHeader = hasHeader,
            Header = header,
            Columns = [.. proposals.Select(p => new PlannedColumn(p.Target, p.FieldId))],
            UpdateExisting = true,
            OverwriteWithBlank = false,
            ListIds = [],
            ListStatus = SubscriptionStatus.Active,
            TagIds = [],
            TriggerAutomations = false,
            TimeZone = "UTC",
        };
        var (mapper, batch) = (new RowMapper(plan, fields.ToDictionary(f => f.Id)), new ImportBatch(0));
        await using var csv = new CsvReader(new MemoryStream(sample, writable: false), (byte)delimiter);
        if (hasHeader)
        {
            await csv.MoveAsync(cancellationToken);
        }

        while (batch.Rows < MaxSamples && await csv.MoveAsync(cancellationToken))
        {
            mapper.Map(csv, batch);
        }

        return [.. batch.Rejected.GroupBy(r => r.Code, StringComparer.Ordinal)
            .Select(g => new PreviewProblem(g.Key, g.First().Message, g.Count(), g.First().Line)).OrderByDescending(p => p.Count)];
    }

    private static string Short(string text)
    {
        var shown = new StringBuilder(text.Length <= 200 ? text : text[..200]).Replace('\0', '\uFFFD');
        return shown.ToString();
    }
}

internal sealed record PreviewColumn(int Index, string Name, ColumnProposal Proposal);

/// <param name="Count">Among the sampled rows.</param>
/// <param name="FirstLine">Of the file.</param>
internal sealed record PreviewProblem(string Code, string Message, int Count, long FirstLine);
