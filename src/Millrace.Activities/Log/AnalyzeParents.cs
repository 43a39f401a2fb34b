using Millrace.Kernel.Data;
using Millrace.Kernel.Workers;
using Npgsql;

namespace Millrace.Activities.Log;

/// <summary>Keeps the planner's statistics of partitioned tables, which autovacuum leaves alone. Asking costs a look at the catalogue; work is done only after a tenth has changed.</summary>
internal sealed class AnalyzeParents(NpgsqlDataSource database) : IWorkerPass
{
    public async Task<int> RunOnceAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await Sql.Of($"select kernel.analyze_parents()").ExecuteAsync(connection, cancellationToken);

        // Never busy: what is left to do comes after the pause.
        return 0;
    }
}
