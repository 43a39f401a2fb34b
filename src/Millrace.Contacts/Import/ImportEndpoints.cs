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

namespace Millrace.Contacts.Import;

/// <summary><c>/api/app/imports</c>: the list, one with its progress, the look into the file before the start, and the way to stop one.</summary>
internal sealed class ImportEndpoints : IEndpoint
{
    private const int MaxPage = 200;

    public static void Map(ModuleRoutes routes)
    {
        routes.App.MapGet("imports", List).WithName("import_list").RequirePermission(Permission.ImportContacts);
        routes.App.MapGet("imports/{id:long}", Get).WithName("import_get").RequirePermission(Permission.ImportContacts);
        routes.App.MapGet("imports/{id:long}/preview", Preview).WithName("import_preview").RequirePermission(Permission.ImportContacts);
        routes.App.MapPost("imports/{id:long}/cancel", Cancel).WithName("import_cancel").RequirePermission(Permission.ImportContacts);
    }

    internal sealed record ImportList(IReadOnlyList<ImportView> Items);

    /// <summary>The newest first. The next page is asked for with <c>before</c>, the last id of this one.</summary>
    private static async Task<Ok<ImportList>> List(
        CurrentAccount account, NpgsqlDataSource database, TimeProvider clock, CancellationToken cancellationToken, long? before = null, int limit = 50)
    {
        if (limit is < 1 or > MaxPage)
        {
            throw new InvalidInputException("limit", "range", $"1 to {MaxPage}.");
        }

        return TypedResults.Ok(new ImportList(await ImportView.PageAsync(database, account.Id, before, limit, clock, cancellationToken)));
    }

    private static async Task<Ok<ImportView>> Get(
        long id, CurrentAccount account, NpgsqlDataSource database, TimeProvider clock, CancellationToken cancellationToken) =>
        TypedResults.Ok(await ImportView.OneAsync(database, account.Id, id, clock, cancellationToken));

    private static async Task<Ok<ImportPreview>> Preview(
        long id, CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken,
        string? encoding = null, string? delimiter = null, bool? header = null)
    {
        if (encoding is not null && !TextEncodings.All.Contains(encoding, StringComparer.Ordinal))
        {
            throw new InvalidInputException("encoding", "encoding_unknown", $"One of {string.Join(", ", TextEncodings.All)}.");
        }

        var upload = await UploadedImport.FindAsync(database, account.Id, id, cancellationToken);
        return TypedResults.Ok(await ImportPreview.ReadAsync(
            database, account.Id, id, upload.Encoding, encoding, ImportChoices.Delimiter(delimiter), header, cancellationToken));
    }

    /// <summary>Batches that are being written are finished first or not at all; what was imported stays. Cancelling what is over changes nothing.</summary>
    private static async Task<Ok<ImportView>> Cancel(
        long id, CurrentAccount account, IAudit audit, NpgsqlDataSource database, TimeProvider clock, CancellationToken cancellationToken)
    {
        await using (var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken))
        {
            var cancelled = await Sql.Of($"""
                update contacts.import set state = 'cancelled', finished_at = {clock.GetUtcNow()}
                where account_id = {account.Id} and id = {id} and state in ('uploading', 'uploaded', 'running')
                """).ExecuteAsync(work, cancellationToken);
            if (cancelled > 0)
            {
                await audit.AppendAsync(work.Transaction, account.Id, account.UserId, "import.cancel", "import", id, detail: null, cancellationToken);
            }

            await work.CommitAsync(cancellationToken);
        }

        return TypedResults.Ok(await ImportView.OneAsync(database, account.Id, id, clock, cancellationToken));
    }
}
