using System.Net;
using Millrace.Kernel.Extensibility;
using Millrace.Kernel.Security.Http;

namespace Millrace.Integrations.Feeds;

/// <summary>Asks an address for its feed: only where a server may call, with limits on time, length and redirects. Never in a transaction.</summary>
internal sealed class FeedCall(SafeHttp http)
{
    private const int MaxBody = 2_000_000;
    private const int MaxRedirects = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <param name="etag">Of the last answer, to be told when nothing has changed; null: ask without condition.</param>
    /// <param name="lastModified">As the etag.</param>
    public async Task<FeedAnswer> FetchAsync(string address, string? etag, string? lastModified, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            var url = address;
            for (var hop = 0; hop <= MaxRedirects; hop++)
            {
                if (http.Reason(url) is { } reason)
                {
                    return new FeedAnswer(null, null, null, reason);
                }

                using var request = new HttpRequestMessage(HttpMethod.Get, url);
                request.Headers.TryAddWithoutValidation("Accept", "application/rss+xml, application/atom+xml, application/xml;q=0.9, text/xml;q=0.8");
                request.Headers.TryAddWithoutValidation("User-Agent", "Millrace feed reader");
                if (etag is not null)
                {
                    request.Headers.TryAddWithoutValidation("If-None-Match", etag);
                }

                if (lastModified is not null)
                {
                    request.Headers.TryAddWithoutValidation("If-Modified-Since", lastModified);
                }

                using var response = await http.SendAsync(request, limit.Token);
                switch (response.StatusCode)
                {
                    case HttpStatusCode.NotModified:
                        return new FeedAnswer([], etag, lastModified, null);
                    case HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther or HttpStatusCode.TemporaryRedirect
                        or HttpStatusCode.PermanentRedirect when response.Headers.Location is { } location:
                        // Judged anew, name and address: a redirect must not lead where the address itself could not.
                        url = new Uri(new Uri(url), location).AbsoluteUri;
                        continue;
                    case HttpStatusCode.OK:
                        return await ReadAsync(response, limit.Token);
                    default:
                        return new FeedAnswer(null, null, null, $"The address answers {(int)response.StatusCode}.");
                }
            }

            return new FeedAnswer(null, null, null, "The address leads from one to another without an end.");
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException or UriFormatException && !cancellationToken.IsCancellationRequested)
        {
            return new FeedAnswer(null, null, null, e is OperationCanceledException ? "The address did not answer in time." : "The address could not be reached.");
        }
    }

    private static async Task<FeedAnswer> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        var bytes = new byte[MaxBody + 1];
        var length = await body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken);
        if (length > MaxBody)
        {
            return new FeedAnswer(null, null, null, "The feed is larger than 2 megabytes.");
        }

        try
        {
            using var content = new MemoryStream(bytes, 0, length, writable: false);
            var document = FeedReader.Read(content);
            return new FeedAnswer(document.Items, Short(response.Headers.ETag?.ToString()), Short(response.Content.Headers.LastModified?.ToString("r")), null) { Document = document };
        }
        catch (FeedInvalidException e)
        {
            return new FeedAnswer(null, null, null, e.Message);
        }
    }

    private static string? Short(string? header) => header is { Length: <= 500 } ? header : null;
}

/// <param name="Items">Null: it failed, and the error says why.</param>
internal sealed record FeedAnswer(IReadOnlyList<FeedEntry>? Items, string? Etag, string? LastModified, string? Error)
{
    /// <summary>Null: it failed, or has not changed.</summary>
    public FeedDocument? Document { get; init; }
}
