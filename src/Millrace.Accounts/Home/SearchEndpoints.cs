using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Npgsql;

namespace Millrace.Accounts.Home;

/// <summary><c>/api/app/search?q=</c>: what the command palette finds, five of each kind.</summary>
internal sealed class SearchEndpoints : IEndpoint
{
    private const int PerKind = 5;
    private const int MaxText = 200;

    public static void Map(ModuleRoutes routes) => routes.App.MapGet("search", Find).WithName("search").RequirePermission(Permission.Use);

    internal sealed record SearchResults(IReadOnlyList<SearchResult> Results);

    internal sealed record SearchResult(string Type, long Id, string Title, string? Subtitle, string Url);

    private static async Task<Ok<SearchResults>> Find(
        string? q, CurrentAccount account, Catalogue<SearchProvider> providers, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        var text = (q ?? string.Empty).Trim();
        var results = new List<SearchResult>();
        if (text.Length is > 0 and <= MaxText)
        {
            await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
            foreach (var provider in providers.All)
            {
                var hits = await provider.FindAsync(work, account.Id, text, PerKind, cancellationToken);
                results.AddRange(hits.Select(h => new SearchResult(provider.Key, h.Id, h.Title, h.Subtitle, h.Url)));
            }
        }

        return TypedResults.Ok(new SearchResults(results));
    }
}
