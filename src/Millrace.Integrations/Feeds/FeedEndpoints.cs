using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Millrace.Kernel.Security.Http;
using Npgsql;

namespace Millrace.Integrations.Feeds;

/// <summary><c>/api/app/feeds</c>: how a feed that automations watch is doing, and trying an address out.</summary>
internal sealed class FeedEndpoints : IEndpoint
{
    private const int Shown = 5;
    private const int MaxUrl = 2_048;

    public static void Map(ModuleRoutes routes)
    {
        routes.App.MapGet("feeds", State).WithName("feed_state").RequirePermission(Permission.ViewAutomations);
        routes.App.MapPost("feeds/test", Test).WithName("feed_test").RequirePermission(Permission.ManageAutomations);
    }

    /// <param name="Watched">An active automation has asked for it lately; otherwise nobody fetches it.</param>
    /// <param name="FetchedAt">When it was last fetched without an error; null: never.</param>
    /// <param name="Error">Why the last try failed; null: it did not.</param>
    /// <param name="Failures">Tries without success in a row.</param>
    /// <param name="NextFetchAt">When it is fetched again; null when nobody watches it.</param>
    internal sealed record FeedState(bool Watched, DateTimeOffset? FetchedAt, string? Error, int Failures, DateTimeOffset? NextFetchAt);

    internal sealed record FeedTest(string Url);

    /// <param name="Items">How many the feed holds.</param>
    /// <param name="Titles">Of some, as they stand.</param>
    /// <param name="Error">Why it cannot be used; null: it can.</param>
    internal sealed record FeedTestResult(int Items, IReadOnlyList<string> Titles, string? Error);

    private static async Task<Ok<FeedState>> State(string url, CurrentAccount account, NpgsqlDataSource database, TimeProvider clock, CancellationToken cancellationToken)
    {
        Check(url, "/url");
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        return TypedResults.Ok(await Sql.Of($"""
            select wanted_at > {clock.GetUtcNow().AddDays(-8)}, fetched_at, error, failures, case when wanted_at > {clock.GetUtcNow().AddDays(-8)} then next_fetch_at end
            from integrations.feed where account_id = {account.Id} and url = {url}
            """).FirstAsync<FeedState>(work, cancellationToken) ?? new FeedState(false, null, null, 0, null));
    }

    /// <summary>Fetches the address now. Nothing is kept: what it holds stays new, or known, for the automations.</summary>
    private static async Task<Ok<FeedTestResult>> Test(FeedTest request, SafeHttp http, FeedCall call, CancellationToken cancellationToken)
    {
        Check(request.Url, "/url");
        if (http.Reason(request.Url) is { } reason)
        {
            throw new InvalidInputException("/url", "url_refused", reason);
        }

        var answer = await call.FetchAsync(request.Url, null, null, cancellationToken);
        return TypedResults.Ok(new FeedTestResult(answer.Items?.Count ?? 0, [.. (answer.Items ?? []).Take(Shown).Select(i => i.Title)], answer.Error));
    }

    private static void Check(string url, string path)
    {
        if (url.Length is 0 or > MaxUrl || url.Contains('\0', StringComparison.Ordinal))
        {
            throw new InvalidInputException(path, "length", $"An address has 1 to {MaxUrl} characters.");
        }
    }
}
