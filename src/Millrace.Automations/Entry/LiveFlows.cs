using System.Collections.Concurrent;
using Millrace.Automations.Definitions;
using Millrace.Automations.Engine;
using Millrace.Kernel.Data;
using Millrace.Segments.Contracts;
using Npgsql;

namespace Millrace.Automations.Entry;

/// <summary>The active automations of each account, by what they react to. Remembered until the account's stamp moves on.</summary>
internal sealed class LiveFlows(FlowCache flows, IConditions conditions)
{
    private readonly ConcurrentDictionary<long, LiveAccount> _accounts = new();

    public async Task<LiveAccount> OfAsync(NpgsqlTransaction transaction, long accountId, CancellationToken cancellationToken)
    {
        var stamp = await Sql.Of($"select stamp from automations.stamp where account_id = {accountId}").FirstAsync<long>(transaction, cancellationToken);
        if (_accounts.TryGetValue(accountId, out var known) && known.Stamp == stamp)
        {
            return known;
        }

        var rows = stamp == 0 ? [] : await Sql.Of($"""
            select id, published_version, active_since from automations.automation where account_id = {accountId} and status = 'active' order by id
            """).ListAsync<ActiveRow>(transaction, cancellationToken);
        var read = await flows.LoadAsync(transaction, accountId, [.. rows.Select(r => (r.Id, r.Version))], cancellationToken);
        var live = new List<LiveFlow>();
        foreach (var row in rows.Where(r => read.ContainsKey(r.Id)))
        {
            live.Add(new LiveFlow(row.Id, row.ActiveSince, read[row.Id], await AwaitedAsync(transaction, accountId, read[row.Id], cancellationToken)));
        }

        return _accounts[accountId] = new LiveAccount(stamp, live);
    }

    /// <summary>With what the saved segments read as they are now; a change of theirs moves the stamp.</summary>
    public async Task<IReadOnlySet<string>> AwaitedAsync(NpgsqlTransaction transaction, long accountId, Flow flow, CancellationToken cancellationToken)
    {
        var kinds = new HashSet<string>(flow.AwaitedKinds, StringComparer.Ordinal);
        foreach (var tree in flow.AwaitedSegments)
        {
            kinds.UnionWith(conditions.ActivityKinds(await conditions.ResolveAsync(transaction, accountId, tree, cancellationToken)));
        }

        return kinds;
    }

    /// <summary>Tells every process that the account's automations have changed. In the transaction of the change.</summary>
    public static Task MoveStampAsync(NpgsqlTransaction transaction, long accountId, CancellationToken cancellationToken) => Sql.Of($"""
        insert into automations.stamp as s (account_id, stamp) values ({accountId}, 1)
        on conflict (account_id) do update set stamp = s.stamp + 1
        """).ExecuteAsync(transaction, cancellationToken);

    private sealed record ActiveRow(long Id, int Version, DateTimeOffset ActiveSince);
}

/// <summary>An active automation.</summary>
internal sealed record LiveFlow(long AutomationId, DateTimeOffset ActiveSince, Flow Flow, IReadOnlySet<string> Awaited);

/// <summary>What an account's active automations react to.</summary>
internal sealed class LiveAccount(long stamp, IReadOnlyList<LiveFlow> flows)
{
    public long Stamp { get; } = stamp;

    /// <summary>By kind of activity.</summary>
    public ILookup<string, (LiveFlow Live, FlowTrigger Trigger)> Triggers { get; } = flows
        .SelectMany(f => f.Flow.Triggers.Where(t => t.IsUsable).Select(t => (Live: f, Trigger: t))).ToLookup(t => t.Trigger.Type, StringComparer.Ordinal);

    /// <summary>Automations that end for a contact that unsubscribes in one of their mails.</summary>
    public IReadOnlySet<long> ExitOnUnsubscribe { get; } = flows.Where(f => f.Flow.ExitOnUnsubscribe).Select(f => f.AutomationId).ToHashSet();

    /// <summary>Automations with a wait or a goal that reads a kind of activity.</summary>
    public ILookup<string, long> Awaiting { get; } = flows
        .SelectMany(f => f.Awaited.Select(k => (Kind: k, f.AutomationId))).ToLookup(k => k.Kind, k => k.AutomationId, StringComparer.Ordinal);

    /// <summary>Keys of <see cref="Triggers"/>.</summary>
    public IReadOnlySet<string> TriggerKinds { get; } = flows.SelectMany(f => f.Flow.Triggers.Where(t => t.IsUsable).Select(t => t.Type)).ToHashSet(StringComparer.Ordinal);

    /// <summary>Keys of <see cref="Awaiting"/>.</summary>
    public IReadOnlySet<string> AwaitedKinds { get; } = flows.SelectMany(f => f.Awaited).ToHashSet(StringComparer.Ordinal);
}
