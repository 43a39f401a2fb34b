using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Millrace.Accounts.Contracts;
using Millrace.Kernel.Workers;
using Npgsql;

namespace Millrace.Accounts.Live;

/// <summary>Hears what any process of this database tells (<see cref="LiveChanges"/>) and hands it to the open pages of this process. One connection, idle while nothing happens.</summary>
internal sealed partial class LiveHub(NpgsqlDataSource database, ProcessRoles roles, ILogger<LiveHub> logger) : BackgroundService
{
    /// <summary>How often the connection is asked whether it still lives.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<LiveListener, byte> _listeners = new();

    /// <summary>Open pages.</summary>
    public int Count => _listeners.Count;

    public int CountOf(long accountId, long userId) => _listeners.Keys.Count(l => l.AccountId == accountId && l.UserId == userId);

    public void Add(LiveListener listener) => _listeners[listener] = 0;

    public void Remove(LiveListener listener) => _listeners.TryRemove(listener, out _);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!roles.Web)
        {
            return;
        }

        for (var failures = 0; !stoppingToken.IsCancellationRequested;)
        {
            try
            {
                await ListenAsync(() => failures = 0, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                LogLost(e, ++failures);
                await Task.Delay(TimeSpan.FromMilliseconds(Math.Min(10_000, 200 * Math.Pow(2, failures))), TimeProvider.System, CancellationToken.None)
                    .WaitAsync(stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task ListenAsync(Action connected, CancellationToken stoppingToken)
    {
        await using var connection = await database.OpenConnectionAsync(stoppingToken);
        connection.Notification += (_, message) => Hand(message.Payload);
        await using (var listen = new NpgsqlCommand("listen " + LiveChanges.Channel, connection))
        {
            await listen.ExecuteNonQueryAsync(stoppingToken);
        }

        connected();
        // What was told while nobody listened is not known: everything may have changed.
        foreach (var listener in _listeners.Keys)
        {
            listener.TellAll();
        }

        while (!stoppingToken.IsCancellationRequested)
        {
            if (!await connection.WaitAsync(Look, stoppingToken))
            {
                await using var alive = new NpgsqlCommand("select 1", connection);
                await alive.ExecuteNonQueryAsync(stoppingToken);
            }
        }
    }

    private void Hand(string payload)
    {
        if (payload.Split(' ', 2) is not [var account, var topic] || !long.TryParse(account, CultureInfo.InvariantCulture, out var accountId))
        {
            return;
        }

        foreach (var listener in _listeners.Keys.Where(l => l.AccountId == accountId))
        {
            listener.Tell(topic);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The live channel lost the database, {Failures} in a row; pages ask by themselves meanwhile")]
    private partial void LogLost(Exception exception, int failures);
}
