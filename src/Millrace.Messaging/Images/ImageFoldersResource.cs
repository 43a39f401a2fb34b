using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Millrace.Accounts.Contracts;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Npgsql;

namespace Millrace.Messaging.Images;

/// <summary><c>/api/app/image-folders</c>: folders of pictures, one level deep.</summary>
internal sealed class ImageFoldersResource : IEndpoint
{
    private const int MaxFolders = 500;

    public static void Map(ModuleRoutes routes)
    {
        routes.App.MapGet("image-folders", ListAsync).WithName("image_folder_list").RequirePermission(Permission.ViewMessages);
        routes.App.MapPost("image-folders", CreateAsync).WithName("image_folder_create").RequirePermission(Permission.ManageMessages);
        routes.App.MapPut("image-folders/{id:long}", RenameAsync).WithName("image_folder_rename").RequirePermission(Permission.ManageMessages);
        routes.App.MapDelete("image-folders/{id:long}", DeleteAsync).WithName("image_folder_delete").RequirePermission(Permission.ManageMessages);
    }

    /// <param name="Images">How many pictures are in it.</param>
    internal sealed record Folder(long Id, string Name, long Images);

    internal sealed record FolderList(IReadOnlyList<Folder> Folders);

    internal sealed record FolderInput(string Name);

    private static async Task<FolderList> ListAsync(CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        return new(await Sql.Of($"""
            select f.id, f.name, count(i.id) from messaging.image_folder f
            left join messaging.image i on i.account_id = f.account_id and i.folder_id = f.id and i.removed_at is null
            where f.account_id = {account.Id} group by f.id, f.name, f.name_key order by f.name_key
            """).ListAsync<Folder>(work, cancellationToken));
    }

    private static async Task<Created<Folder>> CreateAsync(
        FolderInput request, CurrentAccount account, NpgsqlDataSource database, IAudit audit, TimeProvider clock, CancellationToken cancellationToken)
    {
        var name = Name(request);
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        if (await Sql.Of($"select count(*) from messaging.image_folder where account_id = {account.Id}").FirstAsync<long>(work, cancellationToken) >= MaxFolders)
        {
            throw new ConflictException("limit_reached", $"There can be {MaxFolders} folders.");
        }

        var id = await Sql.Of($"""
            insert into messaging.image_folder (account_id, name, name_key, created_at) values ({account.Id}, {name}, {name.ToLowerInvariant()}, {clock.GetUtcNow()})
            returning id
            """).FirstAsync<long>(work, cancellationToken);
        await audit.AppendAsync(work.Transaction, account.Id, account.UserId, "image_folder.create", "image_folder", id, new { name }, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return TypedResults.Created($"/api/app/image-folders/{id}", new Folder(id, name, 0));
    }

    private static async Task<NoContent> RenameAsync(
        long id, FolderInput request, CurrentAccount account, NpgsqlDataSource database, IAudit audit, CancellationToken cancellationToken)
    {
        var name = Name(request);
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var renamed = await Sql.Of($"update messaging.image_folder set name = {name}, name_key = {name.ToLowerInvariant()} where account_id = {account.Id} and id = {id}")
            .ExecuteAsync(work, cancellationToken);
        if (renamed == 0)
        {
            throw new NotFoundException();
        }

        await audit.AppendAsync(work.Transaction, account.Id, account.UserId, "image_folder.rename", "image_folder", id, new { name }, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return TypedResults.NoContent();
    }

    /// <summary>The pictures in it stay in the library.</summary>
    private static async Task<NoContent> DeleteAsync(long id, CurrentAccount account, NpgsqlDataSource database, IAudit audit, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        await Sql.Of($"update messaging.image set folder_id = null where account_id = {account.Id} and folder_id = {id}").ExecuteAsync(work, cancellationToken);
        if (await Sql.Of($"delete from messaging.image_folder where account_id = {account.Id} and id = {id}").ExecuteAsync(work, cancellationToken) == 0)
        {
            throw new NotFoundException();
        }

        await audit.AppendAsync(work.Transaction, account.Id, account.UserId, "image_folder.delete", "image_folder", id, null, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return TypedResults.NoContent();
    }

    private static string Name(FolderInput input)
    {
        var name = input.Name.Trim();
        return name.Length is >= 1 and <= 100 ? name : throw new InvalidInputException("/name", "length", "A folder's name has 1 to 100 characters.");
    }
}
