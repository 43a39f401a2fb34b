using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Npgsql;

namespace Millrace.Accounts.Views;

/// <summary><c>/api/app/views</c>: the user's own views of lists: filters, order and columns under a name. The definition is the UI's; the server only keeps it.</summary>
internal sealed partial class SavedViewEndpoints : IEndpoint
{
    private const int MaxViews = 50;
    private const int MaxName = 60;
    private const int MaxDefinition = 20_000;

    public static void Map(ModuleRoutes routes)
    {
        routes.App.MapGet("views", List).WithName("view_list").RequirePermission(Permission.Use);
        routes.App.MapPost("views", Create).WithName("view_create").RequirePermission(Permission.Use);
        routes.App.MapPut("views/{id:long}", Change).WithName("view_change").RequirePermission(Permission.Use);
        routes.App.MapDelete("views/{id:long}", Delete).WithName("view_delete").RequirePermission(Permission.Use);
    }

    internal sealed record SavedView(long Id, string Name, JsonElement Definition);

    internal sealed record SavedViewList(IReadOnlyList<SavedView> Items);

    /// <param name="Area">The list: <c>contacts</c> ...</param>
    /// <param name="Definition">An object of at most 20,000 characters.</param>
    internal sealed record NewView(string Area, string Name, JsonElement Definition);

    internal sealed record ViewChange(string Name, JsonElement Definition);

    private static async Task<Ok<SavedViewList>> List(
        [FromQuery(Name = "area")] string area, CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        return TypedResults.Ok(new SavedViewList(await Sql.Of($"""
            select id, name, definition from accounts.saved_view
            where account_id = {account.Id} and user_id = {account.UserId} and area = {area} order by lower(name), id
            """).ListAsync<SavedView>(work, cancellationToken)));
    }

    private static async Task<Created<SavedView>> Create(
        NewView request, CurrentAccount account, NpgsqlDataSource database, TimeProvider clock, CancellationToken cancellationToken)
    {
        var name = Check(request.Name, request.Definition);
        if (!AreaName.IsMatch(request.Area))
        {
            throw new InvalidInputException("/area", "validation_failed", "An area is a word in lower case.");
        }

        var now = clock.GetUtcNow();
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        if (await Sql.Of($"select count(*) from accounts.saved_view where account_id = {account.Id} and user_id = {account.UserId} and area = {request.Area}")
            .FirstAsync<long>(work, cancellationToken) >= MaxViews)
        {
            throw new InvalidInputException("/name", "too_many", $"At most {MaxViews} views of a list; delete one first.");
        }

        var id = await Sql.Of($"""
            insert into accounts.saved_view (account_id, user_id, area, name, definition, created_at, updated_at)
            values ({account.Id}, {account.UserId}, {request.Area}, {name}, {request.Definition}, {now}, {now}) returning id
            """).FirstAsync<long>(work, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return TypedResults.Created($"/api/app/views/{id}", new SavedView(id, name, request.Definition));
    }

    private static async Task<Ok<SavedView>> Change(
        long id, ViewChange request, CurrentAccount account, NpgsqlDataSource database, TimeProvider clock, CancellationToken cancellationToken)
    {
        var name = Check(request.Name, request.Definition);
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        if (await Sql.Of($"""
            update accounts.saved_view set name = {name}, definition = {request.Definition}, updated_at = {clock.GetUtcNow()}
            where account_id = {account.Id} and id = {id} and user_id = {account.UserId}
            """).ExecuteAsync(work, cancellationToken) == 0)
        {
            throw new NotFoundException();
        }

        await work.CommitAsync(cancellationToken);
        return TypedResults.Ok(new SavedView(id, name, request.Definition));
    }

    private static async Task<NoContent> Delete(long id, CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        if (await Sql.Of($"delete from accounts.saved_view where account_id = {account.Id} and id = {id} and user_id = {account.UserId}")
            .ExecuteAsync(work, cancellationToken) == 0)
        {
            throw new NotFoundException();
        }

        await work.CommitAsync(cancellationToken);
        return TypedResults.NoContent();
    }

    /// <returns>The name, trimmed.</returns>
    private static string Check(string name, JsonElement definition)
    {
        var trimmed = name.Trim();
        if (trimmed.Length is 0 or > MaxName || trimmed.Any(char.IsControl))
        {
            throw new InvalidInputException("/name", "validation_failed", $"A name has 1 to {MaxName} characters.");
        }

        return definition.ValueKind == JsonValueKind.Object && definition.GetRawText().Length <= MaxDefinition
            ? trimmed
            : throw new InvalidInputException("/definition", "validation_failed", $"A definition is an object of at most {MaxDefinition} characters.");
    }

    [GeneratedRegex("^[a-z][a-z_]{0,39}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex AreaName { get; }
}
