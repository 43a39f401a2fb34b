using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Millrace.Api.Dialect;
using Millrace.Api.Resources;
using Millrace.Kernel.Data;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using System.Globalization;

namespace Millrace.Contacts.Fields;

internal sealed record FieldOptionRow(long Id, long FieldId, string Value, string Label, int Position, bool IsDefault, DateTimeOffset FieldCreatedAt);

/// <summary><c>/api/3/fieldOptions</c> and <c>/api/3/fieldOption/bulk</c>: the choices of a field.</summary>
internal sealed class FieldOptionsResource : V3Resource<FieldOptionRow>, IEndpoint
{
    public override string Plural => "fieldOptions";

    public override string Singular => "fieldOption";

    public override string Model => "FieldOption";

    public override bool IsListed => false;

    public override IReadOnlyList<V3Relation> Relations { get; } = [V3Relation.One<FieldOptionRow>("field", "fields", r => r.FieldId)];

    protected override Sql Columns { get; } = Sql.Of($"o.id, o.field_id, o.value, o.label, o.position, o.is_default, f.created_at");

    protected override Sql Table { get; } = Sql.Of($"contacts.field_option o");

    protected override Sql Joins { get; } = Sql.Of($"join contacts.field f on f.account_id = o.account_id and f.id = o.field_id");

    protected override Sql AccountColumn { get; } = Sql.Of($"o.account_id");

    protected override Sql IdColumn { get; } = Sql.Of($"o.id");

    protected override Sql DefaultOrder { get; } = Sql.Of($"o.field_id, o.position, o.id");

    protected override V3Filters Filters { get; } = new(new Dictionary<string, V3Attribute>(StringComparer.Ordinal)
    {
        ["orderid"] = new(Sql.Of($"o.position::bigint"), V3Kind.Id),
    });

    protected override IReadOnlyDictionary<string, V3Owner<FieldOptionRow>> Owners { get; } = new Dictionary<string, V3Owner<FieldOptionRow>>(StringComparer.Ordinal)
    {
        ["fields"] = new(Sql.Of($"o.field_id"), r => r.FieldId),
    };

    protected override long IdOf(FieldOptionRow row) => row.Id;

    public override object View(FieldOptionRow row, V3Call call) => new
    {
        field = new V3Id(row.FieldId),
        orderid = row.Position.ToString(CultureInfo.InvariantCulture),
        value = row.Value,
        label = row.Label,
        isdefault = row.IsDefault ? "1" : "0",
        cdate = call.Iso(row.FieldCreatedAt),
        udate = call.Iso(row.FieldCreatedAt),
        links = Links(call, row.Id),
        id = new V3Id(row.Id),
    };

    public static void Map(ModuleRoutes routes)
    {
        routes.V3.MapPost("fieldOption/bulk", CreateMany).RequirePermission(Permission.ManageFields).Takes<BulkInput>(null, "Adds choices to fields.");
        routes.V3.MapDelete("fieldOptions/{id}", Delete).RequirePermission(Permission.ManageFields);
    }

    internal sealed record OptionInput(V3Id Field, string? Value = null, string? Label = null, string? Orderid = null, string? Isdefault = null);

    internal sealed record BulkInput(IReadOnlyList<OptionInput>? FieldOptions = null);

    private static async Task<V3Result> CreateMany(V3Call call)
    {
        var input = (await call.BodyAsync<BulkInput>(wrapper: null)).FieldOptions;
        if (input is not { Count: > 0 and <= FieldCreation.MaxOptions } || input.Contains(null!))
        {
            return new V3Result(new { errors = "Bulk operation failed. Send a list of options." }, StatusCodes.Status422UnprocessableEntity);
        }

        return await call.ChangeAsync(async work =>
        {
            var ids = new List<long>();
            foreach (var field in input.GroupBy(o => o.Field.Value))
            {
                await call.Resource<FieldsResource>().OneAsync(work, call, field.Key);
                ids.AddRange(await FieldCreation.AddOptionsAsync(
                    work.Transaction, call.Account.Id, field.Key,
                    [.. field.Select(o => new NewOption(
                        o.Value ?? string.Empty, o.Label, int.TryParse(o.Orderid, CultureInfo.InvariantCulture, out var order) ? order : null, o.Isdefault == "1"))],
                    call.CancellationToken));
            }

            return V3Result.Created(new { fieldOptions = await call.Resource<FieldOptionsResource>().ViewsAsync(work, call, ids) });
        });
    }

    private static Task<V3Result> Delete(string id, V3Call call) => call.ChangeAsync(async work =>
    {
        var row = await call.Resource<FieldOptionsResource>().OneAsync(work, call, V3Id.Parse(id));
        await Sql.Of($"delete from contacts.field_option where account_id = {call.Account.Id} and id = {row.Id}").ExecuteAsync(work, call.CancellationToken);
        return V3Result.Empty;
    });
}
