using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Millrace.Accounts.Contracts;
using Millrace.Api.Dialect;
using Millrace.Api.Resources;
using Millrace.Kernel.Data;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Millrace.Messaging.Design;

namespace Millrace.Messaging.Templates;

internal sealed record V3TemplateRow(
    long Id, string Name, string Subject, string? Design, string Html, int Used, bool IsImported, long CreatedBy, DateTimeOffset UpdatedAt);

/// <summary><c>/api/3/templates</c>: the account's own templates. They are made and changed in the product; here they are read and deleted.</summary>
internal sealed class V3TemplatesResource : V3Resource<V3TemplateRow>, IEndpoint
{
    public override string Plural => "templates";

    public override string Singular => "template";

    public override string Model => "Template";

    public override Permission Permission => Permission.ViewMessages;

    protected override Sql Columns { get; } = Sql.Of($"t.id, t.name, t.subject, t.design::text, t.html, t.used, t.is_imported, coalesce(t.created_by, 0), t.updated_at");

    protected override Sql Table { get; } = Sql.Of($"messaging.template t");

    protected override Sql AccountColumn { get; } = Sql.Of($"t.account_id");

    protected override Sql IdColumn { get; } = Sql.Of($"t.id");

    protected override V3Filters Filters { get; } = new(new Dictionary<string, V3Attribute>(StringComparer.Ordinal)
    {
        ["id"] = new(Sql.Of($"t.id"), V3Kind.Id),
        ["name"] = new(Sql.Of($"t.name"), V3Kind.Text),
        ["subject"] = new(Sql.Of($"t.subject"), V3Kind.Text),
        ["mdate"] = new(Sql.Of($"t.updated_at"), V3Kind.Time),
    });

    protected override long IdOf(V3TemplateRow row) => row.Id;

    public override object View(V3TemplateRow row, V3Call call) => new
    {
        userid = new V3Id(row.CreatedBy),
        ed_instanceid = "0",
        ed_version = row.Design is null ? "0" : "1",
        name = row.Name,
        subject = row.Subject.Length > 0 ? row.Subject : null,
        content = Content(row),
        categoryid = "0",
        used = new V3Id(row.Used),
        waitpreview = "0",
        importnum = row.IsImported ? "1" : "0",
        mdate = call.Plain(row.UpdatedAt),
        preview_content = (string?)null,
        modified = "0",
        hidden = "0",
        screenshot = "",
        links = Array.Empty<string>(),
        id = new V3Id(row.Id),
    };

    public static void Map(ModuleRoutes routes) =>
        routes.V3.MapDelete("templates/{id}", Delete).RequirePermission(Permission.ManageMessages);

    private static Task<V3Result> Delete(string id, V3Call call, IAudit audit) => call.ChangeAsync(async work =>
    {
        var row = await call.Resource<V3TemplatesResource>().OneAsync(work, call, V3Id.Parse(id));
        await TemplatesResource.DeleteAsync(work, call.Account, row.Id, audit, call.CancellationToken);
        return V3Result.Empty;
    });

    private static string Content(V3TemplateRow row)
    {
        try
        {
            return row.Design is null ? row.Html : DesignRenderer.Render(DesignJson.Read(row.Design)).Html;
        }
        catch (DesignInvalidException)
        {
            // A draft may be anything.
            return row.Html;
        }
    }
}
