using Millrace.Host.Bench;
using Millrace.Host.Bench.Segments;

namespace Millrace.Host.Commands;

/// <summary><c>bench NAME [--quick]</c>: measures the product against its physical bound; the last line is JSON.</summary>
internal static class BenchCommand
{
    private static readonly Benchmark[] All = [new EngineBench(), new EngineStepsBench(), new ImportBenchmark(), new IngestBench(), new RenderBench(), new SegmentsBench(), new SendBench()];

    public static async Task<int> RunAsync(string name, string[] args, CancellationToken cancellationToken)
    {
        if (Array.Find(All, b => b.Name == name) is not { } benchmark)
        {
            Console.WriteLine($"There is no benchmark \"{name}\"; there are {string.Join(", ", All.Select(b => b.Name))}.");
            return 2;
        }

        await using var context = await BenchContext.StartAsync(args.Contains("--quick"), benchmark.Settings, cancellationToken);
        return await BenchRunner.RunAsync(benchmark, context, cancellationToken);
    }
}
