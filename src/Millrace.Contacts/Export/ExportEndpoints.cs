using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Millrace.Accounts.Contracts;
using Millrace.Contacts.Contracts;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Extensibility;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Millrace.Kernel.Workers;
using Npgsql;

namespace Millrace.Contacts.Export;

/// <summary><c>/api/app/exports</c>: contacts as a CSV file, written in the background, kept for a week. See <see cref="DownloadExport"/> for the file.</summary>
internal sealed class ExportEndpoints : IEndpoint
{
    public static void Map(ModuleRoutes routes)
    {
        routes.App.MapGet("exports", List).WithName("export_list").RequirePermission(Permission.ExportContacts);
        routes.App.MapPost("exports", Create).WithName("export_create").RequirePermission(Permission.ExportContacts);
        routes.App.MapGet("exports/{id:long}", Get).WithName("export_get").RequirePermission(Permission.ExportContacts);
    }

    /// <param name="State"><c>waiting</c>, <c>running</c>, <c>finished</c> or <c>failed</c>.</param>
    internal sealed record ExportView(
        long Id, string Name, string State, long Rows, long Bytes, string? Problem, DateTimeOffset CreatedAt, DateTimeOffset? FinishedAt);

    internal sealed record ExportList(IReadOnlyList<ExportView> Items);

    private static async Task<Ok<ExportList>> List(CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        return TypedResults.Ok(new ExportList(await Rows(account.Id, id: null).ListAsync<ExportView>(work, cancellationToken)));
    }

    private static async Task<Created<ExportView>> Create(
        ExportRequest request, CurrentAccount account, IAudit audit, WorkSignal signal, NpgsqlDataSource database, IContactConditions conditions, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        request.Check(string.Empty);
        var now = clock.GetUtcNow();
        var name = string.Create(CultureInfo.InvariantCulture, $"contacts-{now:yyyy-MM-dd-HHmm}.csv");
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        // Refused now, while someone can mend it.
        _ = await request.ConditionAsync(work, conditions, new SegmentContext(account.Id, now, account.TimeZone), string.Empty, cancellationToken);
        var id = await Sql.Of($"""
            insert into contacts.export (account_id, name, state, request, user_id, created_at)
            values ({account.Id}, {name}, 'waiting', {new JsonText(request.ToJson())}, {account.UserId}, {now}) returning id
            """).FirstAsync<long>(work, cancellationToken);
        await audit.AppendAsync(work.Transaction, account.Id, account.UserId, "contact.export", "export", id, request, cancellationToken);
        var view = await Rows(account.Id, id).FirstAsync<ExportView>(work, cancellationToken);
        await work.CommitAsync(cancellationToken);
        signal.Pulse(nameof(RunExports));
        return TypedResults.Created($"/api/app/exports/{id}", view!);
    }

    private static async Task<Ok<ExportView>> Get(long id, CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken) =>
        TypedResults.Ok(await FindAsync(id, account.Id, database, cancellationToken));

    private static async Task<ExportView> FindAsync(long id, long accountId, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, accountId, cancellationToken);
        return await Rows(accountId, id).FirstAsync<ExportView>(work, cancellationToken) ?? throw new NotFoundException();
    }

    private static Sql Rows(long accountId, long? id) => Sql.Of($"""
        select id, name, state, rows, bytes, problem, created_at, finished_at from contacts.export
        where account_id = {accountId} and ({id} is null or id = {id}) order by id desc limit 100
        """);
}
