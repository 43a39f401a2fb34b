using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using Millrace.Accounts.Contracts;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Millrace.Messaging.Sending;
using Npgsql;

namespace Millrace.Messaging.Images;

/// <summary><c>/api/app/images</c>: the library of pictures that mails are made with.</summary>
internal sealed class ImagesResource : IEndpoint
{
    private const int MaxLimit = 200;

    public static void Map(ModuleRoutes routes)
    {
        routes.App.MapGet("images", ListAsync).WithName("image_list").RequirePermission(Permission.ViewMessages);
        routes.App.MapPost("images", UploadAsync).WithName("image_upload").RequirePermission(Permission.ManageMessages)
            .Accepts<IFormFile>("image/png", "image/jpeg", "image/gif", "image/webp", "application/octet-stream");
        routes.App.MapPut("images/{id:long}", ChangeAsync).WithName("image_change").RequirePermission(Permission.ManageMessages);
        routes.App.MapPost("images/{id:long}/crop", CropAsync).WithName("image_crop").RequirePermission(Permission.ManageMessages);
        routes.App.MapDelete("images/{id:long}", RemoveAsync).WithName("image_remove").RequirePermission(Permission.ManageMessages);
    }

    /// <param name="Next">Pass as <c>before</c> for the next page; null on the last.</param>
    /// <param name="UsedBytes">Of all pictures, those too that were deleted here and still stand in mails.</param>
    /// <param name="CannotProcess">Why pictures are neither cropped nor made smaller; null when they are.</param>
    internal sealed record ImageList(IReadOnlyList<ImageView> Images, long? Next, long UsedBytes, long QuotaBytes, string? CannotProcess);

    /// <summary>Null leaves as it is; <c>folder_id</c> 0 takes out of its folder.</summary>
    internal sealed record ImageInput(string? Name = null, string? Alt = null, long? FolderId = null);

    /// <summary>The part that stays, in pixels of the original.</summary>
    /// <param name="ResizeTo">Width of the result in pixels at most; null or 0: as it is.</param>
    internal sealed record CropInput(int Left, int Top, int Width, int Height, int? ResizeTo = null);

    /// <param name="folder">Null: everywhere; 0: those in no folder.</param>
    private static async Task<ImageList> ListAsync(
        CurrentAccount account, NpgsqlDataSource database, PublicAddress address, ImageWorkshop workshop, IOptions<ImageOptions> options,
        CancellationToken cancellationToken, string? search = null, long? folder = null, long? before = null, int limit = 60)
    {
        if (limit is < 1 or > MaxLimit)
        {
            throw new InvalidInputException("limit", "validation_failed", $"A page has 1 to {MaxLimit} pictures.");
        }

        var wanted = search?.Trim().ToLowerInvariant();
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var rows = await Sql.Of($"""
            select {ImageRow.Columns} from messaging.image
            where account_id = {account.Id} and removed_at is null and ({before} is null or id < {before})
              and ({folder} is null or coalesce(folder_id, 0) = {folder}) and ({wanted} is null or strpos(words, {wanted}) > 0)
            order by id desc limit {limit + 1}
            """).ListAsync<ImageRow>(work, cancellationToken);
        var used = await ImageStore.BytesAsync(work, account.Id, cancellationToken);
        return new(
            [.. rows.Take(limit).Select(r => ImageView.Of(r, account.Id, address.Url))], rows.Count > limit ? rows[limit - 1].Id : null, used,
            (long)options.Value.QuotaMegabytes << 20, workshop.Missing);
    }

    /// <summary>The body is the file itself; PNG, JPEG, GIF or WebP by its first bytes, at most 10 MB and 40 megapixels.</summary>
    /// <param name="name">Of the file; only shown.</param>
    private static async Task<Created<ImageView>> UploadAsync(
        HttpRequest request, CurrentAccount account, NpgsqlDataSource database, ImageStore store, PublicAddress address, CancellationToken cancellationToken,
        string? name = null, string? alt = null, [Microsoft.AspNetCore.Mvc.FromQuery(Name = "folder_id")] long? folderId = null)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            || !(type.MediaType.StartsWith("image/", StringComparison.OrdinalIgnoreCase) || type.MediaType.Equals("application/octet-stream", StringComparison.OrdinalIgnoreCase)))
        {
            throw new UnsupportedMediaException("Send the picture itself, as image/png, image/jpeg, image/gif, image/webp or application/octet-stream.");
        }

        Check("alt", alt, 0, 500);
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = ImageStore.MaxBytes + 1;
        }

        var file = await ReadAsync(request, cancellationToken);
        var id = await store.AddAsync(account, file, Title(name), alt?.Trim(), folderId, cancellationToken);
        return TypedResults.Created($"/api/app/images/{id}", await OneAsync(id, account, database, address, cancellationToken));
    }

    private static async Task<ImageView> ChangeAsync(
        long id, ImageInput request, CurrentAccount account, NpgsqlDataSource database, PublicAddress address, IAudit audit, CancellationToken cancellationToken)
    {
        Check("/name", request.Name?.Trim(), 1, 200);
        Check("/alt", request.Alt, 0, 500);
        await using (var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken))
        {
            if (request.FolderId is { } folder && folder != 0 && !await Sql.Of($"select exists (select 1 from messaging.image_folder where account_id = {account.Id} and id = {folder})")
                    .FirstAsync<bool>(work, cancellationToken))
            {
                throw new InvalidInputException("/folder_id", "not_found", "There is no such folder.");
            }

            var name = request.Name?.Trim();
            var changed = await Sql.Of($"""
                update messaging.image set name = coalesce({name}, name), alt = coalesce({request.Alt}, alt),
                    words = lower(coalesce({name}, name) || ' ' || coalesce({request.Alt}, alt)),
                    folder_id = case when {request.FolderId} is null then folder_id else nullif({request.FolderId}, 0) end
                where account_id = {account.Id} and id = {id} and removed_at is null
                """).ExecuteAsync(work, cancellationToken);
            if (changed == 0)
            {
                throw new NotFoundException();
            }

            await audit.AppendAsync(
                work.Transaction, account.Id, account.UserId, "image.change", "image", id, new { name, request.Alt, folder_id = request.FolderId }, cancellationToken);
            await work.CommitAsync(cancellationToken);
        }

        return await OneAsync(id, account, database, address, cancellationToken);
    }

    /// <summary>The part becomes a picture of its own; mails that show the whole one are not touched.</summary>
    private static async Task<Created<ImageView>> CropAsync(
        long id, CropInput request, CurrentAccount account, NpgsqlDataSource database, ImageStore store, PublicAddress address,
        CancellationToken cancellationToken)
    {
        ImageRow image;
        await using (var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken))
        {
            image = await FindAsync(work, account.Id, id, cancellationToken);
        }

        if (request.Left < 0 || request.Top < 0 || request.Width < 1 || request.Height < 1
            || (long)request.Left + request.Width > image.Width || (long)request.Top + request.Height > image.Height)
        {
            throw new InvalidInputException("/width", "validation_failed", $"The part lies inside of {image.Width} by {image.Height} pixels.");
        }

        if (request.ResizeTo is < 0 or > 2_400)
        {
            throw new InvalidInputException("/resize_to", "validation_failed", "A picture is made 1 to 2,400 pixels wide.");
        }

        var made = await store.CropAsync(account, image, (request.Left, request.Top, request.Width, request.Height), request.ResizeTo ?? 0, cancellationToken);
        return TypedResults.Created($"/api/app/images/{made}", await OneAsync(made, account, database, address, cancellationToken));
    }

    /// <summary>Takes it out of the library. Its address stays good, for mails that were sent show it.</summary>
    private static async Task<NoContent> RemoveAsync(
        long id, CurrentAccount account, NpgsqlDataSource database, IAudit audit, TimeProvider clock, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        if (await Sql.Of($"update messaging.image set removed_at = {clock.GetUtcNow()} where account_id = {account.Id} and id = {id} and removed_at is null")
                .ExecuteAsync(work, cancellationToken) == 0)
        {
            throw new NotFoundException();
        }

        await audit.AppendAsync(work.Transaction, account.Id, account.UserId, "image.remove", "image", id, null, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<ImageView> OneAsync(long id, CurrentAccount account, NpgsqlDataSource database, PublicAddress address, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        return ImageView.Of(await FindAsync(work, account.Id, id, cancellationToken), account.Id, address.Url);
    }

    private static async Task<ImageRow> FindAsync(AccountTransaction work, long accountId, long id, CancellationToken cancellationToken) =>
        await Sql.Of($"select {ImageRow.Columns} from messaging.image where account_id = {accountId} and id = {id} and removed_at is null")
            .FirstAsync<ImageRow>(work, cancellationToken) ?? throw new NotFoundException();

    private static async Task<byte[]> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength > ImageStore.MaxBytes)
        {
            throw new TooLargeException("A picture has at most 10 MB.");
        }

        using var whole = new MemoryStream((int)(request.ContentLength ?? 64 * 1024));
        var piece = new byte[64 * 1024];
        int read;
        while ((read = await request.Body.ReadAsync(piece, cancellationToken)) > 0)
        {
            if (whole.Length + read > ImageStore.MaxBytes)
            {
                throw new TooLargeException("A picture has at most 10 MB.");
            }

            whole.Write(piece, 0, read);
        }

        return whole.Length > 0 ? whole.ToArray() : throw new InvalidInputException("/file", "file_empty", "The file is empty.");
    }

    /// <summary>Without its folder, without what is not to be seen, never empty.</summary>
    internal static string Title(string? name)
    {
        var last = (name ?? "").Replace('\\', '/').Split('/')[^1];
        var seen = new string([.. last.Where(c => !char.IsControl(c))]).Trim();
        return seen.Length == 0 ? "Picture" : StorableText.Cut(seen, 200);
    }

    private static void Check(string path, string? text, int least, int most)
    {
        if (text is not null && (text.Length < least || text.Length > most))
        {
            throw new InvalidInputException(path, "length", $"This takes {least} to {most} characters.");
        }
    }
}
