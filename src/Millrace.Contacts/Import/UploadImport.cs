using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Npgsql;

namespace Millrace.Contacts.Import;

/// <summary>
/// <c>POST /api/app/imports?name=people.csv</c>: takes a CSV file, as the body itself (<c>text/csv</c>, pasted text too) or as the first file of a form.
/// It is streamed into the database piece by piece and complete there before the answer; nothing is imported yet.
/// </summary>
internal sealed class UploadImport : IEndpoint
{
    public const long MaxBytes = 500L << 20;

    /// <summary>Beside the header.</summary>
    public const int MaxRows = 5_000_000;

    private static readonly string[] MediaTypes =
        ["text/csv", "text/plain", "text/tab-separated-values", "application/csv", "application/vnd.ms-excel", "application/octet-stream"];

    public static void Map(ModuleRoutes routes) =>
        routes.App.MapPost("imports", Handle).WithName("import_upload").RequirePermission(Permission.ImportContacts)
            .Accepts<IFormFile>("text/csv", "text/plain", "multipart/form-data");

    private static async Task<Created<ImportView>> Handle(
        HttpRequest request, string? name, CurrentAccount account, NpgsqlDataSource database, TimeProvider clock, CancellationToken cancellationToken)
    {
        // We count ourselves, because what we count is the file and not the form around it.
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = null;
        }

        if (request.ContentLength > MaxBytes + (1 << 16))
        {
            throw TooLarge();
        }

        var (file, fileName) = await OpenAsync(request, cancellationToken);
        var importId = await TakeAsync(file, name ?? fileName, account, database, clock, cancellationToken);
        return TypedResults.Created($"/api/app/imports/{importId}", await ImportView.OneAsync(database, account.Id, importId, clock, cancellationToken));
    }

    /// <summary>Stores the file; its import can then be started.</summary>
    internal static async Task<long> TakeAsync(
        Stream file, string? name, CurrentAccount account, NpgsqlDataSource database, TimeProvider clock, CancellationToken cancellationToken)
    {
        var first = new byte[ImportStorage.ChunkBytes];
        var length = await file.ReadAtLeastAsync(first, first.Length, throwOnEndOfStream: false, cancellationToken);
        if (length == 0)
        {
            throw new InvalidInputException("/file", "file_empty", "The file is empty.");
        }

        FileSniffer.RefuseBinary(first.AsSpan(0, length));
        var importId = await BeginAsync(database, account, Title(name), clock.GetUtcNow(), cancellationToken);
        try
        {
            await StoreAsync(database, account.Id, importId, file, first, length, cancellationToken);
        }
        catch
        {
            await DropAsync(database, account.Id, importId);
            throw;
        }

        return importId;
    }

    private static async Task<(Stream File, string? Name)> OpenAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type))
        {
            throw new UnsupportedMediaException("Send the file as text/csv or as multipart/form-data.");
        }

        if (type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase))
        {
            var boundary = HeaderUtilities.RemoveQuotes(type.Boundary).Value;
            if (string.IsNullOrEmpty(boundary) || boundary.Length > 100)
            {
                throw new MalformedRequestException("The form has no boundary.");
            }

            var form = new MultipartReader(boundary, request.Body);
            while (await form.ReadNextSectionAsync(cancellationToken) is { } section)
            {
                if (section.AsFileSection() is { FileStream: { } stream } file)
                {
                    return (stream, file.FileName);
                }
            }

            throw new InvalidInputException("/file", "file_missing", "The form holds no file.");
        }

        return MediaTypes.Contains(type.MediaType.Value, StringComparer.OrdinalIgnoreCase)
            ? (request.Body, null)
            : throw new UnsupportedMediaException($"{type.MediaType} is not taken here; send the file as text/csv or as multipart/form-data.");
    }

    private static async Task<long> BeginAsync(
        NpgsqlDataSource database, CurrentAccount account, string name, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var id = await Sql.Of($"""
            insert into contacts.import (account_id, name, state, user_id, created_at)
            values ({account.Id}, {name}, 'uploading', {account.UserId}, {now}) returning id
            """).FirstAsync<long>(work, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return id;
    }

    private static async Task StoreAsync(
        NpgsqlDataSource database, long accountId, long importId, Stream file, byte[] first, int firstLength, CancellationToken cancellationToken)
    {
        var (encoding, check, rows) = (TextEncodings.Guess(first.AsSpan(0, firstLength)), new Utf8Check(), new RowCount());
        var (piece, next, length, bytes, no) = (first, new byte[ImportStorage.ChunkBytes], firstLength, 0L, 0);
        while (length > 0)
        {
            check.Add(piece.AsSpan(0, length));
            bytes += length;
            if (bytes > MaxBytes)
            {
                throw TooLarge();
            }

            rows.Add(piece.AsSpan(0, length));
            if (rows.Count > MaxRows + 1)
            {
                throw TooManyRows();
            }

            // The next piece comes over the network while this one is written.
            var writing = ImportStorage.AddChunkAsync(
                database, accountId, importId, no++, length == piece.Length ? piece : piece[..length], cancellationToken);
            try
            {
                length = await file.ReadAtLeastAsync(next, next.Length, throwOnEndOfStream: false, cancellationToken);
            }
            finally
            {
                await writing;
            }

            (piece, next) = (next, piece);
        }

        check.Finish();
        var found = encoding == TextEncodings.Utf8 && !check.IsValid ? null : encoding;
        await using var work = await AccountTransaction.BeginAsync(database, accountId, cancellationToken);
        await Sql.Of($"""
            update contacts.import set state = 'uploaded', bytes = {bytes}, encoding = {found} where account_id = {accountId} and id = {importId}
            """).ExecuteAsync(work, cancellationToken);
        await work.CommitAsync(cancellationToken);
    }

    /// <summary>The request is over, so its token is too. What this cannot remove, the worker does after a day.</summary>
    private static async Task DropAsync(NpgsqlDataSource database, long accountId, long importId)
    {
        await using var work = await AccountTransaction.BeginAsync(database, accountId, CancellationToken.None);
        await Sql.Of($"delete from contacts.import where account_id = {accountId} and id = {importId}").ExecuteAsync(work, CancellationToken.None);
        await work.CommitAsync(CancellationToken.None);
    }

    private static string Title(string? name)
    {
        var clean = new string([.. (name ?? string.Empty).Where(c => !char.IsControl(c) && !char.IsSurrogate(c)).Take(200)]).Trim();
        return clean.Length == 0 ? "Pasted contacts" : clean;
    }

    private static TooLargeException TooManyRows() => new($"A CSV file may have {MaxRows:N0} rows; divide it and import the parts one after the other.");

    private static TooLargeException TooLarge() => new("A CSV file may have 500 MB; divide it and import the parts one after the other.");
}
