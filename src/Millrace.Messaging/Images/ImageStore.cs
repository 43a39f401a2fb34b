using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Millrace.Accounts.Contracts;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Security;
using Npgsql;

namespace Millrace.Messaging.Images;

/// <summary>Puts pictures into the library and takes their bytes out. The database is the one store, so that every node has them.</summary>
internal sealed class ImageStore(NpgsqlDataSource database, ImageWorkshop workshop, IOptions<ImageOptions> options, IAudit audit, TimeProvider clock)
{
    public const int MaxBytes = 10 << 20;

    private sealed record Stored(byte[] Content, string Format, bool IsOurs);

    /// <summary>The picture's number; the same one for the same bytes, however often they come.</summary>
    /// <exception cref="UnsupportedMediaException">None of the four kinds.</exception>
    /// <exception cref="TooLargeException">Over 10 MB or 40 megapixels.</exception>
    public async Task<long> AddAsync(CurrentAccount account, byte[] file, string name, string? alt, long? folderId, CancellationToken cancellationToken)
    {
        if (file.Length > MaxBytes)
        {
            throw new TooLargeException("A picture has at most 10 MB.");
        }

        var header = ImageHeader.Read(file) ?? throw new UnsupportedMediaException("Pictures for mails are PNG, JPEG, GIF or WebP. SVG is not shown by mail readers.");
        if (header.Pixels > ImageHeader.MaxPixels)
        {
            throw new TooLargeException("A picture has at most 40 megapixels.");
        }

        return await SaveAsync(account, await workshop.PrepareAsync(file, header, cancellationToken), name, alt, folderId, cancellationToken);
    }

    /// <summary>A part of a picture as one more picture.</summary>
    public async Task<long> CropAsync(
        CurrentAccount account, ImageRow image, (int Left, int Top, int Width, int Height) part, int width, CancellationToken cancellationToken)
    {
        var content = await ContentAsync(account.Id, image.Hash, 0, cancellationToken) ?? throw new NotFoundException();
        var cut = await workshop.CropAsync(content.Content, content.Format, part, width, cancellationToken);
        return await SaveAsync(account, cut, image.Name, image.Alt, image.FolderId, cancellationToken);
    }

    /// <summary>The bytes behind an address; made and kept when a smaller size is asked for the first time. Null: no such picture.</summary>
    public async Task<(byte[] Content, string Format, bool IsOurs)?> FindAsync(ImageAddress address, CancellationToken cancellationToken)
    {
        if (await ContentAsync(address.AccountId, address.Hash, address.Wanted, cancellationToken) is { } kept)
        {
            return (kept.Content, kept.Format, kept.IsOurs);
        }

        if (address.Wanted == 0 || !ImageAddress.Ladder.Contains(address.Wanted)
            || await ContentAsync(address.AccountId, address.Hash, 0, cancellationToken) is not { } original)
        {
            return null;
        }

        if (!original.IsOurs || await workshop.ShrinkAsync(original.Content, original.Format, address.Wanted, cancellationToken) is not { } smaller)
        {
            return (original.Content, original.Format, original.IsOurs);
        }

        // A flat drawing can grow when it is made smaller.
        var content = smaller.Length < original.Content.Length ? smaller : original.Content;
        await using var work = await AccountTransaction.BeginAsync(database, address.AccountId, cancellationToken);
        await Sql.Of($"""
            insert into messaging.image_file (account_id, hash, width, content) values ({address.AccountId}, {address.Hash}, {address.Wanted}, {content})
            on conflict do nothing
            """).ExecuteAsync(work, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return (content, original.Format, true);
    }

    /// <summary>The place of a picture in designs.</summary>
    public async Task<string> AddressAsync(long accountId, long id, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, accountId, cancellationToken);
        var row = await Sql.Of($"select {ImageRow.Columns} from messaging.image where account_id = {accountId} and id = {id}").FirstAsync<ImageRow>(work, cancellationToken);
        return (row ?? throw new NotFoundException()).AddressIn(accountId).ToString();
    }

    public static async Task<long> BytesAsync(AccountTransaction work, long accountId, CancellationToken cancellationToken) =>
        await Sql.Of($"select coalesce(sum(bytes), 0)::bigint from messaging.image where account_id = {accountId}").FirstAsync<long>(work, cancellationToken);

    private async Task<Stored?> ContentAsync(long accountId, string hash, int width, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, accountId, cancellationToken);
        return await Sql.Of($"""
            select f.content, i.format, i.is_ours from messaging.image_file f join messaging.image i on i.account_id = f.account_id and i.hash = f.hash
            where f.account_id = {accountId} and f.hash = {hash} and f.width = {width}
            """).FirstAsync<Stored>(work, cancellationToken);
    }

    private async Task<long> SaveAsync(
        CurrentAccount account, PreparedImage image, string name, string? alt, long? folderId, CancellationToken cancellationToken)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(image.Content))[..32];
        var words = $"{name} {alt}".ToLowerInvariant();
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        if (folderId is { } folder && !await Sql.Of($"select exists (select 1 from messaging.image_folder where account_id = {account.Id} and id = {folder})")
                .FirstAsync<bool>(work, cancellationToken))
        {
            throw new InvalidInputException("folder_id", "not_found", "There is no such folder.");
        }

        if (await BytesAsync(work, account.Id, cancellationToken) + image.Content.Length > (long)options.Value.QuotaMegabytes << 20)
        {
            throw new ConflictException("limit_reached", $"The account's pictures may take {options.Value.QuotaMegabytes} MB together.");
        }

        // What was there before, perhaps taken out of the library, comes back as it was called.
        var id = await Sql.Of($"""
            insert into messaging.image as i (account_id, folder_id, name, words, alt, hash, format, width, height, bytes, is_ours, user_id, created_at)
            values ({account.Id}, {folderId}, {name}, {words}, {alt ?? ""}, {hash}, {image.Format}, {image.Width}, {image.Height},
                {(long)image.Content.Length}, {image.IsOurs}, {account.UserId}, {clock.GetUtcNow()})
            on conflict (account_id, hash) do update set removed_at = null, folder_id = coalesce(excluded.folder_id, i.folder_id)
            returning id
            """).FirstAsync<long>(work, cancellationToken);
        await audit.AppendAsync(work.Transaction, account.Id, account.UserId, "image.add", "image", id, new { name, folder_id = folderId }, cancellationToken);
        await Sql.Of($"insert into messaging.image_file (account_id, hash, width, content) values ({account.Id}, {hash}, 0, {image.Content}) on conflict do nothing")
            .ExecuteAsync(work, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return id;
    }
}
