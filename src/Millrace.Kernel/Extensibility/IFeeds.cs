using Npgsql;

namespace Millrace.Kernel.Extensibility;

/// <summary>Feeds (RSS, Atom) as mails show them. Everything in them was written by strangers: plain text, never markup.</summary>
public interface IFeeds
{
    /// <summary>Fetches the feed, or takes what was fetched in the last five minutes. Goes over the network: never within a transaction.</summary>
    Task<FeedReading> ReadAsync(string url, CancellationToken cancellationToken);

    /// <summary>
    /// What was last fetched of the feed for this account, null when nothing was yet. Asking makes the background reader fetch it from now on, for eight days.
    /// </summary>
    /// <param name="now">Product time.</param>
    Task<FeedDocument?> StoredAsync(NpgsqlTransaction transaction, long accountId, string url, DateTimeOffset now, CancellationToken cancellationToken);
}

/// <param name="Error">Why it could not be read; null: it could.</param>
public sealed record FeedReading(FeedDocument? Document, string? Error);

/// <param name="Items">As the feed orders them, newest first as a rule; at most 100.</param>
public sealed record FeedDocument(string Title, string Link, string Description, IReadOnlyList<FeedEntry> Items);

/// <param name="Key">The same for the same item, whatever else of it changes.</param>
/// <param name="Link">As it stands: not checked.</param>
/// <param name="Published">ISO 8601; empty when the feed does not say, or not so that it could be read.</param>
/// <param name="Summary">Without markup.</param>
/// <param name="Content">Without markup; the summary where the feed has no more.</param>
/// <param name="Image">Address of a picture, as it stands; empty when there is none.</param>
public sealed record FeedEntry(string Key, string Title, string Link, string Published, string Summary, string Content, string Author, string Image);
