using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Millrace.Accounts.Contracts;
using Millrace.Contacts.People;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Npgsql;

namespace Millrace.Contacts.Fields;

/// <summary><c>/api/app/fields</c>: custom fields with their options; order and groups.</summary>
internal sealed class FieldEndpoints : IEndpoint
{
    public static void Map(ModuleRoutes routes)
    {
        routes.App.MapGet("fields", All).WithName("field_list").RequirePermission(Permission.ViewContacts);
        routes.App.MapPost("fields", Create).WithName("field_create").RequirePermission(Permission.ManageFields);
        routes.App.MapPut("fields/{id:long}", Change).WithName("field_change").RequirePermission(Permission.ManageFields);
        routes.App.MapDelete("fields/{id:long}", Delete).WithName("field_delete").RequirePermission(Permission.ManageFields);
        routes.App.MapPut("fields/order", Reorder).WithName("field_order").RequirePermission(Permission.ManageFields);
    }

    /// <param name="Key">Personalization tag; made from the name when absent.</param>
    /// <param name="Options">All of them, in order. One that is left out is removed; values that contacts have stay.</param>
    internal sealed record FieldInput(
        string Name, FieldType Type, string? Key = null, long? GroupId = null, string Description = "", string DefaultValue = "", bool Required = false,
        bool Visible = true, IReadOnlyList<OptionInput>? Options = null);

    internal sealed record OptionInput(string Value, string? Label = null, bool IsDefault = false);

    internal sealed record OptionView(long Id, string Value, string Label, bool IsDefault);

    internal sealed record FieldView(
        long Id, string Name, string Key, FieldType Type, long? GroupId, string Description, string DefaultValue, bool Required, bool Visible,
        IReadOnlyList<OptionView> Options);

    internal sealed record FieldViews(IReadOnlyList<FieldView> Items);

    internal sealed record FieldOrder(IReadOnlyList<long> Ids);

    private static async Task<Ok<FieldViews>> All(CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        return TypedResults.Ok(new FieldViews(await ViewsAsync(work, account.Id, id: null, cancellationToken)));
    }

    private static async Task<Created<FieldView>> Create(
        FieldInput request, CurrentAccount account, NpgsqlDataSource database, TimeProvider clock, IAudit audit, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        await CheckGroupAsync(work, account.Id, request.GroupId, cancellationToken);
        var id = await FieldCreation.InsertAsync(
            work.Transaction, account.Id,
            new NewField(
                request.Name, request.Type, request.Key, request.GroupId, request.Description, request.DefaultValue, request.Required, request.Visible),
            clock.GetUtcNow(), cancellationToken);
        if (request.Options is { Count: > 0 } options)
        {
            CheckOptions(request.Type, options);
            await FieldCreation.AddOptionsAsync(
                work.Transaction, account.Id, id, [.. options.Select(o => new NewOption(o.Value, o.Label, Position: null, o.IsDefault))], cancellationToken);
        }

        await audit.AppendAsync(work.Transaction, account.Id, account.UserId, "field.create", "field", id, new { request.Name }, cancellationToken);
        var view = (await ViewsAsync(work, account.Id, id, cancellationToken))[0];
        await work.CommitAsync(cancellationToken);
        return TypedResults.Created($"/api/app/fields/{id}", view);
    }

    /// <summary>The type of a field never changes: its values are stored by it.</summary>
    private static async Task<Ok<FieldView>> Change(
        long id, FieldInput request, CurrentAccount account, NpgsqlDataSource database, TimeProvider clock, IAudit audit, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        await CheckGroupAsync(work, account.Id, request.GroupId, cancellationToken);
        var type = await Sql.Of($"select type from contacts.field where account_id = {account.Id} and id = {id} for update")
            .FirstAsync<FieldType?>(work, cancellationToken) ?? throw new NotFoundException();
        if (type != request.Type)
        {
            throw new InvalidInputException("/type", "type_fixed", "The type of a field cannot change; make another field.");
        }

        var key = request.Key is { Length: > 0 } given ? FieldCreation.CheckKey(given) : null;
        await Sql.Of($"""
            update contacts.field
            set name = {FieldCreation.CheckName(request.Name)}, key = coalesce({key}, key), group_id = {request.GroupId},
                description = {PersonText.Line(request.Description, 1_000, "/description")},
                default_value = {PersonText.Line(request.DefaultValue, FieldValueParser.MaxLength, "/default_value")},
                required = {request.Required}, visible = {request.Visible}, updated_at = {clock.GetUtcNow()}
            where account_id = {account.Id} and id = {id}
            """).ExecuteAsync(work, cancellationToken);
        if (request.Options is { } options)
        {
            CheckOptions(type, options);
            await ReplaceOptionsAsync(work, account.Id, id, options, cancellationToken);
        }

        await audit.AppendAsync(work.Transaction, account.Id, account.UserId, "field.change", "field", id, new { request.Name }, cancellationToken);
        var view = (await ViewsAsync(work, account.Id, id, cancellationToken))[0];
        await work.CommitAsync(cancellationToken);
        return TypedResults.Ok(view);
    }

    private static async Task<NoContent> Delete(
        long id, CurrentAccount account, NpgsqlDataSource database, IAudit audit, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        await DeleteAsync(work, account, id, audit, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return TypedResults.NoContent();
    }

    internal static async Task DeleteAsync(AccountTransaction work, CurrentAccount account, long id, IAudit audit, CancellationToken cancellationToken)
    {
        var name = await Sql.Of($"delete from contacts.field where account_id = {account.Id} and id = {id} returning name")
            .FirstAsync<string>(work, cancellationToken) ?? throw new NotFoundException();
        await audit.AppendAsync(work.Transaction, account.Id, account.UserId, "field.delete", "field", id, new { name }, cancellationToken);
    }

    private static async Task<Ok<FieldViews>> Reorder(
        FieldOrder request, CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        await Sql.Of($"""
            update contacts.field f set position = o.no
            from unnest({request.Ids}) with ordinality o (id, no)
            where f.account_id = {account.Id} and f.id = o.id
            """).ExecuteAsync(work, cancellationToken);
        var views = await ViewsAsync(work, account.Id, id: null, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return TypedResults.Ok(new FieldViews(views));
    }

    private static async Task ReplaceOptionsAsync(
        AccountTransaction work, long accountId, long fieldId, IReadOnlyList<OptionInput> options, CancellationToken cancellationToken)
    {
        var values = options.Select(o => FieldCreation.CheckOption(o.Value, "/options/value")).ToArray();
        await Sql.Of($"delete from contacts.field_option where account_id = {accountId} and field_id = {fieldId} and value <> all({values})")
            .ExecuteAsync(work, cancellationToken);
        await Sql.Of($"""
            insert into contacts.field_option (account_id, field_id, value, label, position, is_default)
            select {accountId}, {fieldId}, o.value, o.label, o.no, o.is_default
            from unnest({values}, {options.Select(o => PersonText.Line(o.Label ?? o.Value, 500, "/options/label")).ToArray()},
                        {options.Select(o => o.IsDefault).ToArray()}) with ordinality o (value, label, is_default, no)
            on conflict (account_id, field_id, value) do update
            set label = excluded.label, position = excluded.position, is_default = excluded.is_default
            """).ExecuteAsync(work, cancellationToken);
    }

    private static void CheckOptions(FieldType type, IReadOnlyList<OptionInput> options)
    {
        if (!type.HasOptions() && options.Count > 0)
        {
            throw new InvalidInputException("/options", "validation_failed", "A field of this type has no options.");
        }

        if (options.Count > FieldCreation.MaxOptions || options.DistinctBy(o => o.Value.Trim(), StringComparer.Ordinal).Count() != options.Count)
        {
            throw new InvalidInputException("/options", "validation_failed", $"At most {FieldCreation.MaxOptions} options, each once.");
        }
    }

    private static async Task CheckGroupAsync(AccountTransaction work, long accountId, long? groupId, CancellationToken cancellationToken)
    {
        if (groupId is { } id && !await Sql.Of($"select exists (select 1 from contacts.field_group where account_id = {accountId} and id = {id})")
                .FirstAsync<bool>(work, cancellationToken))
        {
            throw new InvalidInputException("/group_id", "unknown_group", "There is no such group.");
        }
    }

    private static async Task<List<FieldView>> ViewsAsync(AccountTransaction work, long accountId, long? id, CancellationToken cancellationToken)
    {
        var one = id is { } fieldId ? Sql.Of($"and f.id = {fieldId}") : Sql.Empty;
        var fields = await Sql.Of($"""
            select f.id, f.name, f.key, f.type, f.group_id, f.description, f.default_value, f.required, f.visible
            from contacts.field f where f.account_id = {accountId} {one} order by f.position, f.id
            """).ListAsync<Row>(work, cancellationToken);
        var options = (await Sql.Of($"""
            select field_id, id, value, label, is_default from contacts.field_option
            where account_id = {accountId} and field_id = any({fields.Select(f => f.Id).ToArray()}) order by position, id
            """).ListAsync<OptionRow>(work, cancellationToken)).ToLookup(o => o.FieldId, o => new OptionView(o.Id, o.Value, o.Label, o.IsDefault));
        return [.. fields.Select(f => new FieldView(
            f.Id, f.Name, f.Key, f.Type, f.GroupId, f.Description, f.DefaultValue, f.Required, f.Visible, [.. options[f.Id]]))];
    }

    private sealed record Row(
        long Id, string Name, string Key, FieldType Type, long? GroupId, string Description, string DefaultValue, bool Required, bool Visible);

    private sealed record OptionRow(long FieldId, long Id, string Value, string Label, bool IsDefault);
}
