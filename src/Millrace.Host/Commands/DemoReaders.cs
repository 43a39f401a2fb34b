using System.Text.Json;
using System.Text.RegularExpressions;

namespace Millrace.Host.Commands;

/// <summary>The readers of the demo account's mails: about half of them open, some of those click. As browsers do, from the mails in the catcher.</summary>
internal sealed partial class DemoReaders(HttpClient app, Uri address)
{
    private const string Browser = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
    private long _read;

    public static async Task<long> NewestAsync(HttpClient app, CancellationToken cancellationToken) =>
        (await MailsAsync(app, 1, cancellationToken)).FirstOrDefault();

    /// <summary>The mails that came since the last time.</summary>
    public async Task ReadAsync(CancellationToken cancellationToken)
    {
        var mails = (await MailsAsync(app, 200, cancellationToken)).Where(id => id > _read).ToList();
        _read = Math.Max(_read, mails.FirstOrDefault());
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

    /// <summary>Ids, newest first.</summary>
    private static async Task<List<long>> MailsAsync(HttpClient app, int limit, CancellationToken cancellationToken)
    {
        var page = await app.GetFromJsonAsync<JsonElement>(new Uri($"caught-mail?limit={limit}", UriKind.Relative), cancellationToken);
        return [.. page.GetProperty("mails").EnumerateArray().Select(m => m.GetProperty("id").GetInt64())];
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
