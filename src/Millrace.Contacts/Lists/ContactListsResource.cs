using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Millrace.Api.Dialect;
using Millrace.Api.Resources;
using Millrace.Contacts.Contracts;
using Millrace.Contacts.People;
using Millrace.Kernel.Data;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using System.Globalization;

namespace Millrace.Contacts.Lists;

internal sealed record ContactListRow(
    long Id, long ContactId, long ListId, SubscriptionStatus Status, DateTimeOffset? SubscribedAt, DateTimeOffset? UnsubscribedAt, string? Reason,
    DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, string FirstName, string LastName) : IContactRow;

/// <summary><c>/api/3/contactLists</c>: how a contact stands on a list.</summary>
internal sealed class ContactListsResource : ContactRowsResource<ContactListRow>, IEndpoint
{
    public override string Plural => "contactLists";

    public override string Singular => "contactList";

    public override string Model => "SubscriberList";

    public override IReadOnlyList<V3Relation> Relations { get; } =
    [
        V3Relation.Nothing("automation"), V3Relation.One<ContactListRow>("list", "lists", r => r.ListId), V3Relation.One<ContactListRow>("contact", "contacts", r => r.ContactId),
        V3Relation.Nothing("form"), V3Relation.Nothing("autosyncLog"), V3Relation.Nothing("campaign"), V3Relation.Nothing("unsubscribeAutomation"),
        V3Relation.Nothing("message"),
    ];

    protected override Sql Columns { get; } = Sql.Of($"""
        r.id, r.contact_id, r.list_id, r.status, r.subscribed_at, r.unsubscribed_at, r.reason, r.created_at, r.updated_at, c.first_name, c.last_name
        """);

    protected override Sql Table { get; } = Sql.Of($"contacts.subscription r");

    protected override Sql Joins { get; } = Sql.Of($"join contacts.contact c on c.account_id = r.account_id and c.id = r.contact_id");

    protected override V3Filters Filters { get; } = new(new Dictionary<string, V3Attribute>(StringComparer.Ordinal)
    {
        ["id"] = new(Sql.Of($"r.id"), V3Kind.Id),
        ["list"] = new(Sql.Of($"r.list_id"), V3Kind.Id),
        ["contact"] = new(Sql.Of($"r.contact_id"), V3Kind.Id),
        ["status"] = new(
            Sql.Of($"(array_position(array['unconfirmed', 'active', 'unsubscribed', 'bounced'], r.status) - 1)::bigint"), V3Kind.Id),
    });

    public override object View(ContactListRow row, V3Call call) => new
    {
        contact = new V3Id(row.ContactId),
        list = new V3Id(row.ListId),
        form = (string?)null,
        seriesid = "0",
        sdate = call.Iso(row.SubscribedAt),
        udate = call.Iso(row.UnsubscribedAt),
        status = ((int)row.Status).ToString(CultureInfo.InvariantCulture),
        responder = "1",
        sync = "0",
        unsubreason = row.Reason ?? string.Empty,
        campaign = (string?)null,
        message = (string?)null,
        first_name = row.FirstName,
        last_name = row.LastName,
        ip4Sub = "0",
        sourceid = "0",
        autosyncLog = (string?)null,
        ip4_last = "0",
        ip4Unsub = "0",
        created_timestamp = call.Plain(row.CreatedAt),
        updated_timestamp = call.Plain(row.UpdatedAt),
        created_by = (string?)null,
        updated_by = (string?)null,
        unsubscribeAutomation = (string?)null,
        links = Links(call, row.Id),
        id = new V3Id(row.Id),
        automation = (string?)null,
    };

    public static void Map(ModuleRoutes routes) => routes.V3.MapPost("contactLists", Set).RequirePermission(Permission.ManageContacts)
        .Takes<Input>("contactList", "Subscribes (status 1) or unsubscribes (status 2): 201 for a new pair, 200 for a change.");

    internal sealed record Input(V3Id Contact = default, V3Id List = default, string? Status = null);

    private static async Task<V3Result> Set(V3Call call, Subscriptions subscriptions)
    {
        var input = await call.BodyAsync<Input>("contactList");
        if (input.Status is not ("0" or "1" or "2" or "3"))
        {
            throw V3Errors.Invalid("status", input.Status is null ? "field_missing" : "field_invalid", "The status is 1 (subscribe) or 2 (unsubscribe).");
        }

        var (contacts, lists, pairs) = (call.Resource<ContactsResource>(), call.Resource<ListsResource>(), call.Resource<ContactListsResource>());
        return await call.ChangeAsync(async work =>
        {
            var contact = await contacts.OneAsync(work, call, input.Contact);
            var list = await lists.OneAsync(work, call, input.List);
            var pair = Sql.Of($"r.contact_id = {contact.Id} and r.list_id = {list.Id}");
            var isNew = (await pairs.RowsAsync(work, call, pair)).Count == 0;
            await SetSubscription.SetAsync(
                subscriptions, work.Transaction, call.Account.Id, contact.Id, list.Id, (SubscriptionStatus)(input.Status[0] - '0'), ContactSource.Api,
                call.CancellationToken);
            var row = (await pairs.RowsAsync(work, call, pair))[0];
            var body = new { contacts = new[] { contacts.View(contact, call) }, contactList = pairs.View(row, call) };
            return isNew ? V3Result.Created(body) : V3Result.Ok(body);
        });
    }
}
