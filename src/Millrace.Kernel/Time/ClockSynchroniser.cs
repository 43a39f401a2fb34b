using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Millrace.Kernel.Data;
using Millrace.Kernel.Workers;
using Npgsql;

namespace Millrace.Kernel.Time;

/// <summary>Reads the database's clock once a second, and moves virtual time for tests.</summary>
public sealed partial class ClockSynchroniser(NpgsqlDataSource database, ProductClock clock, WorkSignal signal, ILogger<ClockSynchroniser> logger)
    : BackgroundService
{
    // One reading at a time: an older one that comes back late would turn time back.
    private readonly SemaphoreSlim _reading = new(1, 1);
    private TimeSpan _ahead;

    /// <summary>One reading. When virtual time has moved, every waiting pass is woken.</summary>
    public async Task ReadAsync(CancellationToken cancellationToken)
    {
        await _reading.WaitAsync(cancellationToken);
        try
        {
            await SynchroniseAsync(cancellationToken);
        }
        finally
        {
            _reading.Release();
        }
    }

    private async Task SynchroniseAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var reading = await Sql.Of($"select clock_timestamp() + ahead, extract(epoch from ahead)::float8 from kernel.clock")
            .FirstAsync<Reading>(connection, cancellationToken);
        clock.Synchronise(reading!.Now);
        var ahead = TimeSpan.FromSeconds(reading.AheadSeconds);
        if (ahead != _ahead)
        {
            _ahead = ahead;
            signal.PulseAll();
        }
    }

    /// <summary>
    /// Moves virtual time in every role and node. For tests, whose route exists only under the test flag, and for the demo account, which begins in the past.
    /// </summary>
    public async Task AdvanceAsync(TimeSpan by, CancellationToken cancellationToken)
    {
        await using (var connection = await database.OpenConnectionAsync(cancellationToken))
        {
            await Sql.Of($"update kernel.clock set ahead = ahead + {by}").ExecuteAsync(connection, cancellationToken);
        }

        await ReadAsync(cancellationToken);
    }

    /// <summary>Ends virtual time that lies behind: of a demo account that was not made to its end. Time that tests moved forward stays.</summary>
    public async Task LeaveThePastAsync(CancellationToken cancellationToken)
    {
        await using (var connection = await database.OpenConnectionAsync(cancellationToken))
        {
            await Sql.Of($"update kernel.clock set ahead = interval '0' where ahead < interval '0'").ExecuteAsync(connection, cancellationToken);
        }

        await ReadAsync(cancellationToken);
    }

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await ReadAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), TimeProvider.System);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await ReadAsync(stoppingToken);
            }
            catch (NpgsqlException e)
            {
                LogUnread(e);
            }
        }
    }

    public override void Dispose()
    {
        _reading.Dispose();
        base.Dispose();
    }

    private sealed record Reading(DateTimeOffset Now, double AheadSeconds);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The database's clock could not be read")]
    private partial void LogUnread(Exception exception);
}
