using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Millrace.Accounts.Contracts;
using Millrace.Api.Dialect;
using Millrace.Api.Resources;
using Millrace.Contacts.People;
using Millrace.Kernel.Data;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;

namespace Millrace.Contacts.Tags;

internal sealed record TagRow(long Id, string Name, string Description, DateTimeOffset CreatedAt, long Contacts);

/// <summary><c>/api/3/tags</c>.</summary>
internal sealed class TagsResource : V3Resource<TagRow>, IEndpoint
{
    private static readonly V3Attribute Name = new(Sql.Of($"t.name"), V3Kind.Text);

    public override string Plural => "tags";

    public override string Singular => "tag";

    public override string Model => "Tag";

    public override IReadOnlyList<V3Relation> Relations { get; } = [V3Relation.Many("contactGoalTags")];

    protected override Sql Columns { get; } = Sql.Of($"t.id, t.name, t.description, t.created_at, coalesce(n.total, 0)");

    protected override Sql Table { get; } = Sql.Of($"contacts.tag t");

    protected override Sql Joins { get; } =
        Sql.Of($"left join contacts.counter n on n.account_id = t.account_id and n.kind = 'tag' and n.subject_id = t.id");

    protected override Sql AccountColumn { get; } = Sql.Of($"t.account_id");

    protected override Sql IdColumn { get; } = Sql.Of($"t.id");

    protected override V3Filters Filters { get; } = new(new Dictionary<string, V3Attribute>(StringComparer.Ordinal)
    {
        ["id"] = new(Sql.Of($"t.id"), V3Kind.Id),
        ["tag"] = Name,
        ["description"] = new(Sql.Of($"t.description"), V3Kind.Text),
        ["cdate"] = new(Sql.Of($"t.created_at"), V3Kind.Time),
    });

    protected override long IdOf(TagRow row) => row.Id;

    public override object View(TagRow row, V3Call call) => new
    {
        tagType = "contact",
        tag = row.Name,
        description = row.Description,
        subscriber_count = new V3Id(row.Contacts),
        cdate = call.Iso(row.CreatedAt),
        created_timestamp = call.Plain(row.CreatedAt),
        updated_timestamp = call.Plain(row.CreatedAt),
        created_by = (string?)null,
        updated_by = (string?)null,
        links = Links(call, row.Id),
        id = new V3Id(row.Id),
    };

    protected override IEnumerable<Sql> Where(V3Call call, V3Query query) => Search(call, query) is { } search
        ? [.. base.Where(call, query), V3Filters.Condition(search with { Op = search.Op ?? "contains" }, Name, call.Account.TimeZone)]
        : base.Where(call, query);

    protected override Sql OrderBy(V3Call call, V3Query query) => query.Orders.FirstOrDefault(o => o.Name == "search") switch
    {
        { Weight: true } when Search(call, query) is { } search => Sql.Of($"""
            lower(t.name) <> lower({search.Values[0]}), not t.name ilike {LikePattern.Escape(search.Values[0]) + "%"}, lower(t.name)
            """),
        { Descending: true } => Sql.Of($"lower(t.name) desc"),
        { } => Sql.Of($"lower(t.name)"),
        null => base.OrderBy(call, query),
    };

    private static V3Filter? Search(V3Call call, V3Query query) => query.Filters.FirstOrDefault(f => f.Name == "search")
        ?? (call.Request.Query["search"].ToString() is { Length: > 0 } text ? new V3Filter("search", "contains", [text]) : null);

    public static void Map(ModuleRoutes routes)
    {
        routes.V3.MapPost("tags", Create).RequirePermission(Permission.ManageTags).Takes<Input>("tag", "Makes a tag.");
        routes.V3.MapPut("tags/{id}", Change).RequirePermission(Permission.ManageTags).Takes<Input>("tag", "Changes what is given.");
        routes.V3.MapDelete("tags/{id}", Delete).RequirePermission(Permission.ManageTags);
    }

    internal sealed record Input(string? Tag = null, string? TagType = null, string? Description = null);

    private static async Task<V3Result> Create(V3Call call, TimeProvider clock)
    {
        var input = await call.BodyAsync<Input>("tag");
        var tags = call.Resource<TagsResource>();
        return await call.ChangeAsync(async work =>
        {
            await CheckFreeAsync(work, call, input.Tag, id: 0);
            var id = await TagEndpoints.InsertAsync(
                work, call.Account.Id, input.Tag ?? string.Empty, input.Description ?? string.Empty, "/data/attributes/", clock.GetUtcNow(), call.CancellationToken);
            var row = await tags.OneAsync(work, call, id);
            return V3Result.Created(new
            {
                tag = new
                {
                    tag = row.Name,
                    description = row.Description,
                    tagType = input.TagType ?? "contact",
                    cdate = call.Iso(row.CreatedAt),
                    links = tags.Links(call, id),
                    id = new V3Id(id),
                },
            });
        });
    }

    private static async Task<V3Result> Change(string id, V3Call call)
    {
        var input = await call.BodyAsync<Input>("tag");
        var tags = call.Resource<TagsResource>();
        var tagId = V3Id.Parse(id);
        var name = input.Tag is null ? null : PersonText.Name(input.Tag, Tagging.MaxNameLength, "/data/attributes/tag");
        var description = input.Description is null ? null : PersonText.Line(input.Description, 1_000, "/data/attributes/description");
        return await call.ChangeAsync(async work =>
        {
            await CheckFreeAsync(work, call, name, tagId);
            await Sql.Of($"""
                update contacts.tag set name = coalesce({name}, name), description = coalesce({description}, description)
                where account_id = {call.Account.Id} and id = {tagId}
                """).ExecuteAsync(work, call.CancellationToken);
            return V3Result.Ok(tags.Wrap(await tags.OneAsync(work, call, tagId), call));
        });
    }

    private static Task<V3Result> Delete(string id, V3Call call, IAudit audit) => call.ChangeAsync(async work =>
    {
        var row = await call.Resource<TagsResource>().OneAsync(work, call, V3Id.Parse(id));
        await TagEndpoints.DeleteAsync(work, call.Account, row.Id, audit, call.CancellationToken);
        return V3Result.Empty;
    });

    private static async Task CheckFreeAsync(AccountTransaction work, V3Call call, string? name, long id)
    {
        if (name is not null && await Sql.Of($"""
            select exists (select 1 from contacts.tag where account_id = {call.Account.Id} and lower(name) = lower(trim({name})) and id <> {id})
            """).FirstAsync<bool>(work, call.CancellationToken))
        {
            throw V3Errors.Invalid("tag", "duplicate", "The tag already exists.");
        }
    }
}
