using System.Collections.Concurrent;
using System.Net;
using Millrace.Kernel.Security.Http;

namespace Millrace.Messaging.Checks;

/// <param name="Status">Of the last answer; 0: none came.</param>
/// <param name="Problem">Why none came; null: one did.</param>
/// <param name="Bytes">Size of what is there; null: not told, and not asked for.</param>
internal sealed record ProbeResult(int Status, string? Problem, long? Bytes = null);

/// <summary>Looks whether something is at an address that an author wrote, by the road that is safe for the server. Answers are kept for ten minutes.</summary>
internal sealed class WebProbe(SafeHttp http, TimeProvider clock)
{
    private const int MaxRedirects = 5;
    private const int AtOnce = 8;
    private const int MaxKept = 2_000;
    private const int MaxBytes = 5_000_000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<(string Url, bool Size), (ProbeResult Result, long At)> _kept = new();

    /// <param name="size">Measure what is there. Otherwise it is only asked for its head, and fetched where that is refused.</param>
    public async Task<IReadOnlyDictionary<string, ProbeResult>> LookAsync(IReadOnlyCollection<string> urls, bool size, CancellationToken cancellationToken)
    {
        var found = new ConcurrentDictionary<string, ProbeResult>(StringComparer.Ordinal);
        await Parallel.ForEachAsync(
            urls.Distinct(StringComparer.Ordinal), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (url, cancelled) => found[url] = await LookAsync(url, size, cancelled));
        return found;
    }

    private async Task<ProbeResult> LookAsync(string url, bool size, CancellationToken cancellationToken)
    {
        if (_kept.TryGetValue((url, size), out var kept) && clock.GetElapsedTime(kept.At) < Kept)
        {
            return kept.Result;
        }

        var result = await AskAsync(url, size, cancellationToken);
        if (_kept.Count >= MaxKept)
        {
            _kept.Clear();
        }

        _kept[(url, size)] = (result, clock.GetTimestamp());
        return result;
    }

    private async Task<ProbeResult> AskAsync(string address, bool size, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            var (url, method) = (address, size ? HttpMethod.Get : HttpMethod.Head);
            for (var hop = 0; hop <= MaxRedirects + 1; hop++)
            {
                if (http.Reason(url) is { } reason)
                {
                    return new(0, reason);
                }

                using var request = new HttpRequestMessage(method, url);
                request.Headers.TryAddWithoutValidation("User-Agent", "Mozilla/5.0 (compatible; Millrace link check)");
                request.Headers.TryAddWithoutValidation("Accept", "*/*");
                using var response = await http.SendAsync(request, limit.Token);
                if ((int)response.StatusCode is >= 300 and < 400 && response.StatusCode != HttpStatusCode.NotModified && response.Headers.Location is { } location)
                {
                    // Judged anew: a redirect must not lead where the address itself could not.
                    url = new Uri(new Uri(url), location).AbsoluteUri;
                    continue;
                }

                if (method == HttpMethod.Head && !response.IsSuccessStatusCode)
                {
                    // Many servers know no HEAD, or answer it with whatever: what they say to a reader counts.
                    method = HttpMethod.Get;
                    continue;
                }

                return new((int)response.StatusCode, null, size && response.IsSuccessStatusCode ? await SizeAsync(response, limit.Token) : null);
            }

            return new(0, "It leads from one address to another without an end.");
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException or UriFormatException && !cancellationToken.IsCancellationRequested)
        {
            return new(0, e is OperationCanceledException ? "It did not answer in time." : e.Message is "address_blocked" ? "This address is not public." : "It could not be reached.");
        }
    }

    private static async Task<long> SizeAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentLength is { } told)
        {
            return told;
        }

        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        var (buffer, total) = (new byte[16 * 1024], 0L);
        int read;
        while (total < MaxBytes && (read = await body.ReadAsync(buffer, cancellationToken)) > 0)
        {
            total += read;
        }

        return total;
    }
}
