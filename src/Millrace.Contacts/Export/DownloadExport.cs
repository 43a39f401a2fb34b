using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Millrace.Accounts.Contracts;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Millrace.Kernel.Security.Http;
using Npgsql;

namespace Millrace.Contacts.Export;

/// <summary>
/// <c>POST /api/app/exports/{id}/link</c> and <c>GET /api/app/exports/files/{token}</c>: the file is fetched by a link that works once, for an hour, and
/// only with a session of the account.
/// </summary>
internal sealed class DownloadExport : IEndpoint
{
    public static readonly TimeSpan LinkLasts = TimeSpan.FromHours(1);

    public static void Map(ModuleRoutes routes)
    {
        routes.App.MapPost("exports/{id:long}/link", Link).WithName("export_link").RequirePermission(Permission.ExportContacts);
        routes.App.MapGet("exports/files/{token}", Download).WithName("export_file").RequirePermission(Permission.ExportContacts)
            .Produces<string>(StatusCodes.Status200OK, "text/csv");
    }

    /// <param name="Path">On this host.</param>
    internal sealed record ExportLink(string Path, DateTimeOffset ExpiresAt);

    private static async Task<Created<ExportLink>> Link(
        long id, CurrentAccount account, NpgsqlDataSource database, TimeProvider clock, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var state = await Sql.Of($"select state from contacts.export where account_id = {account.Id} and id = {id}").FirstAsync<string>(work, cancellationToken)
            ?? throw new NotFoundException();
        if (state != "finished")
        {
            throw new ConflictException("export_not_finished", "The file is not finished.");
        }

        var (token, expires) = (RandomToken.New(24), clock.GetUtcNow() + LinkLasts);
        await Sql.Of($"""
            insert into contacts.export_link (account_id, hash, export_id, user_id, expires_at)
            values ({account.Id}, {RandomToken.Hash(token)}, {id}, {account.UserId}, {expires})
            """).ExecuteAsync(work, cancellationToken);
        await work.CommitAsync(cancellationToken);
        var path = $"/api/app/exports/files/{token}";
        return TypedResults.Created(path, new ExportLink(path, expires));
    }

    private static async Task Download(
        string token, HttpContext http, CurrentAccount account, IAudit audit, NpgsqlDataSource database, TimeProvider clock, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        Opened export;
        await using (var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken))
        {
            export = await Sql.Of($"""
                update contacts.export_link l set used_at = {now}
                from contacts.export e
                where l.account_id = {account.Id} and l.hash = {RandomToken.Hash(token)} and l.user_id = {account.UserId} and l.used_at is null and l.expires_at > {now}
                  and e.account_id = l.account_id and e.id = l.export_id
                returning e.id, e.name, e.bytes
                """).FirstAsync<Opened>(work, cancellationToken)
                ?? throw new NotFoundException("This link has been used, or is too old. Ask for a new one on the page of exports.");
            await audit.AppendAsync(work.Transaction, account.Id, account.UserId, "export.download", "export", export.Id, detail: null, cancellationToken);
            await work.CommitAsync(cancellationToken);
        }

        CsvDownload.SetHeaders(http.Response, export.Name);
        http.Response.ContentLength = export.Bytes;
        for (var no = 0; await ChunkAsync(export.Id, no, account.Id, database, cancellationToken) is { } chunk; no++)
        {
            await http.Response.Body.WriteAsync(chunk, cancellationToken);
        }
    }

    private static async Task<byte[]?> ChunkAsync(long id, int no, long accountId, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, accountId, cancellationToken);
        return await Sql.Of($"select content from contacts.export_chunk where account_id = {accountId} and export_id = {id} and no = {no}")
            .FirstAsync<byte[]>(work, cancellationToken);
    }

    private sealed record Opened(long Id, string Name, long Bytes);
}
