using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Extensibility;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Npgsql;

namespace Millrace.Contacts.References;

/// <summary><c>/api/app/references/{source}</c>: what pickers of every kind offer, for all sources the product has.</summary>
internal sealed class ReferenceEndpoints : IEndpoint
{
    private const int Limit = 50;

    public static void Map(ModuleRoutes routes)
    {
        routes.App.MapGet("references/{source}", Search).WithName("reference_search").RequirePermission(Permission.Use);
        routes.App.MapPost("references/{source}", Create).WithName("reference_create").RequirePermission(Permission.ManageContacts);
    }

    internal sealed record ReferenceList(IReadOnlyList<Reference> Items, bool CanCreate);

    internal sealed record NewReference(string Name);

    /// <param name="ids">Divided by commas, at most 200; then <paramref name="q"/> is not looked at.</param>
    private static async Task<Ok<ReferenceList>> Search(
        string source, string? q, string? ids, CurrentAccount account, Catalogue<ReferenceSource> sources, NpgsqlDataSource database,
        CancellationToken cancellationToken)
    {
        var found = sources.Find(source) ?? throw new NotFoundException();
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var items = ids is null
            ? await found.SearchAsync(work, account.Id, q is { Length: > 500 } ? q[..500] : q, Limit, cancellationToken)
            : await found.ByIdsAsync(work, account.Id, Ids(ids), cancellationToken);
        return TypedResults.Ok(new ReferenceList(items, found.CanCreate));
    }

    private static async Task<Created<Reference>> Create(
        string source, NewReference request, CurrentAccount account, Catalogue<ReferenceSource> sources, NpgsqlDataSource database, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var found = sources.Find(source) ?? throw new NotFoundException();
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var made = await found.CreateAsync(work, account.Id, request.Name, clock.GetUtcNow(), cancellationToken);
        await work.CommitAsync(cancellationToken);
        return TypedResults.Created($"/api/app/references/{source}?ids={made.Id}", made);
    }

    private static long[] Ids(string text)
    {
        var parts = text.Split(',', StringSplitOptions.RemoveEmptyEntries);
        return parts.Length <= 200 && parts.All(p => long.TryParse(p, System.Globalization.CultureInfo.InvariantCulture, out _))
            ? [.. parts.Select(p => long.Parse(p, System.Globalization.CultureInfo.InvariantCulture))]
            : throw new InvalidInputException("ids", "validation_failed", "At most 200 numbers divided by commas.");
    }
}
