using Millrace.Kernel.Data;
using Npgsql;

namespace Millrace.TestKit;

/// <summary>
/// A database as an earlier version left it, to be filled with rows of that time and migrated on: what a migration does to data is only seen where
/// there is some. Works as the owner, with the rows of account 1 in sight.
/// </summary>
public sealed class OldDatabase : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;
    private readonly string _owner;

    private OldDatabase(string owner)
    {
        _owner = owner;
        _connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(owner) { Pooling = false, Options = "-c app.accounts={1}" }.ConnectionString);
    }

    /// <param name="migration">The first file, or the beginning of its name, that is not applied yet.</param>
    public static async Task<OldDatabase> BeforeAsync(string migration)
    {
        var (owner, _) = await TestServer.NewEmptyDatabaseAsync();
        await Product.MigrateAsync(owner, migration);
        var database = new OldDatabase(owner);
        await database._connection.OpenAsync();
        return database;
    }

    /// <summary>Applies everything that is left, as the start of the new version does.</summary>
    public Task MigrateOnAsync() => Product.MigrateAsync(_owner);

    public Task ExecuteAsync(Sql sql) => sql.ExecuteAsync(_connection, CancellationToken.None);

    public Task<List<T>> ListAsync<T>(Sql sql) => sql.ListAsync<T>(_connection, CancellationToken.None);

    /// <summary>Rows of every table of ours by its name, without the bookkeeping of the migrations.</summary>
    public async Task<Dictionary<string, long>> CountsAsync()
    {
        var tables = await ListAsync<string>(Sql.Of($"""
            select n.nspname || '.' || c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where c.relkind in ('r', 'p') and not c.relispartition and n.nspname not in ('pg_catalog', 'information_schema') and c.relname <> 'migration'
            order by 1
            """));
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var table in tables)
        {
            await using var command = _connection.CreateCommand();
#pragma warning disable CA2100 // The name comes from the catalogue of the database.
            command.CommandText = $"select count(*) from {table}";
#pragma warning restore CA2100
            counts[table] = (long)(await command.ExecuteScalarAsync())!;
        }

        return counts;
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();
}
