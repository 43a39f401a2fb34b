using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Millrace.Api.Dialect;
using Millrace.Api.Resources;
using Millrace.Kernel.Data;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;

namespace Millrace.Contacts.Fields;

internal sealed record FieldRelRow(long Id);

/// <summary><c>/api/3/fieldRels</c>: on which lists a field is. Every field is on every one (<c>relid</c> 0); the relation bears the field's number.</summary>
internal sealed class FieldRelsResource : V3Resource<FieldRelRow>, IEndpoint
{
    public override string Plural => "fieldRels";

    public override string Singular => "fieldRel";

    public override string Model => "FieldRel";

    public override bool IsListed => false;

    protected override Sql Columns { get; } = Sql.Of($"f.id");

    protected override Sql Table { get; } = Sql.Of($"contacts.field f");

    protected override Sql AccountColumn { get; } = Sql.Of($"f.account_id");

    protected override Sql IdColumn { get; } = Sql.Of($"f.id");

    protected override V3Filters Filters { get; } = new(new Dictionary<string, V3Attribute>(StringComparer.Ordinal));

    protected override IReadOnlyDictionary<string, V3Owner<FieldRelRow>> Owners { get; } = new Dictionary<string, V3Owner<FieldRelRow>>(StringComparer.Ordinal)
    {
        ["fields"] = new(Sql.Of($"f.id"), r => r.Id),
    };

    protected override long IdOf(FieldRelRow row) => row.Id;

    public override object View(FieldRelRow row, V3Call call) => ViewOf(row.Id);

    public static object ViewOf(long fieldId) =>
        new { field = new V3Id(fieldId), relid = "0", dorder = "0", cdate = (string?)null, links = Array.Empty<string>(), id = new V3Id(fieldId) };

    public static void Map(ModuleRoutes routes) => routes.V3.MapPost("fieldRels", Relate).RequirePermission(Permission.ManageFields)
        .Takes<Input>("fieldRel", "Puts a field on a list. Every field is on every list already, so this only has to be a field.");

    internal sealed record Input(V3Id Field = default, V3Id Relid = default);

    private static async Task<V3Result> Relate(V3Call call)
    {
        var input = await call.BodyAsync<Input>("fieldRel");
        return await call.ReadAsync(async work =>
            V3Result.Created(new { fieldRel = ViewOf((await call.Resource<FieldsResource>().OneAsync(work, call, input.Field)).Id) }));
    }
}
