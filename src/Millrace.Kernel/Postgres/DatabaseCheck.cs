using System.Globalization;
using Millrace.Kernel.Errors;
using Npgsql;

namespace Millrace.Kernel.Postgres;

/// <summary>Asks a configured database server, before anything else, whether it answers and is new enough.</summary>
public static class DatabaseCheck
{
    /// <exception cref="StartupException">One line that names the host, never the password.</exception>
    public static async Task VerifyAsync(string connectionString, CancellationToken cancellationToken)
    {
        var settings = Parse(connectionString);
        var where = string.Create(CultureInfo.InvariantCulture, $"{settings.Host}:{settings.Port}");
        try
        {
            await using var connection = new NpgsqlConnection(settings.ConnectionString);
            await connection.OpenAsync(cancellationToken);
            await using var command = new NpgsqlCommand("select current_setting('server_version_num')::int, split_part(current_setting('server_version'), ' ', 1)", connection);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            await reader.ReadAsync(cancellationToken);
            RequireNewEnough(reader.GetInt32(0), reader.GetString(1), where);
        }
        catch (PostgresException e)
        {
            throw new StartupException($"The database server at {where} refuses: {e.MessageText} (user {settings.Username}, database {settings.Database ?? settings.Username})", e);
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or System.Net.Sockets.SocketException)
        {
            throw new StartupException($"Cannot reach the database server at {where}: {(e.InnerException ?? e).Message.ReplaceLineEndings(" ")}", e);
        }
    }

    /// <param name="versionNumber">As PostgreSQL counts: 140002 is 14.2.</param>
    internal static void RequireNewEnough(int versionNumber, string version, string where)
    {
        if (versionNumber < PostgresBinaries.OldestMajor * 10_000)
        {
            throw new StartupException($"PostgreSQL {PostgresBinaries.OldestMajor} or newer is needed; {where} runs {version}.");
        }
    }

    private static NpgsqlConnectionStringBuilder Parse(string connectionString)
    {
        try
        {
            // A connection of its own: one that failed must not stay in the product's pool.
            return new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false };
        }
        catch (ArgumentException e)
        {
            // Npgsql's message names the keyword, not its value.
            throw new StartupException($"Millrace:Database is not a PostgreSQL connection string (Host=...;Database=...;Username=...;Password=...): {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }
}
