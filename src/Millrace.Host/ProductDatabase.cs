using Millrace.Kernel.Postgres;
using Npgsql;

namespace Millrace.Host;

/// <summary>Where the data is: the private server in the data directory, or the one that <c>Millrace:Database</c> names.</summary>
public sealed class ProductDatabase : IAsyncDisposable
{
    private readonly EmbeddedPostgres? _embedded;
    private readonly string _runtime;

    private ProductDatabase(string owner, string runtime, EmbeddedPostgres? embedded)
    {
        OwnerConnectionString = owner;
        _runtime = runtime;
        _embedded = embedded;
    }

    /// <summary>Runs migrations and owns the schema.</summary>
    public string OwnerConnectionString { get; }

    /// <summary>Whether the server is our own child.</summary>
    public bool IsEmbedded => _embedded is not null;

    public string Description => _embedded is null ? "configured PostgreSQL" : $"embedded PostgreSQL {_embedded.Version}";

    /// <param name="configuration">Reads <c>Millrace:Database</c>, <c>Millrace:DataDirectory</c> and <c>Millrace:Postgres</c>.</param>
    public static async Task<ProductDatabase> OpenAsync(IConfiguration configuration, ILogger logger, CancellationToken cancellationToken)
    {
        if (configuration["Millrace:Database"] is { Length: > 0 } configured)
        {
            // One connection string is enough; an owner of its own keeps even a hijacked runtime session from changing the schema.
            var owner = configuration["Millrace:OwnerDatabase"] is { Length: > 0 } separate ? separate : configured;
            await DatabaseCheck.VerifyAsync(owner, cancellationToken);
            return new ProductDatabase(owner, configured, embedded: null);
        }

        var directory = DataDirectory.Open(configuration["Millrace:DataDirectory"] ?? "./data");
        var options = new EmbeddedPostgresOptions { DataDirectory = directory.Path };
        configuration.GetSection(EmbeddedPostgresOptions.Section).Bind(options);
        // The system's clock on purpose: it times a child process, not the product.
        var embedded = await EmbeddedPostgres.StartAsync(options, logger, TimeProvider.System, cancellationToken);
        return new ProductDatabase(embedded.OwnerConnectionString, embedded.RuntimeConnectionString, embedded);
    }

    /// <summary>The pool of the runtime role, which neither owns the tables nor may go around row-level security.</summary>
    public NpgsqlDataSource Connect(ILoggerFactory loggers, int size = 60)
    {
        var settings = new NpgsqlConnectionStringBuilder(_runtime)
        {
            // Everything we set is local to a transaction, so a connection needs no reset between two users of it.
            NoResetOnClose = true,
            MaxAutoPrepare = 200,
            AutoPrepareMinUsages = 3,
            MaxPoolSize = size,
            ApplicationName = "millrace",
            // Both below the lease of the workers, so that a frozen owner cannot hold a lock for long.
            Options = "-c statement_timeout=20s -c idle_in_transaction_session_timeout=15s -c jit=off",
        };
        var builder = new NpgsqlDataSourceBuilder(settings.ConnectionString);
        builder.UseLoggerFactory(loggers);
        builder.UsePhysicalConnectionInitializer(
            static connection => BecomeRuntime(connection), static connection => BecomeRuntimeAsync(connection));
        return builder.Build();
    }

    // On a configured server the one role that logs in owns the tables; acting as the runtime role binds it to row-level security like everyone.
    private const string SetRole = """
        select case when pg_has_role(current_user, 'millrace', 'member') and current_user <> 'millrace'
               then set_config('role', 'millrace', false) end
        from pg_roles where rolname = 'millrace'
        """;

    private static void BecomeRuntime(NpgsqlConnection connection)
    {
        using var command = new NpgsqlCommand(SetRole, connection);
        command.ExecuteNonQuery();
    }

    private static async Task BecomeRuntimeAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand(SetRole, connection);
        await command.ExecuteNonQueryAsync();
    }

    public ValueTask DisposeAsync() => _embedded?.DisposeAsync() ?? ValueTask.CompletedTask;
}
