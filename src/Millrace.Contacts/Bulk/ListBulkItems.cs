using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Millrace.Contacts.Contracts;
using Millrace.Contacts.Paging;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Extensibility;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Npgsql;

namespace Millrace.Contacts.Bulk;

/// <summary><c>GET /api/app/contacts/bulk/{id}/items</c>: what became of each contact of a job, by cursor; gone a week after its end.</summary>
internal sealed class ListBulkItems : IEndpoint
{
    public static void Map(ModuleRoutes routes) =>
        routes.App.MapGet("contacts/bulk/{id:long}/items", Handle).WithName("bulk_items").RequirePermission(Permission.ViewContacts);

    internal sealed record BulkItemPage(IReadOnlyList<BulkItem> Items, string? NextCursor);

    /// <param name="Name">Empty when the contact has none, or is gone.</param>
    /// <param name="Exists">Whether the contact is still there.</param>
    /// <param name="Reason">Why it was left out, in words; null when it was changed.</param>
    /// <param name="Detail">More about a contact that could not be changed because something failed; mostly null.</param>
    internal sealed record BulkItem(long ContactId, string? Email, string Name, bool Exists, bool Changed, string? Reason, string? Detail);

    private static async Task<Ok<BulkItemPage>> Handle(
        long id, [FromQuery(Name = "changed")] bool? changed, [FromQuery(Name = "cursor")] string? cursor, [FromQuery(Name = "limit")] int? limit,
        CurrentAccount account, NpgsqlDataSource database, Cursors cursors, Catalogue<BulkAction> actions, CancellationToken cancellationToken)
    {
        var size = Cursors.Limit(limit);
        var listing = string.Create(CultureInfo.InvariantCulture, $"bulk {account.Id} {id} {changed}");
        var after = cursors.Read(listing, cursor)?.Id ?? 0;
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var job = await BulkJobRow.FindAsync(work, account.Id, id, cancellationToken) ?? throw new NotFoundException();
        var action = actions.Find(job.Action);
        var rows = await Sql.Of($"""
            select i.contact_id, c.email, coalesce(btrim(c.first_name || ' ' || c.last_name), ''), c.id is not null, i.changed, i.reason, i.detail
            from (select * from contacts.bulk_item
                  where account_id = {account.Id} and job_id = {id} and contact_id > {after} and ({changed} is null or changed = {changed})
                  order by contact_id limit {size + 1}) i
            left join contacts.contact c on c.account_id = {account.Id} and c.id = i.contact_id
            order by i.contact_id
            """).ListAsync<BulkItem>(work, cancellationToken);
        var next = rows.Count > size ? cursors.Write(listing, new Position(rows[size - 1].ContactId, null)) : null;
        return TypedResults.Ok(new BulkItemPage(
            [.. rows.Take(size).Select(r => r with { Reason = r.Reason is { } code ? BulkViews.Text(action, code) : null })], next));
    }
}
