using System.Globalization;
using Millrace.Activities.Contracts;
using Millrace.Automations.Definitions;
using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;
using Millrace.Segments.Contracts;
using Npgsql;

namespace Millrace.Automations.Entry;

/// <summary>Lets contacts into automations when something happens that a trigger of theirs waits for. Nothing that happened before the switching on counts.</summary>
internal sealed class EnterByTrigger(
    LiveFlows live, Enrolment enrolment, IConditions conditions, ActivityKinds kinds, Catalogue<AutomationTrigger> triggers) : IReaction
{
    public IReadOnlySet<string> Kinds { get; } = triggers.All.Select(t => t.Key).ToHashSet(StringComparer.Ordinal);

    public async Task<IReadOnlySet<string>?> WantedAsync(NpgsqlTransaction transaction, long accountId, CancellationToken cancellationToken) =>
        (await live.OfAsync(transaction, accountId, cancellationToken)).TriggerKinds;

    public async Task ReactAsync(ReactionBatch batch, CancellationToken cancellationToken)
    {
        var account = await live.OfAsync(batch.Transaction, batch.AccountId, cancellationToken);
        var hits = new List<Hit>();
        foreach (var entry in batch.Entries)
        {
            IActivity? activity = null;
            foreach (var (flow, trigger) in account.Triggers[entry.Kind])
            {
                // Things with several contacts say themselves who enters; all else is about one contact.
                if ((entry.ContactId != 0 || trigger.Definition is IObjectTrigger) && entry.OccurredAt >= flow.ActiveSince
                    && trigger.Definition!.Matches(activity ??= entry.Read(kinds), trigger.Settings!))
                {
                    hits.Add(new Hit(flow, trigger, entry, activity));
                }
            }
        }

        foreach (var automation in hits.GroupBy(h => h.Live))
        {
            var candidates = new List<(long Order, Candidate Candidate)>();
            foreach (var gate in automation.GroupBy(h => h.Trigger))
            {
                var coming = await CandidatesAsync(batch, gate.Key, [.. gate], cancellationToken);
                var allowed = await AllowedAsync(
                    batch, automation.Key.AutomationId, gate.Key, [.. coming.Select(c => c.Candidate.ContactId).Distinct()], cancellationToken);
                candidates.AddRange(coming.Where(c => allowed is null || allowed.Contains(c.Candidate.ContactId)));
            }

            await enrolment.EnterAsync(
                batch.Transaction, batch.AccountId, automation.Key.AutomationId, automation.Key.Flow,
                [.. candidates.OrderBy(c => c.Order).Select(c => c.Candidate)], manual: false, batch.Now, cancellationToken);
        }
    }

    private static async Task<List<(long Order, Candidate Candidate)>> CandidatesAsync(
        ReactionBatch batch, FlowTrigger trigger, IReadOnlyList<Hit> hits, CancellationToken cancellationToken)
    {
        var activities = hits.Select(h => h.Activity).ToList();
        var lists = await trigger.Definition!.ListsOfAsync(batch.Transaction, batch.AccountId, activities, cancellationToken);
        var things = trigger.Definition is IObjectTrigger about
            ? await about.ObjectsAsync(batch.Transaction, batch.AccountId, activities, trigger.Settings!, cancellationToken)
            : null;
        var candidates = new List<(long, Candidate)>();
        for (var i = 0; i < hits.Count; i++)
        {
            var entry = hits[i].Entry;
            foreach (var contact in things is null ? [entry.ContactId] : things[i]?.ContactIds.Distinct() ?? [])
            {
                candidates.Add((entry.Id, new Candidate(contact, trigger.Key, trigger.Runs, EntryKey(trigger, entry), lists[i], Subject: things?[i]?.Subject)));
            }
        }

        return candidates;
    }

    /// <summary>The same happening lets a contact in through the same trigger once, whoever notices it.</summary>
    public static string EntryKey(FlowTrigger trigger, ActivityEntry entry) => string.Create(CultureInfo.InvariantCulture, $"{trigger.Key}:{entry.Id}");

    /// <summary>Null: everybody.</summary>
    private async Task<HashSet<long>?> AllowedAsync(
        ReactionBatch batch, long automationId, FlowTrigger trigger, long[] contactIds, CancellationToken cancellationToken)
    {
        if (trigger.Where is not { } where)
        {
            return null;
        }

        var context = await AccountZone.ContextAsync(batch.Transaction, batch.AccountId, automationId, batch.Now, contactIds, cancellationToken);
        return await conditions.MatchingAsync(batch.Transaction, context, where, contactIds, cancellationToken);
    }

    private sealed record Hit(LiveFlow Live, FlowTrigger Trigger, ActivityEntry Entry, IActivity Activity);
}

/// <summary>The account's own time zone, read where it stands: a worker has no request to take it from.</summary>
internal static class AccountZone
{
    public static async Task<SegmentContext> ContextAsync(
        NpgsqlTransaction transaction, long accountId, long automationId, DateTimeOffset now, long[]? contactIds, CancellationToken cancellationToken)
    {
        var zone = await Sql.Of($"select time_zone from accounts.account where id = {accountId}").FirstAsync<string>(transaction, cancellationToken);
        return new SegmentContext(accountId, now, zone ?? "UTC", automationId, contactIds);
    }
}
