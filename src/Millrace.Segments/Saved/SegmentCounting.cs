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

    /// <param name="size">Contacts to show.</param>
    /// <returns>What there is, and how long the look took.</returns>
    public async Task<(SegmentPreview Found, int TookMs)> PreviewAsync(
        AccountTransaction work, SegmentContext context, ConditionTree tree, int size, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var found = await looks.QuestionAsync(work, Path, () => conditions.PreviewAsync(work.Transaction, context, tree, size, cancellationToken), cancellationToken);
        return (found, (int)Stopwatch.GetElapsedTime(started).TotalMilliseconds);
    }
}
