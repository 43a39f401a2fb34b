using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Millrace.Api.Dialect;
using Millrace.Api.Resources;
using Millrace.Kernel.Data;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;

namespace Millrace.Messaging.Variables;

/// <summary><c>/api/3/personalizations</c>: message variables. They belong to the account, not to lists; their format is text.</summary>
internal sealed class PersonalizationsResource : V3Resource<VariableRow>, IEndpoint
{
    public override string Plural => "personalizations";

    public override string Singular => "personalization";

    public override string Model => "Personalization";

    public override Permission Permission => Permission.ViewMessages;

    protected override Sql Columns { get; } = Sql.Of($"v.id, v.tag, v.name, v.content, v.is_locked, v.created_at, v.updated_at");

    protected override Sql Table { get; } = Sql.Of($"messaging.variable v");

    protected override Sql AccountColumn { get; } = Sql.Of($"v.account_id");

    protected override Sql IdColumn { get; } = Sql.Of($"v.id");

    protected override V3Filters Filters { get; } = new(new Dictionary<string, V3Attribute>(StringComparer.Ordinal)
    {
        ["id"] = new(Sql.Of($"v.id"), V3Kind.Id),
        ["name"] = new(Sql.Of($"v.name"), V3Kind.Text),
        ["tag"] = new(Sql.Of($"v.tag"), V3Kind.Text),
        ["content"] = new(Sql.Of($"v.content"), V3Kind.Text),
        ["format"] = new(Sql.Of($"'text'::text"), V3Kind.Text),
        ["listName"] = new(Sql.Of($"''::text"), V3Kind.Text),
    });

    protected override long IdOf(VariableRow row) => row.Id;

    public override object View(VariableRow row, V3Call call) => new
    {
        name = row.Name,
        tag = row.Tag,
        format = "text",
        content = row.Content,
        listIds = "",
        listNames = "",
        listsCount = "0",
        isLocked = row.IsLocked,
        links = Array.Empty<string>(),
        id = new V3Id(row.Id),
    };

    public static void Map(ModuleRoutes routes)
    {
        routes.V3.MapPost("personalizations", Create).RequirePermission(Permission.ManageMessages).Takes<Input>("personalization", "Makes a message variable.");
        routes.V3.MapDelete("personalizations/bulkdelete", DeleteMany).RequirePermission(Permission.ManageMessages);
        routes.V3.MapPut("personalizations/{id}", Change).RequirePermission(Permission.ManageMessages).Takes<Input>("personalization", "Changes what is given.");
        routes.V3.MapDelete("personalizations/{id}", Delete).RequirePermission(Permission.ManageMessages);
        routes.V3.MapPatch("personalizations/{id}/lock", (string id, V3Call call, TimeProvider clock) => Lock(id, call, clock, isLocked: true))
            .RequirePermission(Permission.ManageMessages);
        routes.V3.MapPatch("personalizations/{id}/unlock", (string id, V3Call call, TimeProvider clock) => Lock(id, call, clock, isLocked: false))
            .RequirePermission(Permission.ManageMessages);
    }

    /// <param name="Format">Only <c>text</c>.</param>
    /// <param name="Listids">Taken and passed over: variables are there for all lists.</param>
    internal sealed record Input(string? Tag = null, string? Name = null, string? Format = null, string? Content = null, string? Listids = null);

    private static async Task<V3Result> Create(V3Call call, TimeProvider clock)
    {
        var input = Checked(await call.BodyAsync<Input>("personalization"));
        return await call.ChangeAsync(async work =>
        {
            var tag = VariableBook.TagOf(input.Tag ?? input.Name ?? "");
            var row = await VariableBook.AddAsync(work, call.Account.Id, tag, input.Name ?? tag, input.Content ?? "", clock.GetUtcNow(), call.CancellationToken);
            return V3Result.Created(Echo(row, input, call));
        });
    }

    private static async Task<V3Result> Change(string id, V3Call call, TimeProvider clock)
    {
        var input = Checked(await call.BodyAsync<Input>("personalization"));
        var variables = call.Resource<PersonalizationsResource>();
        return await call.ChangeAsync(async work =>
        {
            var before = await variables.OneAsync(work, call, V3Id.Parse(id));
            var row = await VariableBook.ChangeAsync(
                work, call.Account.Id,
                before with
                {
                    Tag = input.Tag is { } tag ? VariableBook.TagOf(tag) : before.Tag,
                    Name = input.Name ?? before.Name,
                    Content = input.Content ?? before.Content,
                },
                clock.GetUtcNow(), call.CancellationToken);
            return V3Result.Ok(Echo(row, input, call));
        });
    }

    private static Task<V3Result> Delete(string id, V3Call call) => call.ChangeAsync(async work =>
    {
        var row = await call.Resource<PersonalizationsResource>().OneAsync(work, call, V3Id.Parse(id));
        await VariableBook.DeleteAsync(work, call.Account.Id, [row.Id], call.CancellationToken);
        return V3Result.Empty;
    });

    private static Task<V3Result> DeleteMany(V3Call call) => call.ChangeAsync(async work =>
    {
        var ids = call.Request.Query["ids"].ToString().Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(V3Id.Parse).Take(1_000);
        await VariableBook.DeleteAsync(work, call.Account.Id, [.. ids], call.CancellationToken);
        return V3Result.Ok("Delete successful");
    });

    /// <summary>Who is no admin is told so, with 200, as the original does.</summary>
    private static Task<V3Result> Lock(string id, V3Call call, TimeProvider clock, bool isLocked) => call.ChangeAsync(async work =>
    {
        var before = await call.Resource<PersonalizationsResource>().OneAsync(work, call, V3Id.Parse(id));
        if (!call.Account.May(Permission.ManageAccount))
        {
            return V3Result.Ok(new { success = false, message = "Only administrators lock and unlock message variables." });
        }

        await VariableBook.ChangeAsync(work, call.Account.Id, before with { IsLocked = isLocked }, clock.GetUtcNow(), call.CancellationToken);
        return V3Result.Ok(new { success = true, message = isLocked ? "The message variable is locked." : "The message variable is unlocked." });
    });

    private static Input Checked(Input input) => input.Format is null or "" or "text"
        ? input
        : throw V3Errors.Invalid("format", "not_supported", "Message variables are text; tags and line breaks in them work in HTML too.");

    private static object Echo(VariableRow row, Input input, V3Call call) => new
    {
        personalization = new
        {
            tag = row.Tag,
            name = row.Name,
            format = "text",
            content = row.Content,
            listids = input.Listids ?? "",
            userid = new V3Id(call.Account.UserId),
            isLocked = row.IsLocked,
            links = Array.Empty<string>(),
            id = new V3Id(row.Id),
        },
    };
}
