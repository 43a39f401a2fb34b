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

namespace Millrace.Messaging.Variables;

/// <summary><c>/api/app/message-variables</c>: texts that mails name like a tag, written once. A locked one is changed by admins only, through API v3.</summary>
internal sealed class VariableEndpoints : IEndpoint
{
    public static void Map(ModuleRoutes routes)
    {
        routes.App.MapGet("message-variables", ListAsync).WithName("message_variable_list").RequirePermission(Permission.ViewMessages);
        routes.App.MapPost("message-variables", AddAsync).WithName("message_variable_add").RequirePermission(Permission.ManageMessages);
        routes.App.MapPut("message-variables/{id:long}", ChangeAsync).WithName("message_variable_change").RequirePermission(Permission.ManageMessages);
        routes.App.MapDelete("message-variables/{id:long}", DeleteAsync).WithName("message_variable_delete").RequirePermission(Permission.ManageMessages);
    }

    /// <param name="Tag">What stands between the percent signs; lower case and spaces are put right.</param>
    /// <param name="Content">Text in which other tags, and other variables, may stand. At most 20,000 characters.</param>
    internal sealed record VariableInput(string Name, string Tag, string Content);

    /// <param name="UsedIn">Messages and steps whose present text names it.</param>
    internal sealed record VariableItem(long Id, string Name, string Tag, string Content, bool IsLocked, int UsedIn, DateTimeOffset UpdatedAt);

    internal sealed record VariableList(IReadOnlyList<VariableItem> Variables);

    private static async Task<VariableList> ListAsync(CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var rows = await VariableBook.ListAsync(work, account.Id, cancellationToken);
        var uses = (await UsesAsync(work, account.Id, [.. rows.Select(r => r.Tag)], cancellationToken)).ToDictionary(u => u.Tag, u => u.Count, StringComparer.Ordinal);
        return new([.. rows.Select(r => Item(r, uses.GetValueOrDefault(r.Tag)))]);
    }

    private static async Task<Created<VariableItem>> AddAsync(
        VariableInput request, CurrentAccount account, NpgsqlDataSource database, IAudit audit, TimeProvider clock, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var made = await VariableBook.AddAsync(work, account.Id, VariableBook.TagOf(request.Tag), request.Name, request.Content, clock.GetUtcNow(), cancellationToken);
        await audit.AppendAsync(work.Transaction, account.Id, account.UserId, "variable.add", "variable", made.Id, new { made.Tag }, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return TypedResults.Created($"/api/app/message-variables/{made.Id}", Item(made, 0));
    }

    private static async Task<VariableItem> ChangeAsync(
        long id, VariableInput request, CurrentAccount account, NpgsqlDataSource database, IAudit audit, TimeProvider clock, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var before = await VariableBook.FindAsync(work, account.Id, id, cancellationToken);
        RefuseLocked(before);
        var changed = await VariableBook.ChangeAsync(
            work, account.Id, before with { Tag = VariableBook.TagOf(request.Tag), Name = request.Name, Content = request.Content }, clock.GetUtcNow(), cancellationToken);
        await audit.AppendAsync(work.Transaction, account.Id, account.UserId, "variable.change", "variable", id, new { changed.Tag }, cancellationToken);
        var uses = await UsesAsync(work, account.Id, [changed.Tag], cancellationToken);
        await work.CommitAsync(cancellationToken);
        return Item(changed, uses.FirstOrDefault()?.Count ?? 0);
    }

    private static async Task<NoContent> DeleteAsync(long id, CurrentAccount account, NpgsqlDataSource database, IAudit audit, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var row = await VariableBook.FindAsync(work, account.Id, id, cancellationToken);
        RefuseLocked(row);
        await VariableBook.DeleteAsync(work, account.Id, [id], cancellationToken);
        await audit.AppendAsync(work.Transaction, account.Id, account.UserId, "variable.delete", "variable", id, new { row.Tag }, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return TypedResults.NoContent();
    }

    private static void RefuseLocked(VariableRow row)
    {
        if (row.IsLocked)
        {
            throw new ConflictException("variable_locked", "This message variable is locked.");
        }
    }

    private static VariableItem Item(VariableRow row, int uses) => new(row.Id, row.Name, row.Tag, row.Content, row.IsLocked, uses, row.UpdatedAt);

    /// <summary>A look through all texts; there are few messages, and somebody waits for the page.</summary>
    private static Task<List<Use>> UsesAsync(AccountTransaction work, long accountId, string[] tags, CancellationToken cancellationToken) => Sql.Of($"""
        select t.tag, count(*)::integer from unnest({tags}) as t (tag)
        join messaging.message m on m.account_id = {accountId} and not m.is_test
          and (strpos(m.subject || ' ' || m.preheader || ' ' || m.from_name || ' ' || m.html || ' ' || m.text || ' ' || coalesce(m.design::text, ''), '%' || t.tag || '%') > 0)
        group by t.tag
        """).ListAsync<Use>(work, cancellationToken);

    private sealed record Use(string Tag, int Count);
}
