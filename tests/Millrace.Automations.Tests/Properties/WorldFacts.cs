using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Millrace.Automations.Definitions;
using Millrace.Automations.Steps;
using Millrace.Kernel.Data;
using Millrace.TestKit;

namespace Millrace.Automations.Tests.Properties;

/// <summary>What came of an account's runs, and everything in it that cannot be.</summary>
/// <param name="Over">Runs that have come to an end.</param>
internal sealed record WorldFacts(int Runs, int Over, int Steps, List<string> Faults)
{
    /// <param name="happened">What the test did to tags from outside.</param>
    /// <param name="touched">Automations whose paths alone do not tell what a contact's tags were.</param>
    public static async Task<WorldFacts> ReadAsync(
        TestKit.Product product, TestAccount account, Func<long, Things> thingsOf, IReadOnlyList<Outside> happened, IReadOnlySet<long> touched)
    {
        var faults = new List<string>();
        var id = account.Id;
        var runs = await ListAsync<RunFacts>(account, Sql.Of($"select id, automation_id, contact_id, status, step_key, visit_no, entered_at, due_at, error from automations.run where account_id = {id} order by id"));
        var visits = (await ListAsync<VisitFacts>(account, Sql.Of($"select run_id, visit_no, step_key, left_at, result, version from automations.step_visit where account_id = {id} order by run_id, visit_no")))
            .ToLookup(v => v.RunId);
        var flows = (await ListAsync<VersionFacts>(account, Sql.Of($"select automation_id, number, document from automations.version where account_id = {id} order by number")))
            .GroupBy(v => v.AutomationId).ToDictionary(g => g.Key, g => g.ToDictionary(v => v.Number, v => product.Services.GetRequiredService<FlowReader>().Read(v.Document, published: true).Flow));
        var alone = runs.GroupBy(r => (r.AutomationId, r.ContactId)).Where(g => g.Count() == 1).Select(g => g.Key).ToHashSet();
        var tagged = (await ListAsync<Tagged>(account, Sql.Of($"select contact_id, tag_id from contacts.contact_tag where account_id = {id}"))).Select(t => (t.ContactId, t.TagId)).ToHashSet();
        foreach (var run in runs)
        {
            var tags = thingsOf(run.AutomationId).Tags;
            var outside = alone.Contains((run.AutomationId, run.ContactId)) && !touched.Contains(run.AutomationId)
                ? happened.Where(h => h.ContactId == run.ContactId && tags.Contains(h.Tag)).OrderBy(h => h.At).ToList()
                : null;
            faults.AddRange(PathModel.Faults(run, [.. visits[run.Id]], flows[run.AutomationId], outside, tags[RandomFlow.Exit]).Select(f => $"run {run.Id} of {run.AutomationId}: {f}"));
            // Whoever has no tag may wait for it for ever; whoever has it may not.
            var waits = run.DueAt is null && flows[run.AutomationId].Values.Last().Find(run.StepKey)?.Settings is GoalAction.Settings && !tagged.Contains((run.ContactId, tags[1]));
            if (run.Status is "active" or "waiting" && !waits && (run.DueAt is null || run.DueAt <= product.Now || run.DueAt > product.Now.AddDays(3)))
            {
                faults.Add($"run {run.Id} of {run.AutomationId} stands on {run.StepKey} and nothing will wake it (due {run.DueAt}, now {product.Now})");
            }

            if (run.Status is "active" or "waiting" && flows[run.AutomationId].Values.Last().Exit is not null && tagged.Contains((run.ContactId, tags[RandomFlow.Exit])))
            {
                faults.Add($"run {run.Id} of {run.AutomationId} stands on {run.StepKey} though its contact fulfils the exit");
            }

            if (run.Status == "parked" && run.Error?.StartsWith("step_limit", StringComparison.Ordinal) != true && run.Error?.StartsWith("step_invalid", StringComparison.Ordinal) != true)
            {
                faults.Add($"run {run.Id} is parked: {run.Error}");
            }
        }

        // With a contact its runs are gone, and what was counted stays.
        var gone = (await ListAsync<bool>(account, Sql.Of($"select exists (select 1 from activities.activity where account_id = {id} and kind = 'contact.deleted')")))[0];
        faults.AddRange((await ListAsync<string>(account, Effects(id, gone))).Select(e => $"effect: {e}"));
        var over = runs.Count(r => r.Status is "completed" or "ended");
        return new WorldFacts(runs.Count, over, visits.Sum(x => x.Count()), faults);
    }

    /// <summary>Steps whose effects are not as many as their visits say; contacts that are gone have none left to count.</summary>
    private static Sql Effects(long account, bool gone) => Sql.Of($"""
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
                full join (select contact_id, automation_id, step_key, count(*) as made from done where step ->> 'type' in ('email.send', 'personal.send', 'user.notify') group by 1, 2, 3) d
                    on d.contact_id = s.contact_id and d.automation_id = s.automation_id and d.step_key = s.step_key
            where coalesce(s.made, 0) < coalesce(d.made, 0)
               or (coalesce(s.made, 0) > coalesce(d.made, 0) and exists (select 1 from contacts.contact c where c.account_id = {account} and c.id = s.contact_id)
                   and not exists (select 1 from automations.step_visit v join automations.run r on r.account_id = v.account_id and r.id = v.run_id
                                   where v.account_id = {account} and r.contact_id = s.contact_id and v.step_key = s.step_key and v.result like 'skipped%'))),
        letters as (
            select 'letter to ' || coalesce(m.contact_id, d.contact_id) from
                (select r.contact_id, count(*) as made from messaging.mail_recipient r join contacts.contact c on c.account_id = r.account_id and c.id = r.contact_id
                 where r.account_id = {account} group by 1) m
                full join (select contact_id, count(*) as made from done where step ->> 'type' = 'transactional.send' group by 1) d on d.contact_id = m.contact_id
            where m.made is distinct from d.made),
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
                where v.account_id = {account} and v.result not in ('step_deleted', 'ended_by_hand', 'ended_by_step', 'ended_exit_conditions') group by 1, 2
                union all select automation_id, '', 'entered', count(*) from automations.run where account_id = {account} group by 1
                union all select automation_id, '', 'completed', count(*) from automations.run where account_id = {account} and status = 'completed' group by 1) x
              on x.automation_id = t.automation_id and x.step_key = t.step_key and x.what = t.what
            where t.total <> coalesce(x.total, 0) and (t.total < coalesce(x.total, 0) or not {gone}))
        select * from notes union all select * from sends union all select * from letters union all select * from sums union all select * from counted
        """);

    private static async Task<List<T>> ListAsync<T>(TestAccount account, Sql sql)
    {
        await using var work = await account.BeginAsync();
        return await sql.ListAsync<T>(work, CancellationToken.None);
    }

    private sealed record Tagged(long ContactId, long TagId);

    private sealed record VersionFacts(long AutomationId, int Number, JsonElement Document);
}
