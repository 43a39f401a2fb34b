using System.Globalization;
using System.Text.RegularExpressions;
using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;
using Millrace.Segments.Tree;
using Npgsql;

namespace Millrace.Segments.Compiling;

/// <summary>
/// How all contacts of a tree are found: from the condition that names the fewest, looking up the rest of each (<see cref="CountCompiler"/>), or by reading
/// every condition whole, as bits (<see cref="MaskCompiler"/>). Which is quicker depends on how many each condition names, so the planner is asked.
/// </summary>
/// <param name="Count">One row of one number.</param>
/// <param name="CountsBits">It is the bits of <paramref name="Mask"/> that are counted.</param>
/// <param name="Mask">A select of b, m, or null where contacts have to be read one by one.</param>
internal sealed partial record CountPlan(Sql Count, bool CountsBits, Sql? Mask)
{
    /// <summary>
    /// Two processes and their leader read 2.4 times as much as one. A join that reads all the conditions cannot cost less than their reading shared among
    /// these; one that does, looks a few up.
    /// </summary>
    private const double WorthOfBits = 2.5;

    public static async Task<CountPlan> ChooseAsync(NpgsqlTransaction transaction, ConditionNode root, SegmentContext context, CancellationToken cancellationToken)
    {
        if (!root.DeepLeaves().Any(l => l is ActivityNode) || MaskCompiler.Compile(root, context) is not { } masked)
        {
            return new(CountCompiler.Compile(root, context), CountsBits: false, CountCompiler.Mask(root, context));
        }

        var joined = CountCompiler.Compile(root, context);
        // The log alone is large against what it is joined with: only beside something else there is a choice.
        return !root.DeepLeaves().Skip(1).Any()
            || await CostAsync(transaction, masked.Reads, cancellationToken) <= WorthOfBits * await CostAsync(transaction, joined, cancellationToken)
                ? new(MaskCompiler.Count(masked.Mask), CountsBits: true, masked.Mask)
                : new(joined, CountsBits: false, CountCompiler.Mask(root, context));
    }

    public Task<long> CountAsync(NpgsqlTransaction transaction, CancellationToken cancellationToken) =>
        CountsBits ? MaskReading.FirstAsync<long>(transaction, Count, cancellationToken) : Count.FirstAsync<long>(transaction, cancellationToken);

    private static async Task<double> CostAsync(NpgsqlTransaction transaction, Sql statement, CancellationToken cancellationToken)
    {
        var plan = await Sql.Of($"explain {statement}").ListAsync<string>(transaction, cancellationToken);
        return plan.Count > 0 && TotalCost.Match(plan[0]) is { Success: true } cost ? double.Parse(cost.Groups["total"].ValueSpan, CultureInfo.InvariantCulture) : double.MaxValue;
    }

    [GeneratedRegex(@"\(cost=[0-9.]+\.\.(?<total>[0-9.]+) ", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex TotalCost { get; }
}
