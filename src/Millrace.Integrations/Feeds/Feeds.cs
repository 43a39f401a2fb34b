using Millrace.Kernel.Extensibility;

namespace Millrace.Integrations.Feeds;

/// <inheritdoc cref="IFeeds"/>
internal sealed class Feeds(FeedCall call) : IFeeds
{
    public async Task<FeedContent> ReadAsync(string url, CancellationToken cancellationToken)
    {
        var answer = await call.FetchAsync(url, null, null, cancellationToken);
        return new FeedContent(
            answer.Channel?.Title ?? "", answer.Channel?.Link ?? "", answer.Channel?.Description ?? "",
            [.. (answer.Items ?? []).Select(i => new FeedEntry(i.Key, i.Title, i.Link, i.Summary, i.Author, i.Image, i.PublishedAt))], answer.Error);
    }
}
