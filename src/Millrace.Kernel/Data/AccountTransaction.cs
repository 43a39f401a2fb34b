using System.Data;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Millrace.Kernel.Time;
using Npgsql;

namespace Millrace.Kernel.Data;

/// <summary>
/// A transaction that may see the rows of the given accounts only (row-level security). The setting lasts exactly as long as the
/// transaction, so it cannot leak through the connection pool. Nothing network-bound belongs inside.
/// </summary>
public sealed class AccountTransaction : IAsyncDisposable
{
    private AccountTransaction(NpgsqlConnection connection, NpgsqlTransaction transaction)
    {
        Connection = connection;
        Transaction = transaction;
    }

    public NpgsqlConnection Connection { get; }

    public NpgsqlTransaction Transaction { get; }

    public static Task<AccountTransaction> BeginAsync(NpgsqlDataSource database, long accountId, CancellationToken cancellationToken) =>
        BeginAsync(database, [accountId], IsolationLevel.ReadCommitted, cancellationToken);

    /// <summary>For a worker's batch: the accounts that occur in it.</summary>
    public static Task<AccountTransaction> BeginAsync(
        NpgsqlDataSource database, IReadOnlyCollection<long> accountIds, CancellationToken cancellationToken) =>
        BeginAsync(database, accountIds, IsolationLevel.ReadCommitted, cancellationToken);

    /// <summary>
    /// For a worker's look over all accounts of this server. Finding work only; its effects run per account. Queues are empty whenever
    /// statistics are taken, which makes the planner believe in reading them whole; so here it must go by keys, down the index, which
    /// also forgets entries that are gone.
    /// </summary>
    public static async Task<AccountTransaction> ForAllAccountsAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        var connection = await database.OpenConnectionAsync(cancellationToken);
        try
        {
            var accountIds = await Sql.Of($"select id from accounts.account").ListAsync<long>(connection, cancellationToken);
            return await BeginOnAsync(connection, accountIds, IsolationLevel.ReadCommitted, cancellationToken, "; set local enable_seqscan = off; set local enable_bitmapscan = off; set local max_parallel_workers_per_gather = 0");
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Everything read in it is of one moment; for exports and reports.</summary>
    public static Task<AccountTransaction> SnapshotAsync(NpgsqlDataSource database, long accountId, CancellationToken cancellationToken) =>
        BeginAsync(database, [accountId], IsolationLevel.RepeatableRead, cancellationToken);

    private static async Task<AccountTransaction> BeginAsync(
        NpgsqlDataSource database, IReadOnlyCollection<long> accountIds, IsolationLevel isolation, CancellationToken cancellationToken)
    {
        var connection = await database.OpenConnectionAsync(cancellationToken);
        try
        {
            return await BeginOnAsync(connection, accountIds, isolation, cancellationToken);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    [SuppressMessage("Security", "CA2100", Justification = "Made of our own numbers only. A literal, because Citus passes on only literal SET LOCAL statements.")]
    private static async Task<AccountTransaction> BeginOnAsync(
        NpgsqlConnection connection, IReadOnlyCollection<long> accountIds, IsolationLevel isolation, CancellationToken cancellationToken, string furtherSettings = "")
    {
        var transaction = await connection.BeginTransactionAsync(isolation, cancellationToken);
        var list = string.Join(',', accountIds.Select(id => id.ToString(CultureInfo.InvariantCulture)));
        await using var command = new NpgsqlCommand($"set local app.accounts = '{{{list}}}'{furtherSettings}", connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
        return new AccountTransaction(connection, transaction);
    }

    /// <exception cref="InvalidOperationException">A simulation is under way: nothing of it may stay.</exception>
    public Task CommitAsync(CancellationToken cancellationToken) => Simulation.IsUnderWay
        ? throw new InvalidOperationException("A simulation is never committed.")
        : Transaction.CommitAsync(cancellationToken);

    /// <summary>Rolls back unless committed.</summary>
    public async ValueTask DisposeAsync()
    {
        await Transaction.DisposeAsync();
        await Connection.DisposeAsync();
    }
}
