using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Millrace.Activities.Contracts;
using Millrace.Api.Dialect;
using Millrace.Contacts.Counting;
using Millrace.Contacts.Fields;
using Millrace.Contacts.Lists;
using Millrace.Contacts.Tags;
using Millrace.Kernel.Data;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Npgsql;

namespace Millrace.Contacts.People;

/// <summary><c>/api/3/contacts</c>: list, read, delete.</summary>
internal sealed class ContactsResource : IEndpoint
{
    public static void Map(ModuleRoutes routes)
    {
        routes.V3.MapGet("contacts", List).RequirePermission(Permission.ViewContacts);
        routes.V3.MapGet("contacts/{id}", Read).RequirePermission(Permission.ViewContacts);
        routes.V3.MapDelete("contacts/{id}", Delete).RequirePermission(Permission.ManageContacts);
    }

    private static async Task<V3Result> List(
        HttpRequest request, CurrentAccount account, NpgsqlDataSource database, V3Contacts contacts, CancellationToken cancellationToken)
    {
        var query = V3Query.Of(request);
        var (where, narrows) = V3ContactQuery.Of(request, query, account.Id, account.TimeZone);
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var rows = await Sql.Of($"""
            select {V3Contacts.Columns} from contacts.contact c
            where {where}
            order by {V3ContactQuery.Orders.OrderBy(query, Sql.Of($"c.id"))}
            limit {query.Limit} offset {query.Offset}
            """).ListAsync<V3Contacts.ContactRow>(work, cancellationToken);
        var total = narrows
            ? await Sql.Of($"select count(*) from contacts.contact c where {where}").FirstAsync<long>(work, cancellationToken)
            : await Counters.ContactsAsync(work, account.Id, cancellationToken);
        var body = new Dictionary<string, object?>(StringComparer.Ordinal) { ["scoreValues"] = Array.Empty<object>() };
        var views = rows.ToDictionary(r => r.Id, r => contacts.View(r, request, account));
        await IncludeAsync(work, query.Includes, body, views, request, account, cancellationToken);
        body["contacts"] = rows.Select(r => views[r.Id]);
        body["meta"] = new
        {
            total = new V3Id(total),
            sortable = true,
            page_input = new
            {
                segmentid = 0,
                formid = 0,
                listid = V3Filters("listid"),
                tagid = V3Filters("tagid"),
                limit = query.Limit,
                offset = query.Offset,
                search = request.Query["search"].ToString() is { Length: > 0 } search ? search : null,
                sort = (string?)null,
                seriesid = 0,
                waitid = 0,
                status = request.Query.ContainsKey("status") ? V3Filters("status") : -1,
                forceQuery = 0,
                cacheid = contacts.Hash(account.Id, 0),
            },
        };
        return V3Result.Ok(body);

        long V3Filters(string name) => Paging.V3Filters.Number(request, name) ?? 0;
    }

    private static async Task<V3Result> Read(
        string id, HttpRequest request, CurrentAccount account, NpgsqlDataSource database, V3Contacts contacts, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var row = await V3Contacts.RowAsync(work, account.Id, V3Id.Parse(id), cancellationToken);
        var body = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["contactAutomations"] = Array.Empty<object>(),
            ["deals"] = Array.Empty<object>(),
            ["geoIps"] = Array.Empty<object>(),
            ["accountContacts"] = Array.Empty<object>(),
        };
        var views = new Dictionary<long, Dictionary<string, object?>> { [row.Id] = contacts.View(row, request, account) };
        foreach (var none in (string[])["contactAutomations", "geoIps", "deals"])
        {
            views[row.Id][none] = Array.Empty<string>();
        }

        var includes = new HashSet<string>(V3Query.Of(request).Includes, StringComparer.Ordinal) { "contactLists", "fieldValues" };
        await IncludeAsync(work, includes, body, views, request, account, cancellationToken);
        body["contact"] = views[row.Id];
        return V3Result.Ok(body);
    }

    private static async Task<V3Result> Delete(
        string id, CurrentAccount account, NpgsqlDataSource database, DeleteContacts delete, IActivityLog activities, CancellationToken cancellationToken)
    {
        var contactId = V3Id.Parse(id);
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        if (await delete.RunAsync(work.Transaction, account.Id, account.UserId, [contactId], cancellationToken) == 0)
        {
            throw V3Errors.NoResult("Subscriber", contactId);
        }

        await work.CommitAsync(cancellationToken);
        activities.Wake();
        return V3Result.Empty;
    }

    /// <summary>Loads what is asked for beside the contacts, one query per relation, and puts the ids into the contacts.</summary>
    private static async Task IncludeAsync(
        AccountTransaction work, IReadOnlySet<string> includes, Dictionary<string, object?> body, Dictionary<long, Dictionary<string, object?>> contacts,
        HttpRequest request, CurrentAccount account, CancellationToken cancellationToken)
    {
        var ids = contacts.Keys.ToArray();
        if (includes.Contains("contactLists") || includes.Contains("contactLists.list"))
        {
            var rows = await V3ContactLists.RowsAsync(work, account.Id, Sql.Of($"s.contact_id = any({ids}) order by s.id"), cancellationToken);
            Put("contactLists", rows.Select(r => (r.ContactId, r.Id, V3ContactLists.View(r, request, account))));
            if (includes.Contains("contactLists.list"))
            {
                body["lists"] = await V3Lists.ViewsAsync(work, request, account, [.. rows.Select(r => r.ListId).Distinct()], cancellationToken);
            }
        }

        if (includes.Contains("contactTags") || includes.Contains("contactTags.tag"))
        {
            var rows = await V3ContactTags.RowsAsync(work, account.Id, Sql.Of($"ct.contact_id = any({ids}) order by ct.id"), cancellationToken);
            Put("contactTags", rows.Select(r => (r.ContactId, r.Id, V3ContactTags.View(r, request, account))));
            if (includes.Contains("contactTags.tag"))
            {
                body["tags"] = await V3Tags.ViewsAsync(work, request, account, [.. rows.Select(r => r.TagId).Distinct()], cancellationToken);
            }
        }

        if (includes.Contains("fieldValues"))
        {
            var rows = await V3FieldValues.RowsAsync(work, account.Id, Sql.Of($"v.contact_id = any({ids}) order by v.id"), cancellationToken);
            Put("fieldValues", rows.Select(r => (r.ContactId, r.Id, V3FieldValues.View(r, request, account))));
        }

        void Put(string name, IEnumerable<(long ContactId, long Id, object View)> rows)
        {
            var all = rows.ToArray();
            var byContact = all.ToLookup(r => r.ContactId, r => r.Id.ToString(CultureInfo.InvariantCulture));
            body[name] = all.Select(r => r.View).ToArray();
            foreach (var (contactId, contact) in contacts)
            {
                contact[name] = byContact[contactId].ToArray();
            }
        }
    }
}
