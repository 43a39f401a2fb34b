using Millrace.Accounts.Contracts;
using Millrace.Kernel.Data;
using Millrace.Kernel.Time;
using Npgsql;

namespace Millrace.Automations.Engine;

/// <summary>Counts of a batch, written with one statement: in one order, so that two batches never wait for each other in a circle.</summary>
internal sealed class Tally(short shard)
{
    public const string Entered = "entered";
    public const string Completed = "completed";
    public const string Ended = "ended";
    public const string Passed = "passed";
    public const string Failed = "failed";

    /// <summary>Shards of reactions and requests stand beside those of the engine.</summary>
    public const short Shards = 16;

    private readonly SortedDictionary<(long AccountId, long AutomationId, string Step, string What), long> _counts =
        new(Comparer<(long, long, string, string)>.Create((a, b) =>
            a.Item1 != b.Item1 ? a.Item1.CompareTo(b.Item1)
            : a.Item2 != b.Item2 ? a.Item2.CompareTo(b.Item2)
            : string.CompareOrdinal(a.Item3, b.Item3) is var step && step != 0 ? step : string.CompareOrdinal(a.Item4, b.Item4)));

    public void Add(long accountId, long automationId, string step, string what, long count = 1)
    {
        var key = (accountId, automationId, step, what);
        _counts[key] = _counts.GetValueOrDefault(key) + count;
    }

    public async Task SaveAsync(NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        // Nobody is to wait for the counts of what is only simulated.
        if (_counts.Count > 0 && !Simulation.IsUnderWay)
        {
            await Sql.Of($"""
                insert into automations.tally as t (account_id, automation_id, step_key, what, shard, total)
                select c.account_id, c.automation_id, c.step_key, c.what, {shard}, c.total
                from unnest({_counts.Keys.Select(k => k.AccountId).ToArray()}, {_counts.Keys.Select(k => k.AutomationId).ToArray()},
                            {_counts.Keys.Select(k => k.Step).ToArray()}, {_counts.Keys.Select(k => k.What).ToArray()}, {_counts.Values.ToArray()})
                     as c (account_id, automation_id, step_key, what, total)
                join automations.automation a on a.account_id = c.account_id and a.id = c.automation_id
                order by 1, 2, 3, 4
                on conflict (account_id, automation_id, step_key, what, shard) do update set total = t.total + excluded.total
                """).ExecuteAsync(transaction, cancellationToken);
            foreach (var account in _counts.Keys.GroupBy(k => k.AccountId))
            {
                await LiveChanges.TellAsync(
                    transaction, account.Key, cancellationToken,
                    [.. account.Select(k => k.AutomationId).Distinct().Select(id => FormattableString.Invariant($"{LiveTopics.Automation}:{id}"))]);
            }
        }
    }
}
