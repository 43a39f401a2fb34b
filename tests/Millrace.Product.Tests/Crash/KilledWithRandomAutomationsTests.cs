using Millrace.Automations.Tests;
using Millrace.Automations.Tests.Properties;
using Millrace.Kernel.Data;

namespace Millrace.Product.Tests.Crash;

/// <summary>
/// Real workers die by SIGKILL while contacts walk through random automations of every step there is. Afterwards every path must be one that its automation
/// allows, and every effect must be there exactly once.
/// </summary>
public sealed class KilledWithRandomAutomationsTests(WebOnlyProduct product, ITestOutputHelper output) : IClassFixture<WebOnlyProduct>
{
    private const int Automations = 60;
    private const int PeopleEach = 25;
    private static readonly int Kills = WorkerProcess.Kills(5);

    [Fact]
    public async Task Random_automations_survive_kills_without_loss_or_double_effect()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("MILLRACE_SEED"), out var chosen) ? chosen : Environment.TickCount;
        output.WriteLine($"MILLRACE_SEED={seed}");
        var random = new Random(seed);
        var account = await product.NewAccountAsync();
        var scenario = new Scenario(product, account);
        // Nothing is handed over: what mails do at a kill is another test's.
        await scenario.ExecuteAsync(Sql.Of($"insert into messaging.pause (account_id, reason, paused_at) values ({account.Id}, 'by_user', {product.Now})"));
        var made = await RandomAutomations.MakeAsync(product, account, random, Automations, PeopleEach);
        foreach (var (id, automation) in made)
        {
            await scenario.AddAsync(id, automation.People);
        }

        var workers = new List<WorkerProcess> { product.StartWorker(), product.StartWorker() };
        try
        {
            for (var kill = 0; kill < Kills; kill++)
            {
                await TestKit.Product.EventuallyAsync(
                    () => scenario.QueryAsync<bool>(Sql.Of($"select count(*) > 100 from activities.bucket_lease where not released and until > now()")), "a worker holds leases", 60);
                await Task.Delay(random.Next(50, 500));
                var victim = random.Next(workers.Count);
                workers[victim].HasExited.ShouldBeFalse(product.WorkerLog);
                workers[victim].Kill();
                workers[victim].Dispose();
                workers[victim] = product.StartWorker();
                // Time passes meanwhile, so that there is always something due.
                await product.AdvanceAsync(TimeSpan.FromHours(7));
            }

            for (var day = 0; day < 6; day++)
            {
                await product.AdvanceAsync(TimeSpan.FromHours(25));
                await TestKit.Product.EventuallyAsync(() => scenario.QueryAsync<bool>(Sql.Of($"""
                    select not exists (select 1 from automations.run where account_id = {account.Id} and status in ('active', 'waiting') and due_at <= {product.Now})
                       and not exists (select 1 from automations.nudge where account_id = {account.Id})
                       and not exists (select 1 from activities.activity_queue where account_id = {account.Id})
                    """)), "everybody has come as far as today", 60);
            }
        }
        finally
        {
            workers.ForEach(w => w.Dispose());
        }

        var facts = await WorldFacts.ReadAsync(product, account, id => made[id].Things, [], new HashSet<long>());
        output.WriteLine($"{facts.Runs} runs, {facts.Over} over, {facts.Steps} steps");
        facts.Over.ShouldBeGreaterThan(facts.Runs / 2);
        facts.Faults.Take(15).ShouldBeEmpty($"MILLRACE_SEED={seed}");
    }
}
