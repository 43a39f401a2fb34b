using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Npgsql;

namespace Millrace.Kernel.Data;

/// <summary>
/// One statement, or one of each part of a group, in a transaction of its own for the given accounts, sent in a single round trip: begin, account setting,
/// statements, commit. For the hottest paths, where three more round trips would be most of the time.
/// </summary>
public static class OneRoundTrip
{
    /// <returns>All rows the statement returned, once committed.</returns>
    public static async Task<List<T>> ListAsync<T>(
        NpgsqlDataSource database, IReadOnlyCollection<long> accountIds, Sql statement, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var batch = Batch(connection, accountIds, [statement]);
        var rows = new List<T>();
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        do
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                rows.Add(RowReader<T>.Read(reader));
            }
        }
        while (await reader.NextResultAsync(cancellationToken));
        return rows;
    }

    /// <summary>The statements of all parts, each of which returns rows; each part reads those of its own.</summary>
    internal static async Task RunAsync(
        NpgsqlDataSource database, IReadOnlyCollection<long> accountIds, IReadOnlyList<GroupCommitPart> parts, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var batch = Batch(connection, accountIds, parts.Select(static p => p.Statement()));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        foreach (var part in parts)
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                part.Read(reader);
            }

            // The last call waits for the commit.
            await reader.NextResultAsync(cancellationToken);
        }
    }

    public static async Task ExecuteAsync(
        NpgsqlDataSource database, IReadOnlyCollection<long> accountIds, Sql statement, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var batch = Batch(connection, accountIds, [statement]);
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    [SuppressMessage("Security", "CA2100", Justification = "The setting is made of our own numbers, the statements of literals and parameters.")]
    private static NpgsqlBatch Batch(NpgsqlConnection connection, IReadOnlyCollection<long> accountIds, IEnumerable<Sql> statements)
    {
        var batch = connection.CreateBatch();
        var list = string.Join(',', accountIds.Select(id => id.ToString(CultureInfo.InvariantCulture)));
        batch.BatchCommands.Add(new NpgsqlBatchCommand("begin"));
        batch.BatchCommands.Add(new NpgsqlBatchCommand($"set local app.accounts = '{{{list}}}'"));
        foreach (var statement in statements)
        {
            var command = new NpgsqlBatchCommand(statement.ToString());
            foreach (var parameter in statement.Parameters())
            {
                command.Parameters.Add(parameter);
            }

            batch.BatchCommands.Add(command);
        }

        batch.BatchCommands.Add(new NpgsqlBatchCommand("commit"));
        return batch;
    }
}
