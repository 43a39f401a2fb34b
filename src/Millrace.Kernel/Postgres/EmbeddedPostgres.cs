using Microsoft.Extensions.Logging;
using Millrace.Kernel.Errors;
using Npgsql;

namespace Millrace.Kernel.Postgres;

/// <summary>
/// A private PostgreSQL in the data directory, reached through a Unix socket that only we (and root) can open; no TCP, no passwords.
/// It ends with us: stopped by <see cref="DisposeAsync"/>, told by the kernel when we are killed. When it ends by itself
/// it is started again.
/// </summary>
public sealed partial class EmbeddedPostgres : IAsyncDisposable
{
    private static readonly TimeSpan LongestPauseBeforeRestart = TimeSpan.FromSeconds(5);

    private readonly FileStream _lock;
    private readonly PostgresBinaries _binaries;
    private readonly ServiceUser? _user;
    private readonly ClusterDirectory _cluster;
    private readonly string _socketFolder;
    private readonly string _logFile;
    private readonly ILogger _logger;
    private readonly TimeProvider _clock;
    private readonly CancellationTokenSource _stopping = new();
    private volatile Postmaster? _server;
    private Task _supervision = Task.CompletedTask;

    private EmbeddedPostgres(
        FileStream directoryLock, PostgresBinaries binaries, ServiceUser? user, ClusterDirectory cluster, string socketFolder, string logFile, ILogger logger, TimeProvider clock)
    {
        (_lock, _binaries, _user, _cluster, _socketFolder) = (directoryLock, binaries, user, cluster, socketFolder);
        (_logFile, _logger, _clock) = (logFile, logger, clock);
    }

    /// <summary>Superuser <c>postgres</c> on the database <c>postgres</c>: for maintenance and tests, never for the product's work.</summary>
    public string ConnectionString => Connection("postgres", "postgres");

    /// <summary>Role <c>millrace_owner</c>: owns the database <c>millrace</c>, runs migrations, may create databases.</summary>
    public string OwnerConnectionString => Connection(Bootstrap.Owner, Bootstrap.Database);

    /// <summary>Role <c>millrace</c>: reads and writes what the owner made; no DDL, row-level security applies to it.</summary>
    public string RuntimeConnectionString => Connection(Bootstrap.Runtime, Bootstrap.Database);

    /// <summary>The server's version, such as <c>15.13</c>.</summary>
    public string Version => _binaries.Version;

    /// <summary>Of the server's main process; changes when it had to be started again.</summary>
    public int ProcessId => _server?.ProcessId ?? 0;

    /// <summary>Starts the server on the data directory, creating the database where there is none.</summary>
    /// <param name="clock">Real time; waiting for a process makes no sense in a virtual one.</param>
    /// <exception cref="StartupException">The operator must act; the message is one line.</exception>
    public static async Task<EmbeddedPostgres> StartAsync(
        EmbeddedPostgresOptions options, ILogger logger, TimeProvider clock, CancellationToken cancellationToken)
    {
        var data = DataDirectory.Open(options.DataDirectory);
        var directoryLock = data.Lock();
        EmbeddedPostgres? server = null;
        try
        {
            var user = ServiceUser.ForThisProcess();
            var cluster = await ClusterDirectory.PlaceAsync(data, user, cancellationToken);
            var binaries = await BinarySearch.FindAsync(options, cluster.Major, cancellationToken);
            if (cluster.Major is null)
            {
                LogInitializing(logger, binaries.Version, cluster.Path);
                await cluster.InitializeAsync(binaries, user, options.Profile, cancellationToken);
            }

            var socketFolder = await SocketFolder.PrepareAsync(cluster, user, cancellationToken);
            await cluster.WriteSettingsAsync(binaries, user, options.Profile, socketFolder, cancellationToken);
            var logFile = PrepareLog(data);
            server = new EmbeddedPostgres(directoryLock, binaries, user, cluster, socketFolder, logFile, logger, clock);
            await server.StartServerAsync(cancellationToken);
            await Bootstrap.EnsureAsync(new NpgsqlConnectionStringBuilder(server.ConnectionString) { Pooling = false }, cancellationToken);
            server._supervision = server.SuperviseAsync();
            LogStarted(logger, binaries.Version, binaries.Folder, cluster.Path);
            return server;
        }
        catch
        {
            if (server is null)
            {
                await directoryLock.DisposeAsync();
            }
            else
            {
                await server.DisposeAsync();
            }

            throw;
        }
    }

    /// <summary>Fast shutdown: sessions are cut, a checkpoint is written, the next start needs no recovery.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _supervision;
        if (_server is { } running)
        {
            await running.StopAsync(_clock);
        }

        await _lock.DisposeAsync();
        _stopping.Dispose();
    }

    private async Task StartServerAsync(CancellationToken cancellationToken)
    {
        var pidFile = new PostmasterPid(_cluster.Path, _socketFolder);
        if (await pidFile.ClearAsync(_clock, cancellationToken) is { } orphan)
        {
            LogOrphanStopped(_logger, orphan);
        }

        _server = await Postmaster.StartAsync(_binaries, _user, _cluster.Path, pidFile, _logFile, _clock, cancellationToken);
    }

    /// <summary>Without a limit on purpose: as long as we run, a database that can come back shall.</summary>
    private async Task SuperviseAsync()
    {
        var pause = TimeSpan.Zero;
        try
        {
            while (true)
            {
                await _server!.Exited.WaitAsync(_stopping.Token);
                LogExited(_logger, _logFile);
                await Task.Delay(pause, _clock, _stopping.Token);
                pause = pause < LongestPauseBeforeRestart ? pause + TimeSpan.FromMilliseconds(500) : LongestPauseBeforeRestart;
                try
                {
                    await StartServerAsync(_stopping.Token);
                    pause = TimeSpan.Zero;
                }
                catch (StartupException e)
                {
                    LogRestartFailed(_logger, e.Message);
                }
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // Disposed: that ends the server itself.
        }
    }

    private string Connection(string user, string database) => new NpgsqlConnectionStringBuilder
    {
        Host = _socketFolder,
        Port = ServerSettings.Port,
        Username = user,
        Database = database,
    }.ConnectionString;

    /// <summary>Kept between starts, so the story of a crash can be read; one old file when it has grown.</summary>
    private static string PrepareLog(DataDirectory data)
    {
        const int MostBytes = 10 << 20;
        var log = new FileInfo(Path.Combine(data.Path, "postgres.log"));
        if (log.Exists && log.Length > MostBytes)
        {
            log.MoveTo($"{log.FullName}.1", overwrite: true);
        }

        return Path.Combine(data.Path, "postgres.log");
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Creating a PostgreSQL {Version} database in {Folder}")]
    private static partial void LogInitializing(ILogger logger, string version, string folder);

    [LoggerMessage(Level = LogLevel.Information, Message = "PostgreSQL {Version} ({Binaries}) serves {Folder}")]
    private static partial void LogStarted(ILogger logger, string version, string binaries, string folder);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Stopped the PostgreSQL server (process {ProcessId}) that a killed Millrace had left behind")]
    private static partial void LogOrphanStopped(ILogger logger, int processId);

    [LoggerMessage(Level = LogLevel.Error, Message = "The embedded PostgreSQL has ended by itself and is started again; its log is {LogFile}")]
    private static partial void LogExited(ILogger logger, string logFile);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Reason}")]
    private static partial void LogRestartFailed(ILogger logger, string reason);
}
