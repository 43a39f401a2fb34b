using System.Diagnostics.CodeAnalysis;
using Npgsql;

namespace Millrace.Kernel.Data;

public sealed partial class Sql
{
    /// <summary>All rows. <typeparamref name="T"/> is a scalar, or a record whose constructor takes the columns in order.</summary>
    public async Task<List<T>> ListAsync<T>(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = Command(connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var read = RowReader<T>.Read;
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    /// <inheritdoc cref="ListAsync{T}(NpgsqlConnection, CancellationToken)"/>
    public Task<List<T>> ListAsync<T>(NpgsqlTransaction transaction, CancellationToken cancellationToken) =>
        ListAsync<T>(transaction.Connection!, cancellationToken);

    /// <inheritdoc cref="ListAsync{T}(NpgsqlConnection, CancellationToken)"/>
    public Task<List<T>> ListAsync<T>(AccountTransaction work, CancellationToken cancellationToken) =>
        ListAsync<T>(work.Connection, cancellationToken);

    /// <summary>The first row, or default when there is none.</summary>
    public async Task<T?> FirstAsync<T>(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = Command(connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? RowReader<T>.Read(reader) : default;
    }

    /// <inheritdoc cref="FirstAsync{T}(NpgsqlConnection, CancellationToken)"/>
    public Task<T?> FirstAsync<T>(NpgsqlTransaction transaction, CancellationToken cancellationToken) =>
        FirstAsync<T>(transaction.Connection!, cancellationToken);

    /// <inheritdoc cref="FirstAsync{T}(NpgsqlConnection, CancellationToken)"/>
    public Task<T?> FirstAsync<T>(AccountTransaction work, CancellationToken cancellationToken) =>
        FirstAsync<T>(work.Connection, cancellationToken);

    /// <returns>Rows affected.</returns>
    public async Task<int> ExecuteAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = Command(connection);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <inheritdoc cref="ExecuteAsync(NpgsqlConnection, CancellationToken)"/>
    public Task<int> ExecuteAsync(NpgsqlTransaction transaction, CancellationToken cancellationToken) =>
        ExecuteAsync(transaction.Connection!, cancellationToken);

    /// <inheritdoc cref="ExecuteAsync(NpgsqlConnection, CancellationToken)"/>
    public Task<int> ExecuteAsync(AccountTransaction work, CancellationToken cancellationToken) => ExecuteAsync(work.Connection, cancellationToken);

    /// <summary>A binary COPY whose text is this statement. It must have no parameters.</summary>
    public Task<NpgsqlBinaryImporter> CopyAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        connection.BeginBinaryImportAsync(ToString(), cancellationToken);

    /// <summary>A reader over many rows, for streaming. The caller disposes it, and with it the command.</summary>
    public async Task<NpgsqlDataReader> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var command = Command(connection);
        return await command.ExecuteReaderAsync(cancellationToken);
    }

    [SuppressMessage("Security", "CA2100", Justification = "The text is made of literals only: the handler turns every hole into a parameter.")]
    private NpgsqlCommand Command(NpgsqlConnection connection)
    {
        var command = new NpgsqlCommand(ToString(), connection);
        foreach (var parameter in Parameters())
        {
            command.Parameters.Add(parameter);
        }

        return command;
    }

    // A fragment may be run twice, and a parameter belongs to one command only.
    internal IEnumerable<NpgsqlParameter> Parameters() => _parts.Where(p => p.Value is not null).Select(p => p.Value!.Clone());
}
