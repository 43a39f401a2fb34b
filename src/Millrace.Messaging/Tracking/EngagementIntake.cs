using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Millrace.Activities.Contracts;
using Millrace.Kernel.Data;
using Npgsql;

namespace Millrace.Messaging.Tracking;

/// <summary>
/// Group commit for opens and clicks: requests wait a few milliseconds for a shared transaction and are answered when it is durable. One
/// statement finds the sends, appends the activities and marks the first open, for hundreds of requests at once.
/// </summary>
internal sealed class EngagementIntake(NpgsqlDataSource database, IActivityLog activities) : BackgroundService
{
    private const int Writers = 2;
    private const int MaxBatch = 2_000;

    // A full channel makes callers wait, which is the pressure they should feel.
    private readonly Channel<Entry> _entries = Channel.CreateBounded<Entry>(20_000);

    /// <returns>Null when there is no such send.</returns>
    public async Task<EngagedSend?> RecordAsync(Engagement engagement, CancellationToken cancellationToken)
    {
        var entry = new Entry(engagement);
        await _entries.Writer.WriteAsync(entry, cancellationToken);
        return await entry.Found.Task.WaitAsync(cancellationToken);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(Enumerable.Range(0, Writers).Select(_ => Task.Run(WriteAsync, CancellationToken.None)));

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        // What was taken in is written before the process ends.
        _entries.Writer.TryComplete();
        if (ExecuteTask is { } writing)
        {
            await writing.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await base.StopAsync(cancellationToken);
    }

    private async Task WriteAsync()
    {
        var batch = new List<Entry>(MaxBatch);
        while (await _entries.Reader.WaitToReadAsync(CancellationToken.None))
        {
            batch.Clear();
            while (batch.Count < MaxBatch && _entries.Reader.TryRead(out var entry))
            {
                batch.Add(entry);
            }

            if (batch.Count == 0)
            {
                continue;
            }

            try
            {
                await FlushAsync(batch, CancellationToken.None); // serves many requests; one that left must not stop it
            }
            catch (Exception e)
            {
                batch.ForEach(b => b.Found.TrySetException(e));
            }
        }
    }

    private async Task FlushAsync(List<Entry> batch, CancellationToken cancellationToken)
    {
        var facts = batch.ConvertAll(b => b.Engagement);
        await using var work = await AccountTransaction.BeginAsync(database, [.. facts.Select(f => f.AccountId).Distinct()], cancellationToken);

        // A click without an open is an open too. Two requests for one send may both be its first: only one row update wins, and whose
        // activity says so does not matter.
        var found = await Sql.Of($"""
            with e as materialized (
                select e.no, e.link, e.at, coalesce(e.machine, case when e.at < s.finished_at + {MachineGuess.TooSoon} then 'too_soon' end) as machine,
                       s.account_id, s.contact_id, s.id as send_id, s.message_id, s.message_version_id, s.automation_id, s.step_key, l.url,
                       s.opened_at is null as unopened
                from unnest({facts.Select(f => f.AccountId).ToArray()}, {facts.Select(f => f.SendId).ToArray()}, {facts.Select(f => f.Link).ToArray()},
                            {facts.Select(f => f.At).ToArray()}, {facts.Select(f => f.Machine).ToArray()})
                     with ordinality as e (account_id, send_id, link, at, machine, no)
                join messaging.send s on s.account_id = e.account_id and s.id = e.send_id
                left join messaging.link l
                    on e.link > 0 and l.account_id = s.account_id and l.message_version_id = s.message_version_id and l.no = e.link
                where e.link = 0 or l.no is not null),
            facts as (
                select e.*, 'email.opened' as kind, 0 as rank,
                       jsonb_build_object('contact_id', contact_id, 'message_id', message_id, 'send_id', send_id, 'machine', machine) as data
                from e
                where link = 0 or (unopened and no = (select min(f.no) from e f where f.account_id = e.account_id and f.send_id = e.send_id))
                union all
                select e.*, 'email.clicked', 1,
                       jsonb_build_object('contact_id', contact_id, 'message_id', message_id, 'send_id', send_id, 'link', link, 'url', url, 'machine', machine)
                from e where link > 0),
            appended as (
                insert into activities.activity (account_id, contact_id, occurred_at, kind, subject_id, automation_id, step_key, data)
                select account_id, contact_id, at, kind, message_id, automation_id, step_key, data from facts where contact_id > 0 order by no, rank
                returning account_id, id, contact_id, occurred_at, kind),
            queued as (
                insert into activities.activity_queue (account_id, id, bucket, contact_id, occurred_at, kind)
                select account_id, id, kernel.bucket_of(account_id, contact_id), contact_id, occurred_at, kind from appended),
            marked as (
                update messaging.send s
                set opened_at = coalesce(s.opened_at, f.at), clicked_at = coalesce(s.clicked_at, f.clicked)
                from (select account_id, send_id, min(at) as at, min(at) filter (where link > 0) as clicked from e group by account_id, send_id) f
                where s.account_id = f.account_id and s.id = f.send_id
                  and (s.opened_at is null or (f.clicked is not null and s.clicked_at is null)))
            select no, message_version_id, contact_id, url from e
            """).ListAsync<Row>(work, cancellationToken);
        await work.CommitAsync(cancellationToken);
        activities.Wake();
        foreach (var (no, version, contact, url) in found)
        {
            batch[(int)no - 1].Found.TrySetResult(new EngagedSend(version, contact, url));
        }

        batch.ForEach(static b => b.Found.TrySetResult(null));
    }

    private sealed record Row(long No, long VersionId, long ContactId, string? Url);

    private sealed record Entry(Engagement Engagement)
    {
        public TaskCompletionSource<EngagedSend?> Found { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
