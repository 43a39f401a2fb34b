using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Millrace.Activities.Contracts;
using Millrace.Api.Dialect;
using Millrace.Contacts.Paging;
using Millrace.Contacts.People;
using Millrace.Kernel.Data;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Npgsql;

namespace Millrace.Contacts.Tags;

/// <summary><c>/api/3/contactTags</c> and <c>/api/3/contacts/{id}/contactTags</c>.</summary>
internal sealed class ContactTagsResource : IEndpoint
{
    private static readonly V3Filters Filters = new(new Dictionary<string, V3Attribute>(StringComparer.Ordinal)
    {
        ["id"] = new(Sql.Of($"ct.id"), V3Kind.Id),
        ["tag"] = new(Sql.Of($"ct.tag_id"), V3Kind.Id),
        ["contact"] = new(Sql.Of($"ct.contact_id"), V3Kind.Id),
        ["cdate"] = new(Sql.Of($"ct.tagged_at"), V3Kind.Time),
    });

    public static void Map(ModuleRoutes routes)
    {
        routes.V3.MapGet("contactTags", List).RequirePermission(Permission.ViewContacts);
        routes.V3.MapGet("contactTags/{id}", Read).RequirePermission(Permission.ViewContacts);
        routes.V3.MapGet("contactTags/{id}/tag", Tag).RequirePermission(Permission.ViewContacts);
        routes.V3.MapGet("contacts/{id}/contactTags", OfContact).RequirePermission(Permission.ViewContacts);
        routes.V3.MapPost("contactTags", Create).RequirePermission(Permission.ManageContacts);
        routes.V3.MapDelete("contactTags/{id}", Delete).RequirePermission(Permission.ManageContacts);
    }

    internal sealed record Input(V3Id Contact = default, V3Id Tag = default);

    private static async Task<V3Result> List(HttpRequest request, CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        var query = V3Query.Of(request);
        var where = Sql.Join(" and ", [Sql.Of($"true"), .. Filters.Where(query, account.TimeZone)]);
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var rows = await V3ContactTags.RowsAsync(
            work, account.Id, Sql.Of($"{where} order by {Filters.OrderBy(query, Sql.Of($"ct.id"))} limit {query.Limit} offset {query.Offset}"), cancellationToken);
        var total = await Sql.Of($"select count(*) from contacts.contact_tag ct where ct.account_id = {account.Id} and {where}")
            .FirstAsync<long>(work, cancellationToken);
        return V3Result.Ok(new { contactTags = rows.Select(r => V3ContactTags.View(r, request, account)), meta = new { total = new V3Id(total) } });
    }

    private static async Task<V3Result> Read(
        string id, HttpRequest request, CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        return V3Result.Ok(new { contactTag = V3ContactTags.View(await OneAsync(work, account.Id, V3Id.Parse(id), cancellationToken), request, account) });
    }

    private static async Task<V3Result> Tag(
        string id, HttpRequest request, CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var pair = await OneAsync(work, account.Id, V3Id.Parse(id), cancellationToken);
        return V3Result.Ok(new { tag = V3Tags.View(await TagsResource.OneAsync(work, account.Id, pair.TagId, cancellationToken), request, account) });
    }

    private static async Task<V3Result> OfContact(
        string id, HttpRequest request, CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var contact = await V3Contacts.RowAsync(work, account.Id, V3Id.Parse(id), cancellationToken);
        var rows = await V3ContactTags.RowsAsync(work, account.Id, Sql.Of($"ct.contact_id = {contact.Id} order by ct.id"), cancellationToken);
        return V3Result.Ok(new { contactTags = rows.Select(r => V3ContactTags.View(r, request, account)) });
    }

    /// <summary>A pair that exists already is answered like a new one.</summary>
    private static async Task<V3Result> Create(
        HttpRequest request, CurrentAccount account, NpgsqlDataSource database, Tagging tagging, V3Contacts contacts, IActivityLog activities,
        CancellationToken cancellationToken)
    {
        var input = await V3Body.ReadAsync<Input>(request, "contactTag", cancellationToken);
        if (input.Contact.Value == 0 || input.Tag.Value == 0)
        {
            throw V3Errors.Invalid(input.Contact.Value == 0 ? "contact" : "tag", "field_missing", "Missing attribute");
        }

        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var contact = await V3Contacts.RowAsync(work, account.Id, input.Contact, cancellationToken);
        await TagsResource.OneAsync(work, account.Id, input.Tag, cancellationToken);
        await tagging.AddAsync(work.Transaction, account.Id, [contact.Id], [input.Tag], cancellationToken);
        var pair = (await V3ContactTags.RowsAsync(
            work, account.Id, Sql.Of($"ct.contact_id = {contact.Id} and ct.tag_id = {input.Tag.Value}"), cancellationToken))[0];
        await work.CommitAsync(cancellationToken);
        activities.Wake();
        return V3Result.Created(new
        {
            contacts = new[] { contacts.View(contact, request, account) },
            contactTag = new
            {
                contact = new V3Id(pair.ContactId),
                tag = new V3Id(pair.TagId),
                cdate = V3Time.Iso(pair.TaggedAt, account.TimeZone),
                links = V3Links.Of(request, "contactTags", pair.Id, "tag", "contact"),
                id = new V3Id(pair.Id),
            },
        });
    }

    private static async Task<V3Result> Delete(
        string id, CurrentAccount account, NpgsqlDataSource database, Tagging tagging, IActivityLog activities, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var pair = await OneAsync(work, account.Id, V3Id.Parse(id), cancellationToken);
        await tagging.RemoveAsync(work.Transaction, account.Id, [pair.ContactId], [pair.TagId], cancellationToken);
        await work.CommitAsync(cancellationToken);
        activities.Wake();
        return V3Result.Empty;
    }

    private static async Task<V3ContactTags.PairRow> OneAsync(AccountTransaction work, long accountId, long id, CancellationToken cancellationToken) =>
        (await V3ContactTags.RowsAsync(work, accountId, Sql.Of($"ct.id = {id}"), cancellationToken)) is [var row]
            ? row
            : throw V3Errors.NoResult("SubscriberTag", id);
}
