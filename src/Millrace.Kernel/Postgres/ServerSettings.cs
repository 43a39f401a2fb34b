using System.Globalization;
using System.Text;

namespace Millrace.Kernel.Postgres;

/// <summary>
/// What we set and PostgreSQL would choose differently. Written at every start into a file that <c>postgresql.conf</c> includes,
/// so <c>ALTER SYSTEM</c> still has the last word.
/// </summary>
internal static class ServerSettings
{
    public const string FileName = "millrace.conf";
    public const int Port = 5432;

    private const long Megabyte = 1 << 20;

    public static string Text(PostgresProfile profile, string socketFolder, bool compressesWithLz4, long memoryBytes)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["listen_addresses"] = "",
            ["unix_socket_directories"] = socketFolder,
            ["unix_socket_permissions"] = "0700",
            ["port"] = Number(Port),
            ["max_connections"] = "200",
            ["max_locks_per_transaction"] = "256",
            ["timezone"] = "UTC",
            ["log_timezone"] = "UTC",
            ["jit"] = "off",
            ["random_page_cost"] = "1.1",
            ["wal_compression"] = compressesWithLz4 ? "lz4" : "off",

            // The log names no customer: statements and key values stay out of it; whoever ran the statement gets the error.
            ["log_min_error_statement"] = "panic",
            ["log_error_verbosity"] = "terse",
            ["log_checkpoints"] = "off",
            ["log_line_prefix"] = "%m [%p] %q%u@%d ",

            // Queue and run tables turn over completely within minutes; the defaults wait for a fifth of a table to die.
            ["autovacuum_naptime"] = "15s",
            ["autovacuum_vacuum_scale_factor"] = "0.05",
            ["autovacuum_vacuum_insert_scale_factor"] = "0.1",
            ["autovacuum_analyze_scale_factor"] = "0.03",
            ["autovacuum_vacuum_cost_limit"] = "1000",
        };
        foreach (var (name, value) in profile == PostgresProfile.Test ? ForTests() : ForProduction(memoryBytes))
        {
            settings[name] = value;
        }

        var text = new StringBuilder();
        foreach (var (name, value) in settings)
        {
            text.Append(name).Append(" = '").Append(value.Replace("'", "''", StringComparison.Ordinal)).Append("'\n");
        }

        return text.ToString();
    }

    private static Dictionary<string, string> ForProduction(long memoryBytes) => new(StringComparer.Ordinal)
    {
        ["shared_buffers"] = Megabytes(Math.Clamp(memoryBytes / 4, 32 * Megabyte, 2048 * Megabyte)),
        ["effective_cache_size"] = Megabytes(Math.Max(memoryBytes / 2, 64 * Megabyte)),
        ["maintenance_work_mem"] = Megabytes(Math.Clamp(memoryBytes / 16, 16 * Megabyte, 256 * Megabyte)),
        ["work_mem"] = Megabytes(Math.Clamp(memoryBytes / 256, 4 * Megabyte, 32 * Megabyte)),
        ["fsync"] = "on",
        ["synchronous_commit"] = "on",
        ["max_wal_size"] = "4GB",
        ["checkpoint_timeout"] = "15min",
    };

    private static Dictionary<string, string> ForTests() => new(StringComparer.Ordinal)
    {
        ["shared_buffers"] = "64MB",
        ["fsync"] = "off",
        ["synchronous_commit"] = "off",
        ["full_page_writes"] = "off",
        ["max_wal_size"] = "512MB",
        ["checkpoint_timeout"] = "15min",
    };

    private static string Megabytes(long bytes) => $"{Number(bytes / Megabyte)}MB";

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
