using Millrace.Activities.Contracts;
using Millrace.Kernel.Data;

namespace Millrace.Tracking.Events;

/// <summary>
/// Events on their way into the group commit: requests wait for a shared transaction and are answered when it is durable. One statement finds the contacts and
/// appends the activities, for hundreds of requests at once. It reads Contacts' table: the one fact the endpoint needs of it, on its hottest path.
/// </summary>
internal sealed class EventIntake(GroupCommit group, IActivityLog activities)
{
    private readonly GroupCommitPart<Hit, bool> _part = group.Part<Hit, long, bool>(h => h.AccountId, Statement, (hits, stored) =>
    {
        activities.Wake();
        var found = new bool[hits.Count];
        foreach (var no in stored)
        {
            found[no - 1] = true;
        }

        return found;
    });

    /// <param name="Email">Normalised.</param>
    /// <param name="Data">The activity as JSON, without its contact.</param>
    internal sealed record Hit(long AccountId, string Email, long EventId, DateTimeOffset At, string Data);

    /// <returns>False when no contact has the address; then nothing is stored.</returns>
    public Task<bool> RecordAsync(Hit hit) => _part.AddAsync(hit);

    // Lateral, so that each is a search by key whatever the planner believes: on a young table it would read the whole account.
    private static Sql Statement(IReadOnlyList<Hit> hits) => Sql.Of($"""
        with e as materialized (
            select e.no, e.account_id, c.id as contact_id, e.at, e.event_id, e.data
            from unnest({hits.Select(h => h.AccountId).ToArray()}, {hits.Select(h => h.Email).ToArray()}, {hits.Select(h => h.EventId).ToArray()},
                        {hits.Select(h => h.At).ToArray()}, {JsonText.Array([.. hits.Select(h => h.Data)])})
                 with ordinality as e (account_id, email, event_id, at, data, no)
            cross join lateral (
                select id from contacts.contact c where c.account_id = e.account_id and c.email = e.email limit 1) c),
        {ActivityRows.Append(Sql.Of($"""
            select account_id, contact_id, at, 'event.recorded', event_id, null::bigint, null::text, data || jsonb_build_object('contact_id', contact_id), null::jsonb
            from e order by no
            """))}
        select no from e
        """);
}
