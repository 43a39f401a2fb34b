using Millrace.Kernel.Data;
using Npgsql;

namespace Millrace.Contacts.Import;

/// <summary>The uploaded file, read from its chunks; one short transaction each, so that nothing stays open while rows are written.</summary>
internal sealed class ChunkStream(NpgsqlDataSource database, long accountId, long importId) : ReadOnlyStream
{
    private byte[] _chunk = [];
    private int _position;
    private int _next;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_position == _chunk.Length)
        {
            await using var work = await AccountTransaction.BeginAsync(database, accountId, cancellationToken);
            _chunk = await Sql.Of($"""
                select content from contacts.import_chunk where account_id = {accountId} and import_id = {importId} and no = {_next}
                """).FirstAsync<byte[]>(work, cancellationToken) ?? [];
            await work.CommitAsync(cancellationToken);
            _position = 0;
            _next++;
        }

        var length = Math.Min(buffer.Length, _chunk.Length - _position);
        _chunk.AsMemory(_position, length).CopyTo(buffer);
        _position += length;
        return length;
    }
}
