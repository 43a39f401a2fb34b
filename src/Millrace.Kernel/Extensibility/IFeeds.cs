namespace Millrace.Kernel.Extensibility;

/// <summary>Reads feeds for other modules: only where a server may call, with limits on time, length and redirects. Never in a transaction.</summary>
public interface IFeeds
{
    Task<FeedContent> ReadAsync(string url, CancellationToken cancellationToken);
}

/// <summary>What a feed shows.</summary>
/// <param name="Items">At most 500, as they stand.</param>
/// <param name="Error">Why it could not be read, a sentence for people; null: it could.</param>
public sealed record FeedContent(string Title, string Link, string Description, IReadOnlyList<FeedEntry> Items, string? Error);

/// <summary>An item of a feed. Texts are as the feed has them: a summary may be HTML, of whatever kind.</summary>
/// <param name="Key">The same for the same item, whatever else of it changes; 64 hexadecimal digits.</param>
/// <param name="Image">Address of a picture; empty: it has none.</param>
public sealed record FeedEntry(string Key, string Title, string Link, string Summary, string Author, string Image, DateTimeOffset? PublishedAt);
