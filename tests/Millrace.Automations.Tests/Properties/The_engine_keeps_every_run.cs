using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.DependencyInjection;
using Millrace.Automations.Definitions;
using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;

namespace Millrace.Automations.Tests.Properties;

/// <summary>
/// Hundreds of random automations of every step there is, with people inside, while workers die, leases move, and people pause, publish, tag, delete and unsubscribe.
/// Afterwards every path must be one that the versions allow, every decision the one the tags asked for, and every effect there exactly once.
/// </summary>
public sealed class The_engine_keeps_every_run(IdleProduct product, ITestOutputHelper output) : IClassFixture<IdleProduct>
{
    private const int Worlds = 5;
    private const int AutomationsPerWorld = 60;

    [Fact]
    public void Whatever_the_automation_and_whatever_happens()
    {
        // MILLRACE_SEED repeats one world.
        if (int.TryParse(Environment.GetEnvironmentVariable("MILLRACE_SEED"), out var chosen))
        {
            WorldAsync(chosen).GetAwaiter().GetResult();
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
        var account = await product.NewAccountAsync();
        var world = new RandomWorld(product, account, seed);
        await world.MakeAsync(AutomationsPerWorld, people: 3);
        foreach (var hours in new[] { 0, 2, 19, 30, 26 })
        {
            await product.AdvanceAsync(TimeSpan.FromHours(hours));
            await account.LogInAgainAsync();
            await world.DisturbAsync();
            await world.WorkAsync(deadly: true);
        }

        await world.ReleaseAsync();
        for (var day = 0; day < 8; day++)
        {
            await product.AdvanceAsync(TimeSpan.FromHours(25));
            await world.WorkAsync(deadly: day < 2);
        }

        await VerifyAsync(world, seed);
    }

    private async Task VerifyAsync(RandomWorld world, int seed)
    {
        var faults = new List<string>();
        var id = world.Scenario.Account.Id;
        var runs = await ListAsync<RunFacts>(world, Sql.Of($"select id, automation_id, contact_id, status, step_key, visit_no, entered_at, due_at, error from automations.run where account_id = {id} order by id"));
        var visits = (await ListAsync<VisitFacts>(world, Sql.Of($"select run_id, visit_no, step_key, left_at, result, version from automations.step_visit where account_id = {id} order by run_id, visit_no")))
            .ToLookup(v => v.RunId);
        var flows = (await ListAsync<VersionFacts>(world, Sql.Of($"select automation_id, number, document from automations.version where account_id = {id}")))
            .GroupBy(v => v.AutomationId).ToDictionary(g => g.Key, g => g.ToDictionary(v => v.Number, v => product.Services.GetRequiredService<FlowReader>().Read(v.Document, published: true).Flow));
        var alone = runs.GroupBy(r => (r.AutomationId, r.ContactId)).Where(g => g.Count() == 1).Select(g => g.Key).ToHashSet();
        foreach (var run in runs)
        {
            var tags = world.ThingsOf(run.AutomationId).Tags;
            var outside = alone.Contains((run.AutomationId, run.ContactId)) && !world.Touched.Contains(run.AutomationId)
                ? world.Happened.Where(h => h.ContactId == run.ContactId && tags.Contains(h.Tag)).OrderBy(h => h.At).ToList()
                : null;
            faults.AddRange(PathModel.Faults(run, [.. visits[run.Id]], flows[run.AutomationId], outside).Select(f => $"run {run.Id} of {run.AutomationId}: {f}"));
            if (run.Status is "active" or "waiting" && (run.DueAt is null || run.DueAt <= product.Now || run.DueAt > product.Now.AddDays(3)))
            {
                faults.Add($"run {run.Id} of {run.AutomationId} stands on {run.StepKey} and nothing will wake it (due {run.DueAt}, now {product.Now})");
            }

            if (run.Status == "parked" && run.Error?.StartsWith("step_limit", StringComparison.Ordinal) != true && run.Error?.StartsWith("step_invalid", StringComparison.Ordinal) != true)
            {
                faults.Add($"run {run.Id} is parked: {run.Error}");
            }
        }

        faults.AddRange((await ListAsync<string>(world, Effects(id))).Select(e => $"effect: {e}"));
        var over = runs.Count(r => r.Status is "completed" or "ended");
        output.WriteLine($"{runs.Count} runs, {over} over, {visits.Sum(v => v.Count())} steps, died: {string.Join(", ", world.Deaths.Select(d => $"{d.Key} {d.Value}"))}");
        over.ShouldBeGreaterThan(runs.Count * 7 / 10);
        faults.Take(15).ShouldBeEmpty($"MILLRACE_SEED={seed}");
    }

    /// <summary>Steps whose effects are not as many as their visits say; contacts that are gone have none left to count.</summary>
    private static Sql Effects(long account) => Sql.Of($"""
        with done as (
            select r.automation_id, r.contact_id, v.run_id, v.visit_no, v.step_key, v.result, s.step
            from automations.step_visit v
            join automations.run r on r.account_id = v.account_id and r.id = v.run_id
            join contacts.contact c on c.account_id = r.account_id and c.id = r.contact_id
            join automations.version w on w.account_id = v.account_id and w.automation_id = r.automation_id and w.number = v.version
            cross join lateral (select jsonb_path_query_first(w.document, '$.**?(@.id == $id)', jsonb_build_object('id', v.step_key)) as step) s
            where v.account_id = {account} and v.result = 'done'),
        notes as (
            select 'note ' || coalesce(n.text, d.text) from
                (select contact_id, text, count(*) as made from contacts.note where account_id = {account} group by 1, 2) n
                full join (select contact_id, step ->> 'text' as text, count(*) as made from done where step ->> 'type' = 'note.add' group by 1, 2) d
                    on d.contact_id = n.contact_id and d.text = n.text
            where n.made is distinct from d.made),
        sends as (
            select 'mail ' || coalesce(s.step_key, d.step_key) from
                (select contact_id, automation_id, step_key, count(*) as made from messaging.send where account_id = {account} group by 1, 2, 3) s
                full join (select contact_id, automation_id, step_key, count(*) as made from done where step ->> 'type' in ('email.send', 'user.notify') group by 1, 2, 3) d
                    on d.contact_id = s.contact_id and d.automation_id = s.automation_id and d.step_key = s.step_key
            where coalesce(s.made, 0) < coalesce(d.made, 0)
               or (coalesce(s.made, 0) > coalesce(d.made, 0) and exists (select 1 from contacts.contact c where c.account_id = {account} and c.id = s.contact_id)
                   and not exists (select 1 from automations.step_visit v join automations.run r on r.account_id = v.account_id and r.id = v.run_id
                                   where v.account_id = {account} and r.contact_id = s.contact_id and v.step_key = s.step_key and v.result like 'skipped%'))),
        sums as (
            select 'sum ' || d.field from
                (select contact_id, (step ->> 'field')::bigint as field, sum((step ->> 'value')::numeric) as total from done where step ->> 'type' = 'math.compute' group by 1, 2) d
                left join contacts.field_value f on f.account_id = {account} and f.contact_id = d.contact_id and f.field_id = d.field
            where f.number is distinct from d.total),
        counted as (
            select 'count ' || t.what || ' of ' || t.automation_id || ' ' || t.step_key || ': ' || t.total || ' and ' || coalesce(x.total, 0)
            from (select automation_id, step_key, what, sum(total) as total from automations.tally where account_id = {account} and what in ('passed', 'entered', 'completed') group by 1, 2, 3) t
            left join (
                select r.automation_id, v.step_key, 'passed' as what, count(*) as total from automations.step_visit v join automations.run r on r.account_id = v.account_id and r.id = v.run_id
                where v.account_id = {account} and v.result not in ('step_deleted', 'ended_by_hand') group by 1, 2
                union all select automation_id, '', 'entered', count(*) from automations.run where account_id = {account} group by 1
                union all select automation_id, '', 'completed', count(*) from automations.run where account_id = {account} and status = 'completed' group by 1) x
              on x.automation_id = t.automation_id and x.step_key = t.step_key and x.what = t.what
            where t.total <> coalesce(x.total, 0))
        select * from notes union all select * from sends union all select * from sums union all select * from counted
        """);

    private static async Task<List<T>> ListAsync<T>(RandomWorld world, Sql sql)
    {
        await using var work = await world.Scenario.Account.BeginAsync();
        return await sql.ListAsync<T>(work, CancellationToken.None);
    }

    private sealed record VersionFacts(long AutomationId, int Number, JsonElement Document);
}
