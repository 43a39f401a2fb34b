using System.Diagnostics;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Extensibility;
using Millrace.Segments.Contracts;
using Npgsql;

namespace Millrace.Segments.Saved;

/// <summary>Counting under a time limit. The request's token stops the statement in the database too, so a count nobody waits for costs nothing more.</summary>
internal static class SegmentCounting
{
    public static async Task<(long Count, int TookMs)> CountAsync(
        IConditions conditions, AccountTransaction work, SegmentContext context, ConditionTree tree, CancellationToken cancellationToken)
    {
        // Real time, not the product's: this is about the machine.
        var started = Stopwatch.GetTimestamp();
        var count = await LimitedAsync(work, () => conditions.CountAsync(work.Transaction, context, tree, cancellationToken), cancellationToken);
        return (count, (int)Stopwatch.GetElapsedTime(started).TotalMilliseconds);
    }

    /// <exception cref="InvalidInputException">422 <c>too_slow</c> after five seconds.</exception>
    public static async Task<T> LimitedAsync<T>(AccountTransaction work, Func<Task<T>> ask, CancellationToken cancellationToken)
    {
        await Sql.Of($"set local statement_timeout = '5s'").ExecuteAsync(work, cancellationToken);
        try
        {
            return await ask();
        }
        catch (PostgresException e) when (string.Equals(e.SqlState, PostgresErrorCodes.QueryCanceled, StringComparison.Ordinal) && !cancellationToken.IsCancellationRequested)
        {
            throw new InvalidInputException("/conditions", "too_slow", "This takes longer than five seconds. Ask for less: fewer texts that are searched for in the middle, shorter windows of time.");
        }
    }
}
