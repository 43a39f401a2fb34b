using Millrace.Kernel.Data;
using Millrace.Kernel.Workers;
using Npgsql;

namespace Millrace.Activities.Log;

/// <summary>Keeps the log's monthly partitions ahead of time: last month's to the one after the next.</summary>
internal sealed class MakePartitions(NpgsqlDataSource database, TimeProvider clock) : IWorkerPass
{
    private DateOnly _madeFor;

    public async Task<int> RunOnceAsync(CancellationToken cancellationToken)
    {
        var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        var month = new DateOnly(today.Year, today.Month, 1);
        if (month == _madeFor)
        {
            return 0;
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await Sql.Of($"select pg_advisory_lock({6_413_776_302})").ExecuteAsync(connection, cancellationToken);
        try
        {
            for (var offset = -1; offset <= 2; offset++)
            {
                await MakeAsync(connection, month.AddMonths(offset), cancellationToken);
            }
        }
        finally
        {
            await Sql.Of($"select pg_advisory_unlock({6_413_776_302})").ExecuteAsync(connection, CancellationToken.None);
        }

        _madeFor = month;
        return 0;
    }

    private static async Task MakeAsync(NpgsqlConnection connection, DateOnly month, CancellationToken cancellationToken)
    {
        try
        {
            await Sql.Of($"select activities.make_partition({month})").ExecuteAsync(connection, cancellationToken);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.CheckViolation)
        {
            // Virtual time ran ahead and the default partition already holds rows of that month; they stay there.
        }
    }
}
