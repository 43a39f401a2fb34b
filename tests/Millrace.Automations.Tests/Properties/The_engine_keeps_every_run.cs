using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.DependencyInjection;
using Millrace.Kernel.Extensibility;

namespace Millrace.Automations.Tests.Properties;

/// <summary>
/// Hundreds of random automations of every step there is, with people inside, while workers die, leases move, and people pause, publish, tag, delete and unsubscribe.
/// Afterwards every path must be one that the versions allow, every decision the one the tags asked for, and every effect there exactly once.
/// </summary>
public sealed class The_engine_keeps_every_run(IdleProduct product, ITestOutputHelper output) : IClassFixture<IdleProduct>
{
    private const int Worlds = 3;
    private const int AutomationsPerWorld = 80;

    [Fact]
    public async Task Whatever_the_automation_and_whatever_happens()
    {
        // MILLRACE_SEED repeats one world.
        if (int.TryParse(Environment.GetEnvironmentVariable("MILLRACE_SEED"), out var chosen))
        {
            await WorldAsync(chosen);
            return;
        }

        var seeds = Gen.Choose(1, int.MaxValue - 1).ToArbitrary();
        FsCheck.Check.One(Config.QuickThrowOnFailure.WithMaxTest(Worlds).WithQuietOnSuccess(true), Prop.ForAll(seeds, seed =>
        {
            WorldAsync(seed).GetAwaiter().GetResult();
            return true;
        }));
    }

    [Fact]
    public void Made_of_every_step_of_the_catalogue() => product.Services.GetRequiredService<Catalogue<AutomationAction>>().All.Where(a => !a.IsPlanned).Select(a => a.Key)
        .Except(RandomFlow.Kinds).ShouldBeEmpty("a new step belongs into RandomFlow, so that crashes meet it too");

    private async Task WorldAsync(int seed)
    {
        output.WriteLine($"MILLRACE_SEED={seed}");
        var started = System.Diagnostics.Stopwatch.GetTimestamp();
        var account = await product.NewAccountAsync();
        var world = new RandomWorld(product, account, seed);
        await world.MakeAsync(AutomationsPerWorld, people: 2);
        foreach (var hours in new[] { 0, 2, 19, 30, 26 })
        {
            await product.AdvanceAsync(TimeSpan.FromHours(hours));
            await account.LogInAgainAsync();
            await world.DisturbAsync();
            await world.WorkAsync(deadly: true);
        }

        await world.ReleaseAsync();
        for (var day = 0; day < 6; day++)
        {
            await product.AdvanceAsync(TimeSpan.FromHours(25));
            await world.WorkAsync(deadly: day < 2);
        }

        output.WriteLine($"{System.Diagnostics.Stopwatch.GetElapsedTime(started).TotalSeconds:0} s");
        await VerifyAsync(world, seed);
    }

    private async Task VerifyAsync(RandomWorld world, int seed)
    {
        var facts = await WorldFacts.ReadAsync(product, world.Scenario.Account, world.ThingsOf, world.Happened, world.Touched);
        output.WriteLine($"{facts.Runs} runs, {facts.Over} over, {facts.Steps} steps, died: {string.Join(", ", world.Deaths.Select(d => $"{d.Key} {d.Value}"))}");
        facts.Faults.Take(15).ShouldBeEmpty($"MILLRACE_SEED={seed}");
        // Who stands still has a reason, says the line above; this one says that the world was one in which something happens.
        facts.Over.ShouldBeGreaterThan(facts.Runs / 3);
    }
}
