using Millrace.Contacts.Fields;
using Millrace.Kernel.Data;
using Npgsql;

namespace Millrace.Contacts.Import;

/// <summary>Cuts the file of one import into batches, always the same ones.</summary>
internal sealed class ImportReader : IAsyncDisposable
{
    private readonly ImportPlan _plan;
    private readonly CsvReader _csv;
    private readonly RowMapper _rows;
    private long _consumed;
    private int _next;

    private ImportReader(ImportPlan plan, CsvReader csv, RowMapper rows) => (_plan, _csv, _rows) = (plan, csv, rows);

    public static async Task<ImportReader> OpenAsync(
        NpgsqlDataSource database, long accountId, long importId, ImportPlan plan, CancellationToken cancellationToken)
    {
        Dictionary<long, FieldDefinition> fields;
        await using (var work = await AccountTransaction.BeginAsync(database, accountId, cancellationToken))
        {
            fields = (await FieldDefinitions.AllAsync(work.Transaction, accountId, cancellationToken)).ToDictionary(f => f.Id);
        }

        var file = await TextEncodings.ToUtf8Async(new ChunkStream(database, accountId, importId), plan.Encoding, cancellationToken);
        var csv = new CsvReader(file, (byte)plan.Delimiter);
        var reader = new ImportReader(plan, csv, new RowMapper(plan, fields));
        if (plan.HasHeader)
        {
            await csv.MoveAsync(cancellationToken);
        }

        return reader;
    }

    /// <returns>Null behind the last batch.</returns>
    public async Task<ImportBatch?> NextAsync(CancellationToken cancellationToken)
    {
        var batch = new ImportBatch(_next++);
        while (batch.Rows < _plan.BatchRows && await _csv.MoveAsync(cancellationToken))
        {
            _rows.Map(_csv, batch);
        }

        batch.Bytes = _csv.Consumed - _consumed;
        _consumed = _csv.Consumed;
        return batch.Rows > 0 ? batch : null;
    }

    public ValueTask DisposeAsync() => _csv.DisposeAsync();
}
