using System.Collections.Concurrent;
using System.Text.Json;
using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;
using Millrace.Kernel.Json;
using Npgsql;

namespace Millrace.Integrations.Feeds;

/// <summary>What feeds hold, for mails: fetched at once, or as the background reader last found it.</summary>
internal sealed class FeedShelf(FeedCall call, TimeProvider clock) : IFeeds
{
    private const int MaxKept = 100;
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<string, (FeedReading Reading, DateTimeOffset At)> _kept = new(StringComparer.Ordinal);

    public async Task<FeedReading> ReadAsync(string url, CancellationToken cancellationToken)
    {
        if (_kept.TryGetValue(url, out var kept) && clock.GetUtcNow() - kept.At < Fresh)
        {
            return kept.Reading;
        }

        var answer = await call.FetchAsync(url, null, null, cancellationToken);
        var reading = new FeedReading(Shown(answer.Document), answer.Error);
        if (_kept.Count >= MaxKept)
        {
            _kept.Clear();
        }

        if (reading.Error is null)
        {
            _kept[url] = (reading, clock.GetUtcNow());
        }

        return reading;
    }

    public async Task<FeedDocument?> StoredAsync(NpgsqlTransaction transaction, long accountId, string url, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var stored = await Sql.Of($"select wanted_at, content from integrations.feed where account_id = {accountId} and url = {url}")
            .FirstAsync<Stored>(transaction, cancellationToken);
        if (stored is null || stored.WantedAt < now.AddHours(-1) || stored.Content is null)
        {
            await Sql.Of($"""
                insert into integrations.feed as f (account_id, url, wanted_at, next_fetch_at) values ({accountId}, {url}, {now}, {now})
                on conflict (account_id, url) do update set wanted_at = greatest(f.wanted_at, excluded.wanted_at)
                """).ExecuteAsync(transaction, cancellationToken);
        }

        return stored?.Content is { } content ? content.Deserialize<FeedDocument>(AppJson.Options) : null;
    }

    /// <summary>What is kept of a feed, as JSON.</summary>
    public static string? Json(FeedDocument? document) => document is null ? null : JsonSerializer.Serialize(Shown(document), AppJson.Options);

    private static FeedDocument? Shown(FeedDocument? document) =>
        document is null ? null : document with { Items = [.. document.Items.Take(FeedReader.MaxShown)] };

    private sealed record Stored(DateTimeOffset WantedAt, JsonElement? Content);
}
