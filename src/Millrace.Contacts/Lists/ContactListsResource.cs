using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Millrace.Activities.Contracts;
using Millrace.Api.Dialect;
using Millrace.Contacts.Contracts;
using Millrace.Contacts.Paging;
using Millrace.Contacts.People;
using Millrace.Kernel.Data;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Npgsql;

namespace Millrace.Contacts.Lists;

/// <summary><c>/api/3/contactLists</c> and <c>/api/3/contacts/{id}/contactLists</c>.</summary>
internal sealed class ContactListsResource : IEndpoint
{
    private static readonly V3Filters Filters = new(new Dictionary<string, V3Attribute>(StringComparer.Ordinal)
    {
        ["id"] = new(Sql.Of($"s.id"), V3Kind.Id),
        ["list"] = new(Sql.Of($"s.list_id"), V3Kind.Id),
        ["contact"] = new(Sql.Of($"s.contact_id"), V3Kind.Id),
        ["status"] = new(
            Sql.Of($"(array_position(array['unconfirmed', 'active', 'unsubscribed', 'bounced'], s.status) - 1)::bigint"), V3Kind.Id),
    });

    public static void Map(ModuleRoutes routes)
    {
        routes.V3.MapGet("contactLists", List).RequirePermission(Permission.ViewContacts);
        routes.V3.MapGet("contactLists/{id}", Read).RequirePermission(Permission.ViewContacts);
        routes.V3.MapGet("contacts/{id}/contactLists", OfContact).RequirePermission(Permission.ViewContacts);
        routes.V3.MapPost("contactLists", Set).RequirePermission(Permission.ManageContacts);
    }

    internal sealed record Input(V3Id Contact = default, V3Id List = default, string? Status = null);

    private static async Task<V3Result> List(HttpRequest request, CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        var query = V3Query.Of(request);
        var where = Sql.Join(" and ", [Sql.Of($"true"), .. Filters.Where(query, account.TimeZone)]);
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var rows = await V3ContactLists.RowsAsync(
            work, account.Id, Sql.Of($"{where} order by {Filters.OrderBy(query, Sql.Of($"s.id"))} limit {query.Limit} offset {query.Offset}"), cancellationToken);
        var total = await Sql.Of($"select count(*) from contacts.subscription s where s.account_id = {account.Id} and {where}")
            .FirstAsync<long>(work, cancellationToken);
        return V3Result.Ok(new { contactLists = rows.Select(r => V3ContactLists.View(r, request, account)), meta = new { total = new V3Id(total) } });
    }

    private static async Task<V3Result> Read(
        string id, HttpRequest request, CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        var pairId = V3Id.Parse(id);
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var rows = await V3ContactLists.RowsAsync(work, account.Id, Sql.Of($"s.id = {pairId}"), cancellationToken);
        return rows is [var row]
            ? V3Result.Ok(new { contactList = V3ContactLists.View(row, request, account) })
            : throw V3Errors.NoResult("SubscriberList", pairId);
    }

    private static async Task<V3Result> OfContact(
        string id, HttpRequest request, CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var contact = await V3Contacts.RowAsync(work, account.Id, V3Id.Parse(id), cancellationToken);
        var rows = await V3ContactLists.RowsAsync(work, account.Id, Sql.Of($"s.contact_id = {contact.Id} order by s.id"), cancellationToken);
        return V3Result.Ok(new { contactLists = rows.Select(r => V3ContactLists.View(r, request, account)) });
    }

    /// <summary>Upsert by contact and list: 201 for a new pair, 200 for a change.</summary>
    private static async Task<V3Result> Set(
        HttpRequest request, CurrentAccount account, NpgsqlDataSource database, Subscriptions subscriptions, V3Contacts contacts, IActivityLog activities,
        CancellationToken cancellationToken)
    {
        var input = await V3Body.ReadAsync<Input>(request, "contactList", cancellationToken);
        if (input.Status is not ("0" or "1" or "2" or "3"))
        {
            throw V3Errors.Invalid("status", input.Status is null ? "field_missing" : "field_invalid", "The status is 1 (subscribe) or 2 (unsubscribe).");
        }

        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var contact = await V3Contacts.RowAsync(work, account.Id, input.Contact, cancellationToken);
        var list = await ListsResource.OneAsync(work, account.Id, input.List, cancellationToken);
        var pair = Sql.Of($"s.contact_id = {contact.Id} and s.list_id = {list.Id}");
        var isNew = (await V3ContactLists.RowsAsync(work, account.Id, pair, cancellationToken)).Count == 0;
        await SetSubscription.SetAsync(
            subscriptions, work.Transaction, account.Id, contact.Id, list.Id, (SubscriptionStatus)(input.Status[0] - '0'), ContactSource.Api, cancellationToken);
        var row = (await V3ContactLists.RowsAsync(work, account.Id, pair, cancellationToken))[0];
        await work.CommitAsync(cancellationToken);
        activities.Wake();
        var body = new { contacts = new[] { contacts.View(contact, request, account) }, contactList = V3ContactLists.View(row, request, account) };
        return isNew ? V3Result.Created(body) : V3Result.Ok(body);
    }
}
