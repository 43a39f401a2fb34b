using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;
using Millrace.Segments.Contracts;

namespace Millrace.Host.Bench.Segments;

/// <summary>
/// <c>bench segments</c>: a dozen segments counted over a million contacts, exactly, against SQL written by hand for the same tables. The first round
/// of each side is the cold one: nothing of its tables has been read by that side's connection since the data was written. Both must count the same.
/// </summary>
internal sealed class SegmentsBench : Benchmark
{
    private readonly Dictionary<string, (List<double> Product, List<double> Expert)> _times = new(StringComparer.Ordinal);
    private readonly Dictionary<string, double> _previews = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _counts = new(StringComparer.Ordinal);
    private IReadOnlyList<NamedSegment> _segments = [];
    private DateTimeOffset _now;

    public override string Name => "segments";

    public override string Unit => "counts/s";

    public override string BoundIs => "the same counts by hand-written SQL";

    // One and three tenths of the expert's time.
    public override double Goal => 1 / 1.3;

    public override async Task PrepareAsync(BenchContext context, CancellationToken cancellationToken)
    {
        _now = context.App.Services.GetRequiredService<TimeProvider>().GetUtcNow();
        var contacts = context.Scale(1_000_000);
        await using var data = new SegmentsBenchData(context, contacts, _now);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  making {contacts:N0} contacts"));
        var ids = await data.MakeAsync(cancellationToken);
        _segments = NamedSegments.All(context.AccountId, ids, _now);
        foreach (var segment in _segments)
        {
            _times[segment.Name] = ([], []);
        }

        if (Environment.GetEnvironmentVariable("MILLRACE_BENCH_PLANS") is { Length: > 0 } wanted)
        {
            await PlansAsync(context, wanted, cancellationToken);
        }
    }

    public override async Task<(long Items, double Seconds)> ProductAsync(BenchContext context, int round, CancellationToken cancellationToken)
    {
        var conditions = context.App.Services.GetRequiredService<IConditions>();
        var segmentContext = new SegmentContext(context.AccountId, _now, "UTC");
        (long, double) result;
        await using (var work = await context.BeginAsync(cancellationToken))
        {
            result = await RoundAsync(
                s => conditions.CountAsync(work.Transaction, segmentContext, conditions.Parse(JsonElement.Parse(s.Tree), string.Empty), cancellationToken), t => t.Product);
        }

        if (round == Pairs)
        {
            await PreviewAsync(context, cancellationToken);
            Report();
        }

        return result;
    }

    public override async Task<(long Items, double Seconds)> BoundAsync(BenchContext context, int round, CancellationToken cancellationToken)
    {
        await using var work = await context.BeginAsync(cancellationToken);
        // What the product allows itself where it counts bits.
        await Sql.Of($"set local work_mem = '64MB'; set local parallel_tuple_cost = 0.01").ExecuteAsync(work, cancellationToken);
        return await RoundAsync(s => s.Expert.FirstAsync<long>(work, cancellationToken), t => t.Expert);
    }

    private async Task<(long Items, double Seconds)> RoundAsync(
        Func<NamedSegment, Task<long>> count, Func<(List<double> Product, List<double> Expert), List<double>> side)
    {
        var total = 0.0;
        foreach (var segment in _segments)
        {
            var started = Stopwatch.GetTimestamp();
            var found = await count(segment);
            var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            side(_times[segment.Name]).Add(seconds * 1000);
            total += seconds;
            if (_counts.TryGetValue(segment.Name, out var before) && before != found)
            {
                throw new InvalidOperationException($"{segment.Name}: {found} and {before} contacts.");
            }

            _counts[segment.Name] = found;
        }

        return (_segments.Count, total);
    }

    /// <summary>The whole live preview over HTTP: reading the tree, its names, the count, ten contacts.</summary>
    private async Task PreviewAsync(BenchContext context, CancellationToken cancellationToken)
    {
        using var app = await context.LogInAsync("bench@example.com", cancellationToken);
        foreach (var segment in _segments)
        {
            var times = new List<double>();
            for (var i = 0; i < 4; i++)
            {
                var started = Stopwatch.GetTimestamp();
                using var answer = await app.PostAsJsonAsync("segments/preview", new { conditions = JsonElement.Parse(segment.Tree) }, cancellationToken);
                // A tree that names a message that was never made is refused, and has no preview.
                times.Add(answer.IsSuccessStatusCode ? Stopwatch.GetElapsedTime(started).TotalMilliseconds : double.NaN);
            }

            _previews[segment.Name] = Median(times.Skip(1));
        }
    }

    private void Report()
    {
        Console.WriteLine("  segment                              contacts   cold ms  warm ms  expert ms  ratio  preview ms");
        var warm = new List<double>();
        foreach (var segment in _segments)
        {
            var (product, expert) = _times[segment.Name];
            var (mine, best) = (Median(product.Skip(1)), Median(expert.Skip(1)));
            warm.AddRange(product.Skip(1));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"  {segment.Name,-36} {_counts[segment.Name],8:N0} {product[0],9:N0} {mine,8:N0} {best,10:N0} {mine / best,6:N2} {_previews[segment.Name],11:N0}"));
        }

        warm.Sort();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  p95 of all warm counts: {warm[(int)(warm.Count * 0.95)]:N0} ms (goal 500)"));
    }

    private async Task PlansAsync(BenchContext context, string wanted, CancellationToken cancellationToken)
    {
        var conditions = context.App.Services.GetRequiredService<IConditions>();
        await using var work = await context.BeginAsync(cancellationToken);
        foreach (var segment in _segments.Where(s => wanted == "all" || s.Name.Contains(wanted, StringComparison.Ordinal)))
        {
            var tree = conditions.Parse(JsonElement.Parse(segment.Tree), string.Empty);
            var compiled = await conditions.CompileCountAsync(work.Transaction, tree, new SegmentContext(context.AccountId, _now, "UTC"), cancellationToken);
            foreach (var (side, sql) in new[] { ("product", compiled), ("expert", segment.Expert) })
            {
                Console.WriteLine($"--- {segment.Name}, {side}");
                foreach (var line in await Sql.Of($"explain (analyze, buffers, costs off) {sql}").ListAsync<string>(work, cancellationToken))
                {
                    Console.WriteLine(line);
                }
            }
        }
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }
}
