using Millrace.Kernel.Data;
using Millrace.Kernel.Workers;
using Npgsql;

namespace Millrace.Integrations.Feeds;

/// <summary>
/// Fetches the feeds that automations watch, one claim at a time: the claim is committed before the call, the items after it. Asks only for what has changed;
/// failures slow it down, up to a day.
/// </summary>
internal sealed class FetchFeeds(NpgsqlDataSource database, FeedCall call, WorkSignal signal, TimeProvider clock) : IWorkerPass
{
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);
    private const int KeepDays = 90;

    public async Task<int> RunOnceAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        Claim? claim;
        await using (var work = await AccountTransaction.ForAllAccountsAsync(database, cancellationToken))
        {
            claim = await Sql.Of($"""
                update integrations.feed f set next_fetch_at = {now + Interval}
                from (select account_id, id from integrations.feed
                      where next_fetch_at <= {now} and wanted_at > {now.AddDays(-8)} order by next_fetch_at limit 1 for update skip locked) due
                where f.account_id = due.account_id and f.id = due.id
                returning f.account_id, f.id, f.url, case when f.content is not null then f.etag end, case when f.content is not null then f.last_modified end, f.fetched_at, f.failures
                """).FirstAsync<Claim>(work, cancellationToken);
            await work.CommitAsync(cancellationToken);
        }

        if (claim is null)
        {
            return 0;
        }

        var answer = await call.FetchAsync(claim.Url, claim.Etag, claim.LastModified, cancellationToken);
        await SettleAsync(claim, answer, now, cancellationToken);
        signal.Pulse("EnterBySchedule");
        return 1;
    }

    private async Task SettleAsync(Claim claim, FeedAnswer answer, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.ForAllAccountsAsync(database, cancellationToken);
        if (answer.Items is not { } items)
        {
            var failures = Math.Min(claim.Failures + 1, 8);
            var next = now + TimeSpan.FromMinutes(Math.Min(1_440, Interval.TotalMinutes * Math.Pow(2, failures)));
            await Sql.Of($"""
                update integrations.feed set failures = {claim.Failures + 1}, error = {answer.Error}, next_fetch_at = {next}
                where account_id = {claim.AccountId} and id = {claim.Id}
                """).ExecuteAsync(work, cancellationToken);
        }
        else
        {
            // The row is locked first and the time taken then: a trigger that asks locks it too, so no item slips in behind a window that was asked about.
            await Sql.Of($"""
                update integrations.feed set failures = 0, error = null, fetched_at = {now}, etag = {answer.Etag}, last_modified = {answer.LastModified},
                    content = coalesce({new JsonText(FeedShelf.Json(answer.Document))}, content)
                where account_id = {claim.AccountId} and id = {claim.Id}
                """).ExecuteAsync(work, cancellationToken);
            var seen = clock.GetUtcNow();
            DateTimeOffset? isNew = claim.FetchedAt is null ? null : seen;
            await Sql.Of($"""
                insert into integrations.feed_item as i (account_id, feed_id, key, title, new_at, last_seen_at)
                select {claim.AccountId}, {claim.Id}, n.key, n.title, {isNew}, {seen}
                from unnest({items.Select(i => i.Key).ToArray()}, {items.Select(i => i.Title).ToArray()}) as n (key, title)
                on conflict (account_id, feed_id, key) do update set last_seen_at = excluded.last_seen_at
                """).ExecuteAsync(work, cancellationToken);
            await Sql.Of($"""
                delete from integrations.feed_item
                where account_id = {claim.AccountId} and feed_id = {claim.Id} and last_seen_at < {seen.AddDays(-KeepDays)} and {items.Count > 0}
                """).ExecuteAsync(work, cancellationToken);
        }

        await work.CommitAsync(cancellationToken);
    }

    private sealed record Claim(long AccountId, long Id, string Url, string? Etag, string? LastModified, DateTimeOffset? FetchedAt, int Failures);
}
