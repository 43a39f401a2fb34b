using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Npgsql;

namespace Millrace.PersonalMail.SavedResponses;

/// <summary><c>/api/app/saved-responses</c>: texts that people write again and again, for the composer of 1:1 e-mails, in categories.</summary>
internal sealed class SavedResponseEndpoints : IEndpoint
{
    private const int MaxCategories = 200;

    public static void Map(ModuleRoutes routes)
    {
        routes.App.MapGet("saved-responses", ListAsync).WithName("saved_response_list").RequirePermission(Permission.ViewMessages);
        routes.App.MapPost("saved-responses", AddAsync).WithName("saved_response_add").RequirePermission(Permission.ManageMessages);
        routes.App.MapGet("saved-responses/{id:long}", ShowAsync).WithName("saved_response_show").RequirePermission(Permission.ViewMessages);
        routes.App.MapPut("saved-responses/{id:long}", ChangeAsync).WithName("saved_response_change").RequirePermission(Permission.ManageMessages);
        routes.App.MapDelete("saved-responses/{id:long}", DeleteAsync).WithName("saved_response_delete").RequirePermission(Permission.ManageMessages);
        routes.App.MapPost("saved-response-categories", AddCategoryAsync).WithName("saved_response_category_add").RequirePermission(Permission.ManageMessages);
        routes.App.MapPut("saved-response-categories/{id:long}", RenameCategoryAsync).WithName("saved_response_category_change").RequirePermission(Permission.ManageMessages);
        routes.App.MapDelete("saved-response-categories/{id:long}", DeleteCategoryAsync).WithName("saved_response_category_delete").RequirePermission(Permission.ManageMessages);
    }

    /// <param name="Subject">Tags may stand in it, as in the body.</param>
    /// <param name="Body">HTML; what is not allowed in mails is taken out.</param>
    internal sealed record ResponseInput(string Title, string Subject, string Body, long? CategoryId = null);

    internal sealed record ResponseItem(
        long Id, string Title, string Subject, string Body, long? CategoryId, string? Category, DateTimeOffset? LastSentAt, DateTimeOffset UpdatedAt);

    /// <param name="Responses">Number of responses in it.</param>
    internal sealed record CategoryItem(long Id, string Name, long Responses);

    internal sealed record ResponseList(IReadOnlyList<ResponseItem> Responses, IReadOnlyList<CategoryItem> Categories, long Total);

    internal sealed record CategoryInput(string Name);

    /// <param name="search">Words of title, subject or body; each must occur.</param>
    /// <param name="category">Only of this category; 0: of none.</param>
    private static async Task<ResponseList> ListAsync(
        CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken, string? search = null, long? category = null, int limit = 100, int offset = 0)
    {
        if (limit is < 1 or > 500 || offset < 0)
        {
            throw new InvalidInputException("limit", "validation_failed", "A page has 1 to 500 responses.");
        }

        var words = (search ?? "").ToLowerInvariant().Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(10).ToArray();
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var where = Sql.Of($"""
            r.account_id = {account.Id} and ({category} is null or coalesce(r.category_id, 0) = {category})
              and not exists (select 1 from unnest({words}) w (word) where strpos(r.words, w.word) = 0)
            """);
        var rows = await Sql.Of($"select {ResponseBook.Columns} from {ResponseBook.Tables} where {where} order by lower(r.title), r.id limit {limit} offset {offset}")
            .ListAsync<ResponseRow>(work, cancellationToken);
        var total = await Sql.Of($"select count(*) from personal.saved_response r where {where}").FirstAsync<long>(work, cancellationToken);
        var categories = await Sql.Of($"""
            select c.id, c.name, (select count(*) from personal.saved_response r where r.account_id = c.account_id and r.category_id = c.id)
            from personal.saved_response_category c where c.account_id = {account.Id} order by lower(c.name)
            """).ListAsync<CategoryItem>(work, cancellationToken);
        return new([.. rows.Select(Item)], categories, total);
    }

    private static async Task<ResponseItem> ShowAsync(long id, CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        return Item(await ResponseBook.FindAsync(work, account.Id, id, cancellationToken));
    }

    private static async Task<Created<ResponseItem>> AddAsync(
        ResponseInput request, CurrentAccount account, NpgsqlDataSource database, ResponseBook book, CancellationToken cancellationToken)
    {
        var item = await SaveAsync(null, request, account, database, book, cancellationToken);
        return TypedResults.Created($"/api/app/saved-responses/{item.Id}", item);
    }

    private static Task<ResponseItem> ChangeAsync(
        long id, ResponseInput request, CurrentAccount account, NpgsqlDataSource database, ResponseBook book, CancellationToken cancellationToken) =>
        SaveAsync(id, request, account, database, book, cancellationToken);

    private static async Task<ResponseItem> SaveAsync(
        long? id, ResponseInput request, CurrentAccount account, NpgsqlDataSource database, ResponseBook book, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var saved = await book.SaveAsync(work, account.Id, account.UserId, id, request.Title, request.Subject, request.Body, request.CategoryId, "/", cancellationToken);
        var item = Item(await ResponseBook.FindAsync(work, account.Id, saved, cancellationToken));
        await work.CommitAsync(cancellationToken);
        return item;
    }

    private static async Task<NoContent> DeleteAsync(long id, CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        if (await Sql.Of($"delete from personal.saved_response where account_id = {account.Id} and id = {id}").ExecuteAsync(work, cancellationToken) == 0)
        {
            throw new NotFoundException();
        }

        await work.CommitAsync(cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<Created<CategoryItem>> AddCategoryAsync(
        CategoryInput request, CurrentAccount account, NpgsqlDataSource database, TimeProvider clock, CancellationToken cancellationToken)
    {
        var name = Checked(request.Name);
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        if (await Sql.Of($"select count(*) from personal.saved_response_category where account_id = {account.Id}").FirstAsync<long>(work, cancellationToken) >= MaxCategories)
        {
            throw new ConflictException("too_many_categories", $"An account has at most {MaxCategories} categories.");
        }

        var id = await Sql.Of($"""
            insert into personal.saved_response_category (account_id, name, created_at) values ({account.Id}, {name}, {clock.GetUtcNow()}) returning id
            """).FirstAsync<long>(work, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return TypedResults.Created($"/api/app/saved-response-categories/{id}", new CategoryItem(id, name, 0));
    }

    private static async Task<NoContent> RenameCategoryAsync(
        long id, CategoryInput request, CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        var name = Checked(request.Name);
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        if (await Sql.Of($"update personal.saved_response_category set name = {name} where account_id = {account.Id} and id = {id}").ExecuteAsync(work, cancellationToken) == 0)
        {
            throw new NotFoundException();
        }

        await work.CommitAsync(cancellationToken);
        return TypedResults.NoContent();
    }

    /// <summary>Its responses stay, in no category.</summary>
    private static async Task<NoContent> DeleteCategoryAsync(long id, CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        await Sql.Of($"update personal.saved_response set category_id = null where account_id = {account.Id} and category_id = {id}").ExecuteAsync(work, cancellationToken);
        if (await Sql.Of($"delete from personal.saved_response_category where account_id = {account.Id} and id = {id}").ExecuteAsync(work, cancellationToken) == 0)
        {
            throw new NotFoundException();
        }

        await work.CommitAsync(cancellationToken);
        return TypedResults.NoContent();
    }

    private static string Checked(string name) => name.Trim() is { Length: > 0 and <= 100 } good
        ? good : throw new InvalidInputException("/name", "length", "A category's name has 1 to 100 characters.");

    private static ResponseItem Item(ResponseRow r) => new(r.Id, r.Title, r.Subject, r.Body, r.CategoryId, r.Category, r.LastSentAt, r.UpdatedAt);
}
