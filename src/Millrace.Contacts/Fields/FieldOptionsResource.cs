using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Millrace.Api.Dialect;
using Millrace.Kernel.Data;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Npgsql;

namespace Millrace.Contacts.Fields;

/// <summary><c>/api/3/fieldOption/bulk</c>, <c>/api/3/fieldOptions/{id}</c> and <c>/api/3/fieldRels</c>.</summary>
internal sealed class FieldOptionsResource : IEndpoint
{
    public static void Map(ModuleRoutes routes)
    {
        routes.V3.MapPost("fieldOption/bulk", CreateMany).RequirePermission(Permission.ManageFields);
        routes.V3.MapDelete("fieldOptions/{id}", Delete).RequirePermission(Permission.ManageFields);
        routes.V3.MapGet("fieldRels/{id}", Relation).RequirePermission(Permission.ViewContacts);
        routes.V3.MapPost("fieldRels", Relate).RequirePermission(Permission.ManageFields);
    }

    internal sealed record OptionInput(V3Id Field, string? Value = null, string? Label = null, string? Orderid = null, string? Isdefault = null);

    internal sealed record BulkInput(IReadOnlyList<OptionInput>? FieldOptions = null);

    internal sealed record RelationInput(V3Id Field = default, V3Id Relid = default);

    private static async Task<V3Result> CreateMany(
        HttpRequest request, CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        var input = (await V3Body.ReadAsync<BulkInput>(request, wrapper: null, cancellationToken)).FieldOptions;
        if (input is not { Count: > 0 and <= FieldCreation.MaxOptions })
        {
            return new V3Result(new { errors = "Bulk operation failed. Send a list of options." }, StatusCodes.Status422UnprocessableEntity);
        }

        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var ids = new List<long>();
        foreach (var field in input.GroupBy(o => o.Field.Value))
        {
            await V3Fields.OneAsync(work, account.Id, field.Key, cancellationToken);
            ids.AddRange(await FieldCreation.AddOptionsAsync(
                work.Transaction, account.Id, field.Key,
                [.. field.Select(o => new NewOption(
                    o.Value ?? string.Empty, o.Label,
                    int.TryParse(o.Orderid, System.Globalization.CultureInfo.InvariantCulture, out var order) ? order : null, o.Isdefault == "1"))],
                cancellationToken));
        }

        var options = await V3Fields.OptionsAsync(work, account.Id, [.. input.Select(o => o.Field.Value).Distinct()], cancellationToken);
        await work.CommitAsync(cancellationToken);
        return V3Result.Created(new { fieldOptions = options.Where(o => ids.Contains(o.Id)).Select(o => V3Fields.OptionView(o, request, account)) });
    }

    private static async Task<V3Result> Delete(string id, CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        var optionId = V3Id.Parse(id);
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        if (await Sql.Of($"delete from contacts.field_option where account_id = {account.Id} and id = {optionId}").ExecuteAsync(work, cancellationToken) == 0)
        {
            throw V3Errors.NoResult("FieldOption", optionId);
        }

        await work.CommitAsync(cancellationToken);
        return V3Result.Empty;
    }

    private static async Task<V3Result> Relation(string id, CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        return V3Result.Ok(new { fieldRel = V3Fields.RelationView(await V3Fields.OneAsync(work, account.Id, V3Id.Parse(id), cancellationToken)) });
    }

    /// <summary>Every field is on every list already, so this only has to be a field.</summary>
    private static async Task<V3Result> Relate(
        HttpRequest request, CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        var input = await V3Body.ReadAsync<RelationInput>(request, "fieldRel", cancellationToken);
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        return V3Result.Created(new { fieldRel = V3Fields.RelationView(await V3Fields.OneAsync(work, account.Id, input.Field, cancellationToken)) });
    }
}
