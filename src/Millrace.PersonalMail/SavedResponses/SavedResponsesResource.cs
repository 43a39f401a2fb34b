using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Millrace.Api.Dialect;
using Millrace.Api.Resources;
using Millrace.Kernel.Data;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;

namespace Millrace.PersonalMail.SavedResponses;

/// <summary><c>/api/3/savedResponses</c>.</summary>
internal sealed class SavedResponsesResource : V3Resource<ResponseRow>, IEndpoint
{
    public override string Plural => "savedResponses";

    public override string Singular => "savedResponse";

    public override string Model => "SavedResponse";

    public override Permission Permission => Permission.ViewMessages;

    public override IReadOnlyList<V3Relation> Relations { get; } =
        [V3Relation.One<ResponseRow>("user", "users", r => r.UserId), V3Relation.Nothing("savedResponseCategorySavedResponse")];

    protected override Sql Columns => ResponseBook.Columns;

    protected override Sql Table { get; } = Sql.Of($"personal.saved_response r");

    protected override Sql Joins { get; } = Sql.Of($"left join personal.saved_response_category c on c.account_id = r.account_id and c.id = r.category_id");

    protected override Sql AccountColumn { get; } = Sql.Of($"r.account_id");

    protected override Sql IdColumn { get; } = Sql.Of($"r.id");

    protected override V3Filters Filters { get; } = new(new Dictionary<string, V3Attribute>(StringComparer.Ordinal)
    {
        ["id"] = new(Sql.Of($"r.id"), V3Kind.Id),
        ["title"] = new(Sql.Of($"r.title"), V3Kind.Text),
        ["subject"] = new(Sql.Of($"r.subject"), V3Kind.Text),
        ["cdate"] = new(Sql.Of($"r.created_at"), V3Kind.Time),
        ["mdate"] = new(Sql.Of($"r.updated_at"), V3Kind.Time),
    });

    protected override long IdOf(ResponseRow row) => row.Id;

    public override object View(ResponseRow row, V3Call call) => new
    {
        title = row.Title,
        subject = row.Subject,
        body = row.Body,
        ldate = call.Iso(row.LastSentAt),
        last_sent_user_id = row.LastSentUserId is { } user ? new V3Id(user) : (V3Id?)null,
        cdate = call.Iso(row.CreatedAt),
        mdate = call.Iso(row.UpdatedAt),
        links = Links(call, row.Id),
        id = new V3Id(row.Id),
    };

    public static void Map(ModuleRoutes routes)
    {
        routes.V3.MapPost("savedResponses", Create).RequirePermission(Permission.ManageMessages).Takes<Input>("savedResponse", "Makes a saved response.");
        routes.V3.MapPut("savedResponses/{id}", Change).RequirePermission(Permission.ManageMessages).Takes<Input>("savedResponse", "Changes what is given.");
        routes.V3.MapDelete("savedResponses/{id}", Delete).RequirePermission(Permission.ManageMessages);
    }

    internal sealed record Input(string? Title = null, string? Subject = null, string? Body = null);

    private static async Task<V3Result> Create(V3Call call, ResponseBook book)
    {
        var input = await call.BodyAsync<Input>("savedResponse");
        return await call.ChangeAsync(async work =>
        {
            var id = await book.SaveAsync(
                work, call.Account.Id, call.Account.UserId, null, input.Title ?? "", input.Subject ?? "", input.Body ?? "", null, "/data/attributes/", call.CancellationToken);
            var responses = call.Resource<SavedResponsesResource>();
            return V3Result.Created(responses.Wrap(await responses.OneAsync(work, call, id), call));
        });
    }

    private static async Task<V3Result> Change(string id, V3Call call, ResponseBook book)
    {
        var input = await call.BodyAsync<Input>("savedResponse");
        return await call.ChangeAsync(async work =>
        {
            var responses = call.Resource<SavedResponsesResource>();
            var row = await responses.OneAsync(work, call, V3Id.Parse(id));
            await book.SaveAsync(
                work, call.Account.Id, call.Account.UserId, row.Id, input.Title ?? row.Title, input.Subject ?? row.Subject, input.Body ?? row.Body, row.CategoryId,
                "/data/attributes/", call.CancellationToken);
            return V3Result.Ok(responses.Wrap(await responses.OneAsync(work, call, row.Id), call));
        });
    }

    private static Task<V3Result> Delete(string id, V3Call call) => call.ChangeAsync(async work =>
    {
        var row = await call.Resource<SavedResponsesResource>().OneAsync(work, call, V3Id.Parse(id));
        await Sql.Of($"delete from personal.saved_response where account_id = {call.Account.Id} and id = {row.Id}").ExecuteAsync(work, call.CancellationToken);
        return V3Result.Empty;
    });
}
