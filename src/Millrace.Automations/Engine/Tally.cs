using Millrace.Accounts.Contracts;
using Millrace.Kernel.Data;
using Millrace.Kernel.Time;
using Npgsql;

namespace Millrace.Automations.Engine;

/// <summary>
/// Counts of a batch, in total and for the present quarter of an hour, written with one statement: in one order, so that two batches never wait for each
/// other in a circle.
/// </summary>
internal sealed class Tally(short shard, DateTimeOffset now)
{
    public const string Entered = "entered";
    public const string Completed = "completed";
    public const string Ended = "ended";
    public const string Passed = "passed";
    public const string Failed = "failed";

    /// <summary>Came to a step; kept for periods only, as are the following.</summary>
    public const string Arrived = "arrived";

    /// <summary>Went from a step to another, or to the end.</summary>
    public const string Went = "went";

    /// <summary>Was ended while at a step.</summary>
    public const string Left = "left";

    /// <summary>Prefix of the reasons of endings.</summary>
    public const string EndedBy = "ended:";

    /// <summary>Shards of reactions and requests stand beside those of the engine.</summary>
    public const short Shards = 16;

    private static readonly Comparer<(long, long, string, string)> Order =
        Comparer<(long, long, string, string)>.Create((a, b) =>
            a.Item1 != b.Item1 ? a.Item1.CompareTo(b.Item1)
            : a.Item2 != b.Item2 ? a.Item2.CompareTo(b.Item2)
            : string.CompareOrdinal(a.Item3, b.Item3) is var step && step != 0 ? step : string.CompareOrdinal(a.Item4, b.Item4));

    private readonly SortedDictionary<(long AccountId, long AutomationId, string Step, string What), (long Total, long InPeriod)> _counts = new(Order);

    /// <summary>Counts in total and for the period.</summary>
    public void Add(long accountId, long automationId, string step, string what, long count = 1) =>
        Count(accountId, automationId, step, what, count, what == Passed ? 0 : count);

    /// <summary>Counts for the period alone.</summary>
    public void AddInPeriod(long accountId, long automationId, string step, string what, long count = 1) => Count(accountId, automationId, step, what, 0, count);

    /// <summary>Counts an ending.</summary>
    /// <param name="step">Where the run stood; null where it stood nowhere.</param>
    /// <param name="reason">Reason of the ending; null: nobody is told.</param>
    public void AddEnd(long accountId, long automationId, string? step, string? reason, long count = 1)
    {
        Add(accountId, automationId, string.Empty, Ended, count);
        AddInPeriod(accountId, automationId, string.Empty, EndedBy + (reason ?? "other"), count);
        if (step is not null)
        {
            AddInPeriod(accountId, automationId, step, Left, count);
        }
    }

    private void Count(long accountId, long automationId, string step, string what, long total, long inPeriod)
    {
        var key = (accountId, automationId, step, what);
        var (before, beforeInPeriod) = _counts.GetValueOrDefault(key);
        _counts[key] = (before + total, beforeInPeriod + inPeriod);
    }

    public async Task SaveAsync(NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        // Nobody is to wait for the counts of what is only simulated.
        if (_counts.Count > 0 && !Simulation.IsUnderWay)
        {
            var quarter = Quarter(now);
            await Sql.Of($"""
                with c as materialized (
                    select c.* from unnest({_counts.Keys.Select(k => k.AccountId).ToArray()}, {_counts.Keys.Select(k => k.AutomationId).ToArray()},
                            {_counts.Keys.Select(k => k.Step).ToArray()}, {_counts.Keys.Select(k => k.What).ToArray()}, {_counts.Values.Select(v => v.Total).ToArray()},
                            {_counts.Values.Select(v => v.InPeriod).ToArray()})
                         as c (account_id, automation_id, step_key, what, total, in_period)
                    join automations.automation a on a.account_id = c.account_id and a.id = c.automation_id),
                in_period as (
                    insert into automations.period_tally as t (account_id, automation_id, quarter, step_key, what, shard, total)
                    select c.account_id, c.automation_id, {quarter}, c.step_key, c.what, {shard}, c.in_period from c where c.in_period <> 0
                    order by 1, 2, 4, 5
                    on conflict (account_id, automation_id, quarter, step_key, what, shard) do update set total = t.total + excluded.total)
                insert into automations.tally as t (account_id, automation_id, step_key, what, shard, total)
                select c.account_id, c.automation_id, c.step_key, c.what, {shard}, c.total from c where c.total <> 0
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

    /// <summary>Beginning of the quarter of an hour a moment lies in.</summary>
    internal static DateTimeOffset Quarter(DateTimeOffset moment) =>
        new(moment.UtcTicks - (moment.UtcTicks % (15 * TimeSpan.TicksPerMinute)), TimeSpan.Zero);
}
