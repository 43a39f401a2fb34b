using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Millrace.Contacts.People;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Npgsql;

namespace Millrace.Contacts.Fields;

/// <summary><c>/api/app/field-groups</c>: headings under which fields stand. Fields of a deleted group stand under none.</summary>
internal sealed class FieldGroupEndpoints : IEndpoint
{
    public static void Map(ModuleRoutes routes)
    {
        routes.App.MapGet("field-groups", All).WithName("field_group_list").RequirePermission(Permission.ViewContacts);
        routes.App.MapPost("field-groups", Create).WithName("field_group_create").RequirePermission(Permission.ManageFields);
        routes.App.MapPut("field-groups/{id:long}", Change).WithName("field_group_change").RequirePermission(Permission.ManageFields);
        routes.App.MapDelete("field-groups/{id:long}", Delete).WithName("field_group_delete").RequirePermission(Permission.ManageFields);
    }

    internal sealed record GroupInput(string Name);

    internal sealed record GroupView(long Id, string Name, int Position);

    internal sealed record GroupViews(IReadOnlyList<GroupView> Items);

    private static async Task<Ok<GroupViews>> All(CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        return TypedResults.Ok(new GroupViews(
            await Sql.Of($"select id, name, position from contacts.field_group where account_id = {account.Id} order by position, id")
                .ListAsync<GroupView>(work, cancellationToken)));
    }

    private static async Task<Created<GroupView>> Create(
        GroupInput request, CurrentAccount account, NpgsqlDataSource database, TimeProvider clock, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var view = await Sql.Of($"""
            insert into contacts.field_group (account_id, name, position, created_at)
            values ({account.Id}, {PersonText.Name(request.Name, 100, "/name")},
                    (select coalesce(max(position), 0) + 1 from contacts.field_group where account_id = {account.Id}), {clock.GetUtcNow()})
            returning id, name, position
            """).FirstAsync<GroupView>(work, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return TypedResults.Created($"/api/app/field-groups/{view!.Id}", view);
    }

    private static async Task<Ok<GroupView>> Change(
        long id, GroupInput request, CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var view = await Sql.Of($"""
            update contacts.field_group set name = {PersonText.Name(request.Name, 100, "/name")} where account_id = {account.Id} and id = {id}
            returning id, name, position
            """).FirstAsync<GroupView>(work, cancellationToken) ?? throw new NotFoundException();
        await work.CommitAsync(cancellationToken);
        return TypedResults.Ok(view);
    }

    private static async Task<NoContent> Delete(long id, CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        await Sql.Of($"update contacts.field set group_id = null where account_id = {account.Id} and group_id = {id}").ExecuteAsync(work, cancellationToken);
        if (await Sql.Of($"delete from contacts.field_group where account_id = {account.Id} and id = {id}").ExecuteAsync(work, cancellationToken) == 0)
        {
            throw new NotFoundException();
        }

        await work.CommitAsync(cancellationToken);
        return TypedResults.NoContent();
    }
}
