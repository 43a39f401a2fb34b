using System.Net;
using Millrace.Kernel.Data;
using Millrace.Kernel.Security.Http;
using Millrace.Kernel.Workers;
using Npgsql;

namespace Millrace.Integrations.Feeds;

/// <summary>
/// Fetches the feeds that automations watch, one claim at a time: the claim is committed before the call, the items after it. Asks only for what has changed;
/// failures slow it down, up to a day.
/// </summary>
internal sealed class FetchFeeds(NpgsqlDataSource database, SafeHttp http, WorkSignal signal, TimeProvider clock) : IWorkerPass
{
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);
    private const int MaxBody = 2_000_000;
    private const int MaxRedirects = 3;
    private const int KeepDays = 90;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

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
                returning f.account_id, f.id, f.url, f.etag, f.last_modified, f.fetched_at, f.failures
                """).FirstAsync<Claim>(work, cancellationToken);
            await work.CommitAsync(cancellationToken);
        }

        if (claim is null)
        {
            return 0;
        }

        var answer = await FetchAsync(claim, cancellationToken);
        await SettleAsync(claim, answer, now, cancellationToken);
        signal.Pulse("EnterBySchedule");
        return 1;
    }

    private async Task<Answer> FetchAsync(Claim claim, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            var url = claim.Url;
            for (var hop = 0; hop <= MaxRedirects; hop++)
            {
                if (http.Reason(url) is { } reason)
                {
                    return new Answer(null, null, null, reason);
                }

                using var request = new HttpRequestMessage(HttpMethod.Get, url);
                request.Headers.TryAddWithoutValidation("Accept", "application/rss+xml, application/atom+xml, application/xml;q=0.9, text/xml;q=0.8");
                request.Headers.TryAddWithoutValidation("User-Agent", "Millrace feed reader");
                if (claim.Etag is not null)
                {
                    request.Headers.TryAddWithoutValidation("If-None-Match", claim.Etag);
                }

                if (claim.LastModified is not null)
                {
                    request.Headers.TryAddWithoutValidation("If-Modified-Since", claim.LastModified);
                }

                using var response = await http.SendAsync(request, limit.Token);
                switch (response.StatusCode)
                {
                    case HttpStatusCode.NotModified:
                        return new Answer([], claim.Etag, claim.LastModified, null);
                    case HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther or HttpStatusCode.TemporaryRedirect
                        or HttpStatusCode.PermanentRedirect when response.Headers.Location is { } location:
                        // Judged anew, name and address: a redirect must not lead where the address itself could not.
                        url = new Uri(new Uri(url), location).AbsoluteUri;
                        continue;
                    case HttpStatusCode.OK:
                        return await ReadAsync(response, limit.Token);
                    default:
                        return new Answer(null, null, null, $"The address answers {(int)response.StatusCode}.");
                }
            }

            return new Answer(null, null, null, "The address leads from one to another without an end.");
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException or UriFormatException && !cancellationToken.IsCancellationRequested)
        {
            return new Answer(null, null, null, e is OperationCanceledException ? "The address did not answer in time." : "The address could not be reached.");
        }
    }

    private static async Task<Answer> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        var bytes = new byte[MaxBody + 1];
        var length = await body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken);
        if (length > MaxBody)
        {
            return new Answer(null, null, null, "The feed is larger than 2 megabytes.");
        }

        try
        {
            using var content = new MemoryStream(bytes, 0, length, writable: false);
            return new Answer(FeedReader.Read(content), Short(response.Headers.ETag?.ToString()), Short(response.Content.Headers.LastModified?.ToString("r")), null);
        }
        catch (FeedInvalidException e)
        {
            return new Answer(null, null, null, e.Message);
        }
    }

    private async Task SettleAsync(Claim claim, Answer answer, DateTimeOffset now, CancellationToken cancellationToken)
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
                update integrations.feed set failures = 0, error = null, fetched_at = {now}, etag = {answer.Etag}, last_modified = {answer.LastModified}
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

    private static string? Short(string? header) => header is { Length: <= 500 } ? header : null;

    private sealed record Claim(long AccountId, long Id, string Url, string? Etag, string? LastModified, DateTimeOffset? FetchedAt, int Failures);

    /// <param name="Items">Null: it failed.</param>
    private sealed record Answer(List<FeedItem>? Items, string? Etag, string? LastModified, string? Error);
}
