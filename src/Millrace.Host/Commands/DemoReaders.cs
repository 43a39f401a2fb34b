using System.Text.Json;
using System.Text.RegularExpressions;

namespace Millrace.Host.Commands;

/// <summary>The readers of the demo account's mails: about half of them open, some of those click. As browsers do, from the mails in the catcher.</summary>
internal static partial class DemoReaders
{
    private const string Browser = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

    public static async Task ReadAsync(
        HttpClient app, Uri address, Func<Func<Task<bool>>, CancellationToken, Task> wait, CancellationToken cancellationToken)
    {
        var mails = new List<long>();
        // All are there when a second look finds no more.
        await wait(
            async () =>
            {
                var before = mails.Count;
                var page = await app.GetFromJsonAsync<JsonElement>("caught-mail?limit=200", cancellationToken);
                mails = [.. page.GetProperty("mails").EnumerateArray().Select(m => m.GetProperty("id").GetInt64())];
                return mails.Count > 0 && mails.Count == before;
            },
            cancellationToken);
        // Nobody reads within two seconds; such haste counts as a machine's.
        await Task.Delay(TimeSpan.FromSeconds(2.5), TimeProvider.System, cancellationToken);
#pragma warning disable RS0030 // It calls this very process, nothing a user gave.
        using var reader = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = address };
#pragma warning restore RS0030
        reader.DefaultRequestHeaders.UserAgent.ParseAdd(Browser);
        foreach (var id in mails.Where(id => id % 7 is 0 or 2 or 3 or 5))
        {
            var html = await app.GetStringAsync(new Uri($"caught-mail/{id}/html", UriKind.Relative), cancellationToken);
            await FollowAsync(reader, Pixel().Match(html), cancellationToken);
            if (id % 7 is 2 or 5)
            {
                await FollowAsync(reader, Link().Match(html), cancellationToken);
            }
        }
    }

    private static async Task FollowAsync(HttpClient reader, Match found, CancellationToken cancellationToken)
    {
        if (found.Success)
        {
            using var answer = await reader.GetAsync(new Uri(found.Value, UriKind.Relative), cancellationToken);
        }
    }

    [GeneratedRegex("/o/[A-Za-z0-9_-]+", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Pixel();

    [GeneratedRegex("/c/[A-Za-z0-9_-]+", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Link();
}
