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
        var hits = new List<(LiveFlow Live, FlowTrigger Trigger, ActivityEntry Entry)>();
        foreach (var entry in batch.Entries.Where(e => e.ContactId != 0))
        {
            IActivity? activity = null;
            foreach (var (flow, trigger) in account.Triggers[entry.Kind])
            {
                if (entry.OccurredAt >= flow.ActiveSince && trigger.Definition!.Matches(activity ??= entry.Read(kinds), trigger.Settings!))
                {
                    hits.Add((flow, trigger, entry));
                }
            }
        }

        foreach (var automation in hits.GroupBy(h => h.Live))
        {
            var candidates = new List<(long Order, Candidate Candidate)>();
            foreach (var gate in automation.GroupBy(h => h.Trigger))
            {
                var allowed = await AllowedAsync(batch, automation.Key.AutomationId, gate.Key, [.. gate.Select(h => h.Entry.ContactId).Distinct()], cancellationToken);
                candidates.AddRange(gate.Where(h => allowed is null || allowed.Contains(h.Entry.ContactId)).Select(h => (h.Entry.Id, AsCandidate(h.Trigger, h.Entry))));
            }

            await enrolment.EnterAsync(
                batch.Transaction, batch.AccountId, automation.Key.AutomationId, automation.Key.Flow,
                [.. candidates.OrderBy(c => c.Order).Select(c => c.Candidate)], manual: false, batch.Now, cancellationToken);
        }
    }

    private static Candidate AsCandidate(FlowTrigger trigger, ActivityEntry entry) => new(
        entry.ContactId,
        trigger.Key,
        trigger.Runs,
        string.Create(CultureInfo.InvariantCulture, $"{trigger.Key}:{entry.Id}"),
        entry.Kind.StartsWith("list.", StringComparison.Ordinal) ? entry.SubjectId : null);

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
}

/// <summary>The account's own time zone, read where it stands: a worker has no request to take it from.</summary>
internal static class AccountZone
{
    public static async Task<SegmentContext> ContextAsync(
        NpgsqlTransaction transaction, long accountId, long automationId, DateTimeOffset now, long[] contactIds, CancellationToken cancellationToken)
    {
        var zone = await Sql.Of($"select time_zone from accounts.account where id = {accountId}").FirstAsync<string>(transaction, cancellationToken);
        return new SegmentContext(accountId, now, zone ?? "UTC", automationId, contactIds);
    }
}
