using System.Text.Json;
using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;
using Npgsql;

namespace Millrace.Activities.Contracts;

/// <summary>
/// Something that reacts to activities: triggers, goals, counters, webhooks. Called once per activity, with its effects in the transaction
/// that takes the activity off the queue, so they happen exactly once.
/// </summary>
public interface IReaction
{
    /// <summary>Kinds it wants; null for all.</summary>
    IReadOnlySet<string>? Kinds { get; }

    /// <summary>
    /// Of these kinds, those to which anything in this account reacts at present; null for all. Activities of others are not read again from the log.
    /// </summary>
    Task<IReadOnlySet<string>?> WantedAsync(NpgsqlTransaction transaction, long accountId, CancellationToken cancellationToken) => Task.FromResult(Kinds);

    /// <summary>Whether simulations of automations call it too: conditions or steps see what it does, and it touches no row that others share.</summary>
    bool IsSimulated => false;

    /// <summary>Reacts to activities of one account, in the order in which they happened for each contact.</summary>
    Task ReactAsync(ReactionBatch batch, CancellationToken cancellationToken);
}

/// <summary>Activities of one account that are taken off the queue together.</summary>
public sealed record ReactionBatch(NpgsqlTransaction Transaction, long AccountId, DateTimeOffset Now, IReadOnlyList<ActivityEntry> Entries);

/// <summary>One row of the log.</summary>
public sealed record ActivityEntry(
    long Id, long ContactId, string Kind, long? SubjectId, long? AutomationId, string? StepKey, DateTimeOffset OccurredAt, JsonElement Data)
{
    /// <summary>The typed record.</summary>
    public IActivity Read(ActivityKinds kinds) => ActivityJson.Read(kinds.Find(Kind)!.Type, Data);

    /// <summary>The entries of an account by their keys, in their order. Lateral, so that it is a search by key whatever the planner believes: on a young partition it would read the whole account.</summary>
    public static Task<List<ActivityEntry>> ListAsync(
        NpgsqlTransaction transaction, long accountId, IReadOnlyCollection<(long ContactId, DateTimeOffset OccurredAt, long Id)> keys, CancellationToken cancellationToken) => Sql.Of($"""
        select a.id, a.contact_id, a.kind, a.subject_id, a.automation_id, a.step_key, a.occurred_at, a.data
        from unnest({keys.Select(k => k.ContactId).ToArray()}, {keys.Select(k => k.OccurredAt).ToArray()}, {keys.Select(k => k.Id).ToArray()})
             as k (contact_id, occurred_at, id)
        cross join lateral (
            select * from activities.activity l
            where l.account_id = {accountId} and l.contact_id = k.contact_id and l.occurred_at = k.occurred_at and l.id = k.id limit 1) a
        order by a.id
        """).ListAsync<ActivityEntry>(transaction, cancellationToken);
}
