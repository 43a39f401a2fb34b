using Millrace.Kernel.Data;
using Npgsql;

namespace Millrace.Automations.Definitions;

/// <summary>Gives the steps of what is published the numbers under which API v3 shows them.</summary>
internal static class Blocks
{
    public static Task KeepAsync(NpgsqlTransaction transaction, long accountId, long automationId, Flow flow, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var steps = flow.Steps.DistinctBy(s => s.Key).ToList();
        var parents = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var step in steps)
        {
            foreach (var next in step.Branches.Values.Append(step.Next).OfType<string>())
            {
                parents.TryAdd(next, step.Key);
            }
        }

        return Sql.Of($"""
            with given as (
                select * from unnest({steps.Select(s => s.Key).ToArray()}, {steps.Select((_, i) => i + 1).ToArray()},
                    {steps.Select(s => parents.GetValueOrDefault(s.Key)).ToArray()}, {steps.Select(s => s.Type).ToArray()}, {steps.Select(s => s.Raw).ToArray()})
                    as g (step_key, place, parent_key, type, options)),
            gone as (
                update automations.block b set deleted = true, updated_at = {now}
                where b.account_id = {accountId} and b.automation_id = {automationId} and not b.deleted and b.step_key <> all ({steps.Select(s => s.Key).ToArray()}))
            insert into automations.block as b (account_id, automation_id, step_key, place, parent_key, type, options, created_at, updated_at)
            select {accountId}, {automationId}, step_key, place, parent_key, type, options::jsonb, {now}, {now} from given order by place
            on conflict (account_id, automation_id, step_key) do update
            set place = excluded.place, parent_key = excluded.parent_key, type = excluded.type, options = excluded.options, deleted = false, updated_at = excluded.updated_at
            """).ExecuteAsync(transaction, cancellationToken);
    }
}
