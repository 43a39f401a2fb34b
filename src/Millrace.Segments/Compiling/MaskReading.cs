using Millrace.Kernel.Data;
using Npgsql;

namespace Millrace.Segments.Compiling;

/// <summary>
/// Asks a statement over bits (<see cref="MaskCompiler"/>), planned as what it is. The planner takes nearly every contact for a block of its own: it would sort
/// hundreds of thousands of rows for fear of a hash that does not fit, and leave the smaller conditions to one process for fear of what the others would hand over.
/// There is one entry for 64 contacts, so of the memory that is allowed here a hundredth is used.
/// </summary>
internal static class MaskReading
{
    private static readonly Sql Settings = Sql.Of($"set local work_mem = '64MB'; set local parallel_tuple_cost = 0.01");
    private static readonly Sql Defaults = Sql.Of($"set local work_mem to default; set local parallel_tuple_cost to default");

    /// <summary>The first row; whatever the transaction does next is planned as before.</summary>
    public static async Task<T?> FirstAsync<T>(NpgsqlTransaction transaction, Sql statement, CancellationToken cancellationToken)
    {
        await Settings.ExecuteAsync(transaction, cancellationToken);
        var found = await statement.FirstAsync<T>(transaction, cancellationToken);
        await Defaults.ExecuteAsync(transaction, cancellationToken);
        return found;
    }
}
