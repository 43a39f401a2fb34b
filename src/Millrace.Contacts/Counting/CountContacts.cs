using Millrace.Activities.Contracts;
using Millrace.Contacts.Contracts;
using Millrace.Kernel.Extensibility;

namespace Millrace.Contacts.Counting;

/// <summary>Keeps the counters of tags and lists true to the log: each activity counts exactly once, in the transaction that takes it off the queue.</summary>
internal sealed class CountContacts(ActivityKinds kinds) : IReaction
{
    private static readonly HashSet<string> Wanted =
        ["contact.deleted", "tag.added", "tag.removed", "tag.merged", "list.subscribed", "list.unsubscribed", "list.bounced"];

    public IReadOnlySet<string>? Kinds => Wanted;

    public Task ReactAsync(ReactionBatch batch, CancellationToken cancellationToken)
    {
        var changes = new Dictionary<(CounterKind, long), long>();
        foreach (var entry in batch.Entries)
        {
            foreach (var (kind, subjectId, change) in Changes(entry.Read(kinds)))
            {
                changes[(kind, subjectId)] = changes.GetValueOrDefault((kind, subjectId)) + change;
            }
        }

        return Counters.AddAsync(batch.Transaction, batch.AccountId, changes, cancellationToken);
    }

    /// <summary>What one activity means for the counts.</summary>
    internal static IEnumerable<(CounterKind Kind, long SubjectId, int Change)> Changes(IActivity activity) => activity switch
    {
        ContactDeleted d => [
            .. (d.TagIds ?? []).Select(t => (CounterKind.Tag, t, -1)),
            .. (d.ListIds ?? []).Select(l => (CounterKind.List, l, -1))],
        TagAdded a => [(CounterKind.Tag, a.TagId, 1)],
        TagRemoved r => [(CounterKind.Tag, r.TagId, -1)],
        TagMerged { Gained: true } m => [(CounterKind.Tag, m.TagId, 1)],
        ListSubscribed s => [(CounterKind.List, s.ListId, 1)],
        ListUnsubscribed { WasActive: true } u => [(CounterKind.List, u.ListId, -1)],
        ListBounced b => [(CounterKind.List, b.ListId, -1)],
        _ => [],
    };
}
