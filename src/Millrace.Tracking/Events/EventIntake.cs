using Microsoft.Extensions.Hosting;
using Millrace.Activities.Contracts;
using Millrace.Kernel.Data;
using Npgsql;

namespace Millrace.Tracking.Events;

/// <summary>
/// Group commit for events: requests wait for a shared transaction and are answered when it is durable. One statement finds the contacts and
/// appends the activities, for hundreds of requests at once. It reads Contacts' table: the one fact the endpoint needs of it, on its hottest path.
/// </summary>
internal sealed class EventIntake : IHostedService
{
    private readonly NpgsqlDataSource _database;
    private readonly IActivityLog _activities;
    private readonly GroupCommit<Hit, bool> _group;

    public EventIntake(NpgsqlDataSource database, IActivityLog activities)
    {
        (_database, _activities) = (database, activities);
        _group = new GroupCommit<Hit, bool>(StoreAsync);
    }

    /// <param name="Email">Normalised.</param>
    /// <param name="Data">The activity as JSON, without its contact.</param>
    internal sealed record Hit(long AccountId, string Email, long EventId, DateTimeOffset At, string Data);

    /// <returns>False when no contact has the address; then nothing is stored.</returns>
    public Task<bool> RecordAsync(Hit hit, CancellationToken cancellationToken) => _group.AddAsync(hit, cancellationToken);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => _group.CompleteAsync(cancellationToken);

    private async Task<IReadOnlyList<bool>> StoreAsync(IReadOnlyList<Hit> hits)
    {
        // Lateral, so that each is a search by key whatever the planner believes: on a young table it would read the whole account.
        var statement = Sql.Of($"""
            with e as materialized (
                select e.no, e.account_id, c.id as contact_id, e.at, e.event_id, e.data
                from unnest({hits.Select(h => h.AccountId).ToArray()}, {hits.Select(h => h.Email).ToArray()}, {hits.Select(h => h.EventId).ToArray()},
                            {hits.Select(h => h.At).ToArray()}, {JsonText.Array([.. hits.Select(h => h.Data)])})
                     with ordinality as e (account_id, email, event_id, at, data, no)
                cross join lateral (
                    select id from contacts.contact c where c.account_id = e.account_id and c.email = e.email limit 1) c),
            {ActivityRows.Append(Sql.Of($"""
                select account_id, contact_id, at, 'event.recorded', event_id, null::bigint, null::text, data || jsonb_build_object('contact_id', contact_id)
                from e order by no
                """))}
            select no from e
            """);
        var accounts = hits.Select(h => h.AccountId).Distinct().ToList();
        var stored = await OneRoundTrip.ListAsync<long>(_database, accounts, statement, CancellationToken.None); // serves many; one that left must not stop it
        _activities.Wake();
        var found = new bool[hits.Count];
        foreach (var no in stored)
        {
            found[no - 1] = true;
        }

        return found;
    }
}
