using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Millrace.Accounts.Contracts;
using Millrace.Api.Dialect;
using Millrace.Api.Resources;
using Millrace.Contacts.Contracts;
using Millrace.Contacts.People;
using Millrace.Kernel.Data;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;

namespace Millrace.Contacts.Lists;

internal sealed record ListRow(
    long Id, string Name, string StringId, string SenderUrl, string Reminder, long? OwnerId, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);

/// <summary><c>/api/3/lists</c>.</summary>
internal sealed class ListsResource : V3Resource<ListRow>, IEndpoint
{
    public override string Plural => "lists";

    public override string Singular => "list";

    public override string Model => "_List";

    public override IReadOnlyList<V3Relation> Relations { get; } =
        [V3Relation.Many("contactGoalLists"), V3Relation.One<ListRow>("user", "users", r => r.OwnerId), V3Relation.Many("addressLists")];

    protected override Sql Columns { get; } = Sql.Of($"l.id, l.name, l.string_id, l.sender_url, l.reminder, l.owner_id, l.created_at, l.updated_at");

    protected override Sql Table { get; } = Sql.Of($"contacts.list l");

    protected override Sql AccountColumn { get; } = Sql.Of($"l.account_id");

    protected override Sql IdColumn { get; } = Sql.Of($"l.id");

    protected override V3Filters Filters { get; } = new(new Dictionary<string, V3Attribute>(StringComparer.Ordinal)
    {
        ["id"] = new(Sql.Of($"l.id"), V3Kind.Id),
        ["name"] = new(Sql.Of($"l.name"), V3Kind.Text),
        ["stringid"] = new(Sql.Of($"l.string_id"), V3Kind.Text),
        ["cdate"] = new(Sql.Of($"l.created_at"), V3Kind.Time),
    });

    protected override IReadOnlyDictionary<string, V3Owner<ListRow>> Owners { get; } = new Dictionary<string, V3Owner<ListRow>>(StringComparer.Ordinal)
    {
        ["users"] = new(Sql.Of($"l.owner_id"), r => r.OwnerId ?? 0),
    };

    protected override long IdOf(ListRow row) => row.Id;

    protected override Sql OrderBy(V3Call call, V3Query query) =>
        query.Filters.FirstOrDefault(f => f.Name == "name")?.Values[0] is { } name && query.Orders.Any(o => o is { Name: "name", Weight: true })
            ? Sql.Of($"lower(l.name) <> lower({name}), not l.name ilike {LikePattern.Escape(name) + "%"}, lower(l.name)")
            : base.OrderBy(call, query);

    public override object View(ListRow row, V3Call call)
    {
        var owner = new V3Id(row.OwnerId ?? call.Account.UserId);
        return new
        {
            stringid = row.StringId,
            userid = owner,
            name = row.Name,
            cdate = call.Iso(row.CreatedAt),
            p_use_tracking = "1",
            p_use_analytics_read = "0",
            p_use_analytics_link = "0",
            p_use_twitter = "0",
            p_use_facebook = "0",
            p_embed_image = "1",
            p_use_captcha = "1",
            send_last_broadcast = "0",
            @private = "0",
            analytics_domains = (string?)null,
            analytics_source = "",
            analytics_ua = "",
            twitter_token = "",
            twitter_token_secret = "",
            facebook_session = (string?)null,
            carboncopy = (string?)null,
            subscription_notify = (string?)null,
            unsubscription_notify = (string?)null,
            require_name = "0",
            get_unsubscribe_reason = "0",
            to_name = "Subscriber",
            optinoptout = "1",
            sender_name = "",
            sender_addr1 = "",
            sender_addr2 = "",
            sender_city = "",
            sender_state = "",
            sender_zip = "",
            sender_country = "",
            sender_phone = "",
            sender_url = row.SenderUrl,
            sender_reminder = row.Reminder,
            fulladdress = "",
            optinmessageid = "0",
            optoutconf = "0",
            deletestamp = (string?)null,
            udate = call.Iso(row.UpdatedAt),
            created_timestamp = call.Plain(row.CreatedAt),
            updated_timestamp = call.Plain(row.UpdatedAt),
            created_by = (string?)null,
            updated_by = (string?)null,
            channel = "email",
            links = Links(call, row.Id),
            id = new V3Id(row.Id),
            user = owner,
        };
    }

    public static void Map(ModuleRoutes routes)
    {
        routes.V3.MapPost("lists", Create).RequirePermission(Permission.ManageLists).Takes<Input>("list", "Makes a list.");
        routes.V3.MapPut("lists/{id}", Change).RequirePermission(Permission.ManageLists).Takes<Input>("list", "Changes what is given.");
        routes.V3.MapDelete("lists/{id}", Delete).RequirePermission(Permission.ManageLists);
    }

    internal sealed record Input(
        string? Name = null, string? Stringid = null,
        [property: System.Text.Json.Serialization.JsonPropertyName("sender_url")] string? SenderUrl = null,
        [property: System.Text.Json.Serialization.JsonPropertyName("sender_reminder")] string? SenderReminder = null);

    private static async Task<V3Result> Create(V3Call call, TimeProvider clock, IAudit audit)
    {
        var input = await call.BodyAsync<Input>("list");
        if (string.IsNullOrWhiteSpace(input.Name))
        {
            throw V3Errors.Invalid("name", "field_missing", "The list needs a name.");
        }

        var lists = call.Resource<ListsResource>();
        return await call.ChangeAsync(async work =>
        {
            await CheckFreeAsync(work, call, input.Name, id: 0);
            var list = new NewList(input.Name, input.Stringid, input.SenderUrl ?? string.Empty, input.SenderReminder ?? string.Empty, call.Account.UserId);
            var id = await ListCreation.InsertAsync(work.Transaction, call.Account.Id, list, clock.GetUtcNow(), call.CancellationToken);
            await audit.AppendAsync(
                work.Transaction, call.Account.Id, call.Account.UserId, "list.create", "list", id, new { list.Name }, call.CancellationToken);
            return V3Result.Created(lists.Wrap(await lists.OneAsync(work, call, id), call));
        });
    }

    private static async Task<V3Result> Change(string id, V3Call call, TimeProvider clock)
    {
        var input = await call.BodyAsync<Input>("list");
        var listId = V3Id.Parse(id);
        var lists = call.Resource<ListsResource>();
        return await call.ChangeAsync(async work =>
        {
            if (input.Name is not null)
            {
                await CheckFreeAsync(work, call, input.Name, listId);
            }

            var name = input.Name is null ? null : PersonText.Name(input.Name, ListCreation.MaxNameLength, "/data/attributes/name");
            await Sql.Of($"""
                update contacts.list
                set name = coalesce({name}, name), updated_at = {clock.GetUtcNow()},
                    string_id = coalesce({(string.IsNullOrWhiteSpace(input.Stringid) ? null : PersonText.Line(input.Stringid, ListCreation.MaxNameLength, "/data/attributes/stringid"))}, string_id),
                    sender_url = coalesce({(input.SenderUrl is null ? null : PersonText.Line(input.SenderUrl, ListCreation.MaxTextLength, "/data/attributes/sender_url"))}, sender_url),
                    reminder = coalesce({(input.SenderReminder is null ? null : PersonText.Line(input.SenderReminder, ListCreation.MaxTextLength, "/data/attributes/sender_reminder"))}, reminder)
                where account_id = {call.Account.Id} and id = {listId}
                """).ExecuteAsync(work, call.CancellationToken);
            return V3Result.Ok(lists.Wrap(await lists.OneAsync(work, call, listId), call));
        });
    }

    private static Task<V3Result> Delete(string id, V3Call call, IAudit audit, IEnumerable<IListUse> uses) => call.ChangeAsync(async work =>
    {
        var row = await call.Resource<ListsResource>().OneAsync(work, call, V3Id.Parse(id));
        await ListEndpoints.DeleteAsync(work, call.Account, row.Id, audit, uses, call.CancellationToken);
        return V3Result.Empty;
    });

    private static async Task CheckFreeAsync(AccountTransaction work, V3Call call, string name, long id)
    {
        if (await Sql.Of($"""
            select exists (select 1 from contacts.list where account_id = {call.Account.Id} and lower(name) = lower(trim({name})) and id <> {id})
            """).FirstAsync<bool>(work, call.CancellationToken))
        {
            throw V3Errors.Invalid("name", "duplicate", "A list of this name already exists.");
        }
    }
}
