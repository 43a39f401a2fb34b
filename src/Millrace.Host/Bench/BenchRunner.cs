using System.Globalization;
using System.Text.Json;
using Millrace.Kernel.Json;

namespace Millrace.Host.Bench;

/// <summary>
/// Runs the pairs: bound, product, bound, product ... bound, so that each product round is judged by the mean of the bounds beside it.
/// A pair whose two bounds differ by more than a third is noise; it is counted, and not used.
/// </summary>
internal static class BenchRunner
{
    private const double MaxNoise = 1.0 / 3;

    private sealed record Report(
        string Bench, double Figure, string Unit, double Bound, string BoundIs, double Ratio, double Goal, double CpuMsPerItem, double BoundCpuMsPerItem,
        double WalBytesPerItem, int Pairs, int NoisyPairs, bool Pass);

    private sealed record Round(double Rate, double CpuMsPerItem, double WalPerItem);

    public static async Task<int> RunAsync(Benchmark benchmark, BenchContext context, CancellationToken cancellationToken)
    {
        Console.WriteLine($"{benchmark.Name}: preparing");
        await benchmark.PrepareAsync(context, cancellationToken);
        await WarmUpAsync(benchmark, context, cancellationToken);
        var bounds = new List<Round> { await MeasureAsync("bound", 0, benchmark.BoundAsync, context, cancellationToken) };
        var products = new List<Round>();
        for (var i = 0; i < benchmark.Pairs; i++)
        {
            products.Add(await MeasureAsync("product", i + 1, benchmark.ProductAsync, context, cancellationToken));
            bounds.Add(await MeasureAsync("bound", i + 1, benchmark.BoundAsync, context, cancellationToken));
        }

        var quiet = Enumerable.Range(0, products.Count)
            .Where(i => Math.Abs(bounds[i].Rate - bounds[i + 1].Rate) <= MaxNoise * Math.Max(bounds[i].Rate, bounds[i + 1].Rate)).ToList();
        var used = quiet.Count > 0 ? quiet : [.. Enumerable.Range(0, products.Count)];
        var ratio = Median(used.Select(i => products[i].Rate / ((bounds[i].Rate + bounds[i + 1].Rate) / 2)));
        var report = new Report(
            benchmark.Name, Round0(Median(used.Select(i => products[i].Rate))), benchmark.Unit, Round0(Median(bounds.Select(b => b.Rate))), benchmark.BoundIs,
            Math.Round(ratio, 3), benchmark.Goal, Math.Round(Median(products.Select(p => p.CpuMsPerItem)), 4), Math.Round(Median(bounds.Select(b => b.CpuMsPerItem)), 4),
            Round0(Median(products.Select(p => p.WalPerItem))), products.Count, products.Count - quiet.Count, ratio >= benchmark.Goal);
        Console.WriteLine(JsonSerializer.Serialize(report, AppJson.Options));
        return report.Pass ? 0 : 1;
    }

    /// <summary>One round of both sides that does not count: code is compiled, tables have statistics. What runs for weeks is measured, not its first second.</summary>
    private static async Task WarmUpAsync(Benchmark benchmark, BenchContext context, CancellationToken cancellationToken)
    {
        await benchmark.BoundAsync(context, 0, cancellationToken);
        await context.AnalyzeAsync(cancellationToken);
        await MeasureAsync("warm-up", 0, benchmark.ProductAsync, context, cancellationToken);
        await context.AnalyzeAsync(cancellationToken);
    }

    private static async Task<Round> MeasureAsync(
        string side, int round, Func<BenchContext, int, CancellationToken, Task<(long Items, double Seconds)>> work, BenchContext context,
        CancellationToken cancellationToken)
    {
        GC.Collect();
        var (cpu, wal) = (BenchContext.CpuSeconds(), await context.WalBytesAsync(cancellationToken));
        var (items, seconds) = await work(context, round, cancellationToken);
        var result = new Round(
            items / seconds, (BenchContext.CpuSeconds() - cpu) * 1000 / items, (double)(await context.WalBytesAsync(cancellationToken) - wal) / items);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"  {side,-8} {round}: {items:N0} in {seconds:F2} s = {result.Rate:N0}/s, {result.CpuMsPerItem:F3} ms CPU and {result.WalPerItem:N0} WAL bytes an item"));
        return result;
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted.Count % 2 == 1 ? sorted[sorted.Count / 2] : (sorted[(sorted.Count / 2) - 1] + sorted[sorted.Count / 2]) / 2;
    }

    private static double Round0(double value) => Math.Round(value);
}
