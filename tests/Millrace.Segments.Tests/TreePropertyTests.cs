using FsCheck;
using FsCheck.Fluent;
using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;
using Millrace.Segments.Compiling;

namespace Millrace.Segments.Tests;

/// <summary>
/// Two thousand random trees over random contacts: the statement that counts, the one for a batch, the one for a single contact and the explanation all
/// say what a plain evaluator in memory says. A failing case shrinks to a small tree.
/// </summary>
public sealed class TreePropertyTests(SegmentsFixture segments) : IClassFixture<SegmentsFixture>
{
    private const int Trees = 1_000;

    [Theory]
    [InlineData("Europe/Berlin", 11)]
    [InlineData("Pacific/Auckland", 12)]
    public async Task Sql_says_what_the_model_says(string zone, int seed)
    {
        var account = await segments.NewAccountAsync();
        var now = new DateTimeOffset(2024, 2, 29, 11, 30, 0, TimeSpan.Zero);
        await using var work = await segments.BeginAsync(account);
        var world = await World.MakeAsync(work, account, new Random(seed), 40, now);
        var context = new SegmentContext(account, now, zone);
        var all = world.People.Select(p => p.Id).ToArray();

        var masks = 0;

        async Task AgreeAsync(int[] choices)
        {
            var random = new Choices(choices);
            var (json, holds) = new RandomTree(random, world, context).Make(depth: 4);
            var tree = segments.Parse(json.ToJsonString());
            var expected = world.People.Where(holds).Select(p => p.Id).Order().ToList();
            (await segments.Conditions.CountAsync(work.Transaction, context, tree, default)).ShouldBe(expected.Count, json.ToJsonString());
            (await segments.Conditions.MatchingAsync(work.Transaction, context, tree, all, default)).Order().ToList().ShouldBe(expected, json.ToJsonString());
            // Small tables leave the planner no choice to speak of, so both ways of counting are asked by name.
            var resolved = await segments.Conditions.ResolveAsync(work.Transaction, account, tree, default);
            (await CountCompiler.Compile(resolved.Root, context).FirstAsync<long>(work, default)).ShouldBe(expected.Count, json.ToJsonString());
            foreach (var mask in new[] { MaskCompiler.Compile(resolved.Root, context)?.Mask, CountCompiler.Mask(resolved.Root, context) }.OfType<Sql>())
            {
                masks++;
                (await MaskCompiler.Count(mask).FirstAsync<long>(work, default)).ShouldBe(expected.Count, json.ToJsonString());
                (await MaskCompiler.CountAndNewest(mask, 10).FirstAsync<Newest>(work, default))!.Ids.ShouldBe(expected.OrderDescending().Take(10), json.ToJsonString());
            }

            var preview = await segments.Conditions.PreviewAsync(work.Transaction, context, tree, 10, default);
            preview.Count.ShouldBe(expected.Count, json.ToJsonString());
            preview.Sample.Select(s => s.Id).ShouldBe(expected.OrderDescending().Take(10), json.ToJsonString());
            foreach (var known in new long?[] { null, expected.Count })
            {
                (await segments.Conditions.SampleAsync(work.Transaction, context, tree, 10, default, known)).Select(s => s.Id)
                    .ShouldBe(expected.OrderDescending().Take(10), json.ToJsonString());
            }

            var one = world.People[Math.Abs(choices.FirstOrDefault() % world.People.Count)];
            (await segments.Conditions.MatchingAsync(work.Transaction, context, tree, [one.Id], default)).Count.ShouldBe(holds(one) ? 1 : 0, json.ToJsonString());
            var leaves = await segments.Conditions.ExplainAsync(work, context, tree, one.Id, default);
            if (leaves.Count == 1 && !json.ToJsonString().Contains("\"not\":", StringComparison.Ordinal))
            {
                leaves[0].Holds.ShouldBe(holds(one), json.ToJsonString());
            }
        }

        await Task.Run(() => Prop.ForAll(ArbMap.Default.ArbFor<int[]>(), choices => AgreeAsync(choices).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(Trees).WithStartSize(20).WithEndSize(120)));
        masks.ShouldBeGreaterThan(Trees / 10, "Trees that can be counted as bits.");
    }

    private sealed record Newest(long Count, long[] Ids);

    /// <summary>Decisions taken from a list, so that shorter lists and smaller numbers make smaller trees. After its end comes always the last choice.</summary>
    private sealed class Choices(int[] values) : Random
    {
        private int _next;

        public override int Next(int maxValue) => _next < values.Length ? (values[_next++] & int.MaxValue) % maxValue : maxValue - 1;

        public override int Next(int minValue, int maxValue) => minValue + Next(maxValue - minValue);
    }
}
