using System.Diagnostics;
using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;
using Millrace.Segments.Contracts;

namespace Millrace.Segments.Saved;

/// <summary>How many match, and some of them, under the time limit of questions (422 <c>too_slow</c> at <c>/conditions</c>).</summary>
internal sealed class SegmentCounting(IConditions conditions, TimedLooks looks)
{
    private const string Path = "/conditions";

    public async Task<(long Count, int TookMs)> CountAsync(
        AccountTransaction work, SegmentContext context, ConditionTree tree, CancellationToken cancellationToken)
    {
        // Real time, not the product's: this is about the machine.
        var started = Stopwatch.GetTimestamp();
        var count = await looks.QuestionAsync(work, Path, () => conditions.CountAsync(work.Transaction, context, tree, cancellationToken), cancellationToken);
        return (count, (int)Stopwatch.GetElapsedTime(started).TotalMilliseconds);
    }

    /// <param name="count">How many there are, as counted before: it decides from which end they are found.</param>
    public async Task<List<SampleContact>> SampleAsync(
        AccountTransaction work, SegmentContext context, ConditionTree tree, int size, long count, CancellationToken cancellationToken) => count == 0 || size == 0
            ? []
            : await looks.QuestionAsync(work, Path, () => conditions.SampleAsync(work.Transaction, context, tree, size, cancellationToken, count), cancellationToken);
}
