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
/// <param name="Mask">A select of b, m, or null where contacts have to be read one by one.</param>
internal sealed partial record CountPlan(Sql Count, Sql? Mask)
{
    /// <summary>
    /// Two processes and their leader read 2.4 times as much as one. A join that reads all the conditions cannot cost less than their reading shared among
    /// these; one that does, looks a few up.
    /// </summary>
    private const double WorthOfBits = 2.5;

    public static async Task<CountPlan> ChooseAsync(NpgsqlTransaction transaction, ConditionNode root, SegmentContext context, CancellationToken cancellationToken)
    {
        var joined = CountCompiler.Compile(root, context);
        return IsComposed(root) && MaskCompiler.Compile(root, context) is { } masked
            && await CostAsync(transaction, masked.Reads, cancellationToken) <= WorthOfBits * await CostAsync(transaction, joined, cancellationToken)
                ? new(MaskCompiler.Count(masked.Mask), masked.Mask)
                : new(joined, CountCompiler.Mask(root, context));
    }

    /// <summary>Only where the log is asked beside something else there is a choice: it alone is large against what it is joined with.</summary>
    private static bool IsComposed(ConditionNode root)
    {
        var leaves = root.DeepLeaves().Take(2).Count();
        return leaves > 1 && root.DeepLeaves().Any(l => l is ActivityNode);
    }

    private static async Task<double> CostAsync(NpgsqlTransaction transaction, Sql statement, CancellationToken cancellationToken)
    {
        var plan = await Sql.Of($"explain {statement}").ListAsync<string>(transaction, cancellationToken);
        return plan.Count > 0 && TotalCost.Match(plan[0]) is { Success: true } cost ? double.Parse(cost.Groups["total"].ValueSpan, CultureInfo.InvariantCulture) : double.MaxValue;
    }

    [GeneratedRegex(@"\(cost=[0-9.]+\.\.(?<total>[0-9.]+) ", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex TotalCost { get; }
}
