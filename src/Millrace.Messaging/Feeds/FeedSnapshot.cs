using System.Text;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Extensibility;
using Millrace.Messaging.Contracts;
using Millrace.Messaging.Messages;

namespace Millrace.Messaging.Feeds;

/// <summary>
/// The feeds of one sending, as they were when it began. A campaign fetches it before its transaction, freezes its message with it (so links of items are
/// counted like all others), and notes in the same transaction what was shown, for the next sending's <c>SHOW:NEW</c>.
/// </summary>
/// <param name="NothingNew">A section asked for new items and there are none: the sending is left out.</param>
internal sealed record FeedSnapshot(IReadOnlyDictionary<FeedAsked, FeedDocument> Feeds, bool NothingNew)
{
    /// <summary>The feed that the mail is an issue of; null: it is none.</summary>
    public OwnFeed? Own { get; init; }

    /// <summary>What an issue of a feed campaign shows.</summary>
    public static FeedSnapshot OfIssue(OwnFeed own) => new(new Dictionary<FeedAsked, FeedDocument>(), NothingNew: false) { Own = own };

    public FeedDocument? Find(FeedAsked asked) => Feeds.GetValueOrDefault(asked);

    /// <summary>What makes the content of one sending another one's: goes into the version's hash.</summary>
    public string Fingerprint => string.Join('\n', Feeds.OrderBy(f => f.Key.Url, StringComparer.Ordinal).ThenBy(f => f.Key.OnlyNew)
        .Select(f => Print(f.Key.Url, f.Value)).Concat(Own is null ? [] : [Print("own " + Own.Url, Own.Document)]));

    private static string Print(string url, FeedDocument document) =>
        new StringBuilder(url).Append('|').AppendJoin(',', document.Items.Select(i => $"{i.Key}:{i.Title}:{i.Link}:{i.Summary.Length}")).ToString();
}

/// <summary>The feed of a feed campaign, and what of it an issue shows. Kept with the issue's message, as JSON.</summary>
/// <param name="Items">How many a loop shows that names no number.</param>
internal sealed record OwnFeed(string Url, int Items, FeedDocument Document);

/// <summary>Makes snapshots.</summary>
internal sealed class FeedSnapshots(IFeeds feeds)
{
    /// <summary>Fetches what the content shows. Goes over the network: never within a transaction.</summary>
    /// <param name="sent">Keys of the items that were sent before, by feed; <see cref="SentAsync"/>.</param>
    /// <returns>Null when the content shows no feed.</returns>
    /// <exception cref="InvalidInputException">A feed cannot be read now; says which and why.</exception>
    public async Task<FeedSnapshot?> TakeAsync(MessageContent content, IReadOnlySet<(string Url, string Item)> sent, CancellationToken cancellationToken)
    {
        var asked = MessageFreezer.FeedsOf(content);
        if (asked.Count == 0)
        {
            return null;
        }

        var (found, isNothingNew) = (new Dictionary<FeedAsked, FeedDocument>(), false);
        foreach (var feed in asked)
        {
            var reading = await feeds.ReadAsync(feed.Url, cancellationToken);
            if (reading.Document is not { } document)
            {
                throw new InvalidInputException("/html", "feed_unreadable", $"{feed.Url}: {reading.Error}");
            }

            if (feed.OnlyNew)
            {
                document = document with { Items = [.. document.Items.Where(i => !sent.Contains((feed.Url, i.Key)))] };
                isNothingNew |= document.Items.Count == 0;
            }

            found[feed] = document;
        }

        return new(found, isNothingNew);
    }

    /// <summary>What the sendings of a message have shown so far, and those of the mail it was copied from.</summary>
    public static async Task<IReadOnlySet<(string Url, string Item)>> SentAsync(
        AccountTransaction work, long accountId, long messageId, CancellationToken cancellationToken) =>
        (await Sql.Of($"select url, item_key from messaging.feed_item_sent where account_id = {accountId} and message_id = {Original(accountId, messageId)}")
            .ListAsync<Sent>(work, cancellationToken)).Select(s => (s.Url, s.ItemKey)).ToHashSet();

    /// <summary>Notes what a sending shows; in the transaction that queues it.</summary>
    public static Task NoteAsync(
        AccountTransaction work, long accountId, long messageId, FeedSnapshot snapshot, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var items = snapshot.Feeds.SelectMany(f => f.Value.Items.Select(i => (f.Key.Url, i.Key))).Distinct().ToList();
        return Sql.Of($"""
            insert into messaging.feed_item_sent (account_id, message_id, url, item_key, sent_at)
            select {accountId}, {Original(accountId, messageId)}, n.url, n.item_key, {now}
            from unnest({items.Select(i => i.Url).ToArray()}, {items.Select(i => i.Key).ToArray()}) as n (url, item_key)
            on conflict (account_id, message_id, url, item_key) do nothing
            """).ExecuteAsync(work, cancellationToken);
    }

    /// <summary>The mail whose book it goes on with; itself where there is none any more.</summary>
    private static Sql Original(long accountId, long messageId) => Sql.Of($"""
        coalesce((select o.id from messaging.message m join messaging.message o on o.account_id = m.account_id and o.id = m.feed_message_id
                  where m.account_id = {accountId} and m.id = {messageId}), {messageId})
        """);

    private sealed record Sent(string Url, string ItemKey);
}
