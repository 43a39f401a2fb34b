using Millrace.Contacts.Contracts;
using Millrace.Contacts.Counting;
using Npgsql;

namespace Millrace.Contacts.Import;

/// <summary>Keeps the counts of lists and tags when nothing reacts to the import's activities; otherwise the reaction to them does.</summary>
internal static class ImportCounters
{
    public static Task AddAsync(
        NpgsqlTransaction transaction, long accountId, ImportPlan plan, int created, ExistingChanges changes, CancellationToken cancellationToken)
    {
        var counts = new Dictionary<(CounterKind Kind, long SubjectId), long>();
        foreach (var listId in plan.ListIds)
        {
            counts[(CounterKind.List, listId)] = (plan.ListStatus == SubscriptionStatus.Active ? created : 0)
                + changes.Subscribed.LongCount(p => p.SubjectId == listId);
        }

        foreach (var tagId in plan.TagIds)
        {
            counts[(CounterKind.Tag, tagId)] = created + changes.Tagged.LongCount(p => p.SubjectId == tagId);
        }

        return Counters.AddAsync(transaction, accountId, counts, cancellationToken);
    }
}
