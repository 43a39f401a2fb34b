using System.Diagnostics;
using Microsoft.Extensions.Options;
using Millrace.Automations.Definitions;
using Millrace.Automations.Engine;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Extensibility;
using Millrace.Kernel.Time;
using Millrace.Segments.Contracts;
using Npgsql;

namespace Millrace.Automations.Simulating;

/// <summary>
/// Runs a draft in virtual time without any effect: in a transaction that is always rolled back. The transaction holds real locks on the contacts for as long as it
/// computes, so it gives way: it waits for nobody, and begins again when somebody waits for it. One per account at a time, two per node.
/// </summary>
internal sealed class Simulator(
    NpgsqlDataSource database, SimulationTools tools, Publishing publishing, FlowReader reader, SimulationSample sample, StepReasons reasons,
    IConditions conditions, Catalogue<AutomationAction> actions, TimeProvider clock, IOptions<SimulationOptions> options)
{
    private const int Tries = 3;
    private const int LockClass = 641_377_631;
    private static readonly SemaphoreSlim PerNode = new(2);
    private static readonly Dictionary<string, List<string>> NoWords = new(StringComparer.Ordinal);
    private static readonly Dictionary<long, string> NoReasons = [];

    /// <exception cref="RateLimitedException">Another simulation of the account is under way.</exception>
    /// <exception cref="ConflictException">409 <c>simulation_busy</c>: others work on the same contacts.</exception>
    public async Task<SimulationResult> RunAsync(long accountId, string zone, long automationId, SimulationRequest request, CancellationToken cancellationToken)
    {
        if (!await PerNode.WaitAsync(TimeSpan.FromSeconds(2), cancellationToken))
        {
            throw new RateLimitedException(TimeSpan.FromSeconds(3));
        }

        try
        {
            var careful = false;
            for (var attempt = 1; ; attempt++)
            {
                try
                {
                    return await TryAsync(accountId, zone, automationId, request, careful, cancellationToken);
                }
                catch (CarefulNeededException) when (!careful)
                {
                    careful = true;
                }
                catch (Exception e) when (IsInTheWay(e))
                {
                    if (attempt >= Tries)
                    {
                        throw new ConflictException("simulation_busy", "These contacts are being worked on right now. Try again in a moment.");
                    }
                }
            }
        }
        finally
        {
            PerNode.Release();
        }
    }

    private async Task<SimulationResult> TryAsync(
        long accountId, string zone, long automationId, SimulationRequest request, bool careful, CancellationToken cancellationToken)
    {
        var limit = TimeSpan.FromSeconds(options.Value.TimeLimitSeconds);
        var now = clock.GetUtcNow();
        await using var work = await AccountTransaction.BeginAsync(database, accountId, cancellationToken);
        await LimitAsync(work, accountId, limit, cancellationToken);
        var row = await AutomationRow.ReadAsync(work.Transaction, accountId, automationId, cancellationToken);
        var (draft, problems) = reader.Read(row.Draft);
        var unfinished = problems.Where(p => p is { Severity: ProblemSeverity.Error, StepId: not null }).GroupBy(p => p.StepId!, StringComparer.Ordinal)
            .ToDictionary(p => p.Key, p => p.First().Message, StringComparer.Ordinal);
        var start = request.StartsAt ?? now;
        using var simulation = Simulation.Begin(start);
        var frozen = await publishing.FreezeAsync(work, accountId, automationId, row.Draft, unfinished.Keys, cancellationToken);
        var plan = SimulationPlan.Read(request, draft.Steps.Count == 0 ? draft : reader.Read(frozen, published: true).Flow, unfinished, tools.Kinds, actions, now);
        var (people, population) = await sample.ChooseAsync(work, request, new SegmentContext(accountId, now, zone), cancellationToken);
        var ids = people.ConvertAll(p => p.Id);
        var refused = await RefusedAsync(work, accountId, zone, automationId, plan, [.. ids], cancellationToken);
        var world = new SimulatedWorld(tools, work, simulation, accountId, zone, automationId, plan, careful);
        await world.EnterAsync([.. ids.Where(id => !refused.ContainsKey(id))], cancellationToken);
        string stopped;
        try
        {
            stopped = await world.RunAsync(limit, GiveWay(work, cancellationToken), cancellationToken);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.QueryCanceled)
        {
            // The transaction is of no use any more: what is known is told without what is read at the end.
            return new SimulationStory(plan, world, people, refused, NoWords, NoReasons).Tell(simulation.Now, population, "time_limit");
        }

        var words = await WordsAsync(work, accountId, plan, cancellationToken);
        var waiting = await WaitingAsync(work, new SegmentContext(accountId, simulation.Now, zone, automationId), world, cancellationToken);
        return new SimulationStory(plan, world, people, refused, words, waiting).Tell(simulation.Now, population, stopped);
    }

    /// <summary>It waits for locks a moment only, shorter than anybody waits before looking for a deadlock, so that it is always the one that yields.</summary>
    private static async Task LimitAsync(AccountTransaction work, long accountId, TimeSpan limit, CancellationToken cancellationToken)
    {
        var statement = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{(int)Math.Max(1_000, limit.TotalMilliseconds)}");
        var alone = await Sql.Of($"""
            select pg_try_advisory_xact_lock({LockClass}, {(int)(accountId % int.MaxValue)})
            from (select set_config('statement_timeout', {statement}, true), set_config('lock_timeout', '300', true)) as s
            """).FirstAsync<bool>(work, cancellationToken);
        if (!alone)
        {
            throw new RateLimitedException(TimeSpan.FromSeconds(2));
        }
    }

    private static Func<Task> GiveWay(AccountTransaction work, CancellationToken cancellationToken)
    {
        var last = Stopwatch.GetTimestamp();
        return async () =>
        {
            if (Stopwatch.GetElapsedTime(last) < TimeSpan.FromMilliseconds(250))
            {
                return;
            }

            last = Stopwatch.GetTimestamp();
            if (await Sql.Of($"""
                select exists (select 1 from pg_catalog.pg_locks l
                               where not l.granted and l.waitstart < clock_timestamp() - interval '300 milliseconds' and pg_backend_pid() = any (pg_blocking_pids(l.pid)))
                """).FirstAsync<bool>(work, cancellationToken))
            {
                throw new GaveWayException();
            }
        };
    }

    /// <summary>Contacts whom the trigger's filter keeps out, and what its conditions found.</summary>
    private async Task<Dictionary<long, IReadOnlyList<StepReason>>> RefusedAsync(
        AccountTransaction work, long accountId, string zone, long automationId, SimulationPlan plan, long[] ids, CancellationToken cancellationToken)
    {
        if (plan.Trigger?.Where is not { } where || ids.Length == 0)
        {
            return [];
        }

        var context = new SegmentContext(accountId, plan.Start, zone, automationId, ids);
        var allowed = await conditions.MatchingAsync(work.Transaction, context, where, ids, cancellationToken);
        long[] refused = [.. ids.Where(id => !allowed.Contains(id))];
        var found = await conditions.FindingsAsync(work.Transaction, context, where, refused, cancellationToken);
        var words = await conditions.WordsAsync(work, accountId, where, plan.Flow.NameOf, cancellationToken);
        return refused.ToDictionary(id => id, IReadOnlyList<StepReason> (id) => [.. found.GetValueOrDefault(id, []).Select((f, i) => new StepReason(words[i], f.Holds, f.Found))]);
    }

    private async Task<Dictionary<string, List<string>>> WordsAsync(AccountTransaction work, long accountId, SimulationPlan plan, CancellationToken cancellationToken)
    {
        var words = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        foreach (var step in plan.Flow.Steps)
        {
            if (reasons.TreeOf(step) is { } tree)
            {
                words[step.Key] = await conditions.WordsAsync(work, accountId, tree, plan.Flow.NameOf, cancellationToken);
            }
        }

        if (plan.Flow.Exit is { } exit)
        {
            words[string.Empty] = await conditions.WordsAsync(work, accountId, exit.Conditions, plan.Flow.NameOf, cancellationToken);
        }

        return words;
    }

    /// <summary>What the conditions find for which people stand still at the end.</summary>
    private async Task<Dictionary<long, string>> WaitingAsync(AccountTransaction work, SegmentContext context, SimulatedWorld world, CancellationToken cancellationToken)
    {
        var found = new Dictionary<long, string>();
        foreach (var step in world.Runs.Where(r => r is { IsInside: true, Step: not null }).GroupBy(r => r.Step!))
        {
            if (reasons.TreeOf(step.Key) is { } tree)
            {
                foreach (var (contact, why) in await reasons.AskAsync(work.Transaction, context, tree, [.. step.Select(r => r.ContactId)], cancellationToken))
                {
                    found[contact] = why;
                }
            }
        }

        return found;
    }

    private static bool IsInTheWay(Exception exception) => exception is GaveWayException
        or PostgresException { SqlState: PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure };

    private sealed class GaveWayException() : Exception("Somebody waits for the simulation.");
}
