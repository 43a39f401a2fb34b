using Millrace.Activities.Contracts;
using Millrace.Automations.Contracts;
using Millrace.Automations.Engine;
using Millrace.Kernel.Data;

namespace Millrace.Automations.Entry;

/// <summary>Ends an automation, where its settings say so, for contacts that unsubscribe in one of its mails. Otherwise they walk on, only without mails.</summary>
internal sealed class ExitOnUnsubscribe(LiveFlows live, IActivityLog log) : IReaction
{
    private const string Reason = "unsubscribed";

    /// <summary>How it stands in the trace.</summary>
    public const string Result = "ended_" + Reason;

    public IReadOnlySet<string> Kinds { get; } = new HashSet<string>(StringComparer.Ordinal) { "email.unsubscribed" };

    public async Task ReactAsync(ReactionBatch batch, CancellationToken cancellationToken)
    {
        var account = await live.OfAsync(batch.Transaction, batch.AccountId, cancellationToken);
        foreach (var automation in batch.Entries.Where(e => e.AutomationId is { } id && account.ExitOnUnsubscribe.Contains(id)).GroupBy(e => e.AutomationId!.Value))
        {
            await EndAsync(batch, automation.Key, [.. automation.Select(e => e.ContactId).Distinct()], cancellationToken);
        }
    }

    /// <summary>Ends the entries of contacts in an automation.</summary>
    public async Task EndAsync(ReactionBatch batch, long automationId, long[] contactIds, CancellationToken cancellationToken)
    {
        var ended = await RunStore.EndOthersAsync(batch.Transaction, batch.AccountId, automationId, contactIds, [], batch.Now, cancellationToken);
        if (ended.Count > 0)
        {
            await RunStore.AddVisitsAsync(
                batch.Transaction,
                [.. ended.Where(r => r.StepKey is not null)
                    .Select(r => new StepVisit(batch.AccountId, r.Id, r.VisitNo, r.StepKey!, r.ArrivedAt, batch.Now, Result, null, r.Version ?? 0))],
                cancellationToken);
            var tally = new Tally((short)(Bucket.Of(batch.AccountId, ended[0].ContactId) % Tally.Shards), batch.Now);
            foreach (var run in ended)
            {
                tally.AddEnd(batch.AccountId, automationId, run.StepKey, Reason);
            }

            await tally.SaveAsync(batch.Transaction, cancellationToken);
            await log.AppendAsync(
                batch.Transaction, batch.AccountId, [.. ended.Select(r => new AutomationEnded(r.ContactId, r.AutomationId, r.Id, Reason))], cancellationToken);
        }
    }
}
