using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Kernel.Postgres;
using Npgsql;

namespace Millrace.TestKit;

/// <summary>One private PostgreSQL per test process, with a migrated template from which each test class clones its own database.</summary>
public static class TestServer
{
    private static readonly SemaphoreSlim Gate = new(1, 1);
    private static EmbeddedPostgres? Running;
    private static string? Folder;
    private static int Databases;

    /// <summary>A fresh database as the migrations leave it.</summary>
    /// <returns>Connection strings of the owner and of the runtime role.</returns>
    public static async Task<(string Owner, string Runtime)> NewDatabaseAsync()
    {
        await Gate.WaitAsync();
        try
        {
            Running ??= await StartAsync();
            var name = FormattableString.Invariant($"test_{++Databases}");
            await ExecuteAsync(Running.ConnectionString, $"create database {name} owner millrace_owner template migrated strategy file_copy");
            return (With(Running.OwnerConnectionString, name), With(Running.RuntimeConnectionString, name));
        }
        finally
        {
            Gate.Release();
        }
    }

    /// <summary>An empty database without any schema, for tests of the migrations themselves.</summary>
    public static async Task<(string Owner, string Runtime)> NewEmptyDatabaseAsync()
    {
        await Gate.WaitAsync();
        try
        {
            Running ??= await StartAsync();
            var name = FormattableString.Invariant($"test_{++Databases}");
            await ExecuteAsync(Running.ConnectionString, $"create database {name} owner millrace_owner");
            return (With(Running.OwnerConnectionString, name), With(Running.RuntimeConnectionString, name));
        }
        finally
        {
            Gate.Release();
        }
    }

    private static async Task<EmbeddedPostgres> StartAsync()
    {
        Folder = Directory.CreateTempSubdirectory("millrace-tests-").FullName;
        var postgres = await EmbeddedPostgres.StartAsync(
            new EmbeddedPostgresOptions { DataDirectory = Folder, Profile = PostgresProfile.Test }, NullLogger.Instance, TimeProvider.System, CancellationToken.None);
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            postgres.DisposeAsync().AsTask().Wait(TimeSpan.FromSeconds(10));
            Directory.Delete(Folder, recursive: true);
        };
        await ExecuteAsync(postgres.ConnectionString, "create database migrated owner millrace_owner");
        await Product.MigrateAsync(With(postgres.OwnerConnectionString, "migrated"));
        return postgres;
    }

    private static string With(string connectionString, string database) =>
        new NpgsqlConnectionStringBuilder(connectionString) { Database = database }.ConnectionString;

    private static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }
}
