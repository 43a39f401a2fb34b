using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Millrace.Activities.Contracts;
using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;
using Npgsql;

namespace Millrace.Activities.Log;

/// <summary>Group commit: two writers take turns in draining what has come in since the last commit. While one commits, the other gathers.</summary>
internal sealed class ActivityIngest(NpgsqlDataSource database, ActivityKinds kinds, IActivityLog log) : BackgroundService, IActivityIngest
{
    private const int Writers = 2;
    private const int MaxBatch = 2_000;

    // A full channel makes callers wait, which is the pressure they should feel.
    private readonly Channel<Entry> _entries = Channel.CreateBounded<Entry>(20_000);

    public async Task RecordAsync(long accountId, DatedActivity activity, CancellationToken cancellationToken)
    {
        var kind = kinds.Of(activity.Activity.GetType());
        var entry = new Entry(accountId, activity, kind, ActivityJson.Write(activity.Activity));
        await _entries.Writer.WriteAsync(entry, cancellationToken);
        await entry.Written.Task.WaitAsync(cancellationToken);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(Enumerable.Range(0, Writers).Select(_ => Task.Run(() => WriteAsync(stoppingToken), CancellationToken.None)));

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

    private async Task WriteAsync(CancellationToken stoppingToken)
    {
        var batch = new List<Entry>(MaxBatch);
        while (await _entries.Reader.WaitToReadAsync(CancellationToken.None))
        {
            while (batch.Count < MaxBatch && _entries.Reader.TryRead(out var entry))
            {
                batch.Add(entry);
            }

            if (batch.Count > 0)
            {
                await FlushAsync(batch);
                batch.Clear();
            }
        }
    }

    private async Task FlushAsync(List<Entry> batch)
    {
        try
        {
            await InsertAsync(batch, CancellationToken.None);
            batch.ForEach(static e => e.Written.TrySetResult());
            log.Wake();
        }
        catch (Exception e)
        {
            batch.ForEach(entry => entry.Written.TrySetException(e));
        }
    }

    private Task InsertAsync(List<Entry> batch, CancellationToken cancellationToken)
    {
        var insert = Sql.Of($"""
            with appended as (
                insert into activities.activity (account_id, contact_id, occurred_at, kind, subject_id, automation_id, step_key, data)
                select a.account_id, a.contact_id, a.occurred_at, a.kind, a.subject_id, a.automation_id, a.step_key, a.data
                from unnest({batch.Select(e => e.AccountId).ToArray()}, {batch.Select(e => e.Dated.Activity.ContactId).ToArray()},
                            {batch.Select(e => e.Dated.OccurredAt).ToArray()}, {batch.Select(e => e.Kind.Key).ToArray()},
                            {batch.Select(e => (long?)e.Kind.Subject?.GetValue(e.Dated.Activity)).ToArray()},
                            {batch.Select(e => e.Dated.Origin?.AutomationId).ToArray()}, {batch.Select(e => e.Dated.Origin?.StepKey).ToArray()},
                            {JsonText.Array([.. batch.Select(e => e.Json)])})
                     with ordinality as a (account_id, contact_id, occurred_at, kind, subject_id, automation_id, step_key, data, no)
                order by a.no
                returning account_id, id, contact_id, occurred_at, kind)
            insert into activities.activity_queue (account_id, id, bucket, contact_id, occurred_at, kind)
            select account_id, id, kernel.bucket_of(account_id, contact_id), contact_id, occurred_at, kind from appended
            """);
        return OneRoundTrip.ExecuteAsync(database, [.. batch.Select(e => e.AccountId).Distinct()], insert, cancellationToken);
    }

    private sealed record Entry(long AccountId, DatedActivity Dated, ActivityKind Kind, string Json)
    {
        public TaskCompletionSource Written { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
