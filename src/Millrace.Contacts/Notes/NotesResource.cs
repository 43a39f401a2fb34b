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

namespace Millrace.Contacts.Notes;

/// <summary><c>/api/3/notes</c> on contacts, and <c>/api/3/contacts/{id}/notes</c>.</summary>
internal sealed class NotesResource : IEndpoint
{
    private static readonly V3Filters Filters = new(new Dictionary<string, V3Attribute>(StringComparer.Ordinal)
    {
        ["id"] = new(Sql.Of($"n.id"), V3Kind.Id),
        ["relid"] = new(Sql.Of($"n.contact_id"), V3Kind.Id),
        ["cdate"] = new(Sql.Of($"n.created_at"), V3Kind.Time),
        ["note"] = new(Sql.Of($"n.text"), V3Kind.Text),
    });

    public static void Map(ModuleRoutes routes)
    {
        routes.V3.MapGet("notes", List).RequirePermission(Permission.ViewContacts);
        routes.V3.MapGet("notes/{id}", Read).RequirePermission(Permission.ViewContacts);
        routes.V3.MapGet("contacts/{id}/notes", OfContact).RequirePermission(Permission.ViewContacts);
        routes.V3.MapPost("notes", Create).RequirePermission(Permission.ManageContacts);
        routes.V3.MapPut("notes/{id}", Change).RequirePermission(Permission.ManageContacts);
        routes.V3.MapDelete("notes/{id}", Delete).RequirePermission(Permission.ManageContacts);
    }

    internal sealed record Input(string? Note = null, V3Id Relid = default, string? Reltype = null);

    private sealed record NoteRow(long Id, long ContactId, long? UserId, string Text, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);

    private static async Task<V3Result> List(HttpRequest request, CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        var query = V3Query.Of(request);
        var where = Sql.Join(" and ", [Sql.Of($"true"), .. Filters.Where(query, account.TimeZone)]);
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var rows = await RowsAsync(
            work, account.Id, Sql.Of($"{where} order by {Filters.OrderBy(query, Sql.Of($"n.id"))} limit {query.Limit} offset {query.Offset}"), cancellationToken);
        var total = await Sql.Of($"select count(*) from contacts.note n where n.account_id = {account.Id} and {where}").FirstAsync<long>(work, cancellationToken);
        return V3Result.Ok(new { notes = rows.Select(r => View(r, request, account)), meta = new { total = new V3Id(total) } });
    }

    private static async Task<V3Result> Read(
        string id, HttpRequest request, CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        return V3Result.Ok(new { note = View(await OneAsync(work, account.Id, V3Id.Parse(id), cancellationToken), request, account) });
    }

    private static async Task<V3Result> OfContact(
        string id, HttpRequest request, CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var contact = await V3Contacts.RowAsync(work, account.Id, V3Id.Parse(id), cancellationToken);
        var rows = await RowsAsync(work, account.Id, Sql.Of($"n.contact_id = {contact.Id} order by n.id"), cancellationToken);
        return V3Result.Ok(new { notes = rows.Select(r => View(r, request, account)) });
    }

    private static async Task<V3Result> Create(
        HttpRequest request, CurrentAccount account, NpgsqlDataSource database, WriteNote write, V3Contacts contacts, IActivityLog activities,
        CancellationToken cancellationToken)
    {
        var input = await V3Body.ReadAsync<Input>(request, "note", cancellationToken);
        CheckOwner(input);
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var contact = await V3Contacts.RowAsync(work, account.Id, input.Relid, cancellationToken);
        var id = await write.AddAsync(work.Transaction, account.Id, contact.Id, account.UserId, input.Note ?? string.Empty, cancellationToken);
        var row = await OneAsync(work, account.Id, id, cancellationToken);
        await work.CommitAsync(cancellationToken);
        activities.Wake();
        return V3Result.Created(new { contacts = new[] { contacts.View(contact, request, account) }, note = View(row, request, account) });
    }

    private static async Task<V3Result> Change(
        string id, HttpRequest request, CurrentAccount account, NpgsqlDataSource database, WriteNote write, CancellationToken cancellationToken)
    {
        var input = await V3Body.ReadAsync<Input>(request, "note", cancellationToken);
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var row = await OneAsync(work, account.Id, V3Id.Parse(id), cancellationToken);
        if (input.Note is { } text)
        {
            await write.ChangeAsync(work.Transaction, account.Id, row.Id, text, cancellationToken);
        }

        var after = await OneAsync(work, account.Id, row.Id, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return V3Result.Ok(new { note = View(after, request, account) });
    }

    private static async Task<V3Result> Delete(string id, CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var row = await OneAsync(work, account.Id, V3Id.Parse(id), cancellationToken);
        await Sql.Of($"delete from contacts.note where account_id = {account.Id} and id = {row.Id}").ExecuteAsync(work, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return V3Result.Empty;
    }

    private static void CheckOwner(Input input)
    {
        if (!string.Equals(input.Reltype, "Subscriber", StringComparison.OrdinalIgnoreCase))
        {
            throw V3Errors.Invalid("reltype", input.Reltype is null ? "field_missing" : "field_invalid", "Notes are written on contacts (Subscriber).");
        }
    }

    private static Task<List<NoteRow>> RowsAsync(AccountTransaction work, long accountId, Sql which, CancellationToken cancellationToken) =>
        Sql.Of($"select n.id, n.contact_id, n.user_id, n.text, n.created_at, n.updated_at from contacts.note n where n.account_id = {accountId} and {which}")
            .ListAsync<NoteRow>(work, cancellationToken);

    private static async Task<NoteRow> OneAsync(AccountTransaction work, long accountId, long id, CancellationToken cancellationToken) =>
        (await RowsAsync(work, accountId, Sql.Of($"n.id = {id}"), cancellationToken)) is [var row] ? row : throw V3Errors.NoResult("Note", id);

    private static object View(NoteRow row, HttpRequest request, CurrentAccount account) => new
    {
        relid = new V3Id(row.ContactId),
        reltype = "Subscriber",
        userid = new V3Id(row.UserId ?? 0),
        is_draft = "0",
        cdate = V3Time.Iso(row.CreatedAt, account.TimeZone),
        mdate = V3Time.Iso(row.UpdatedAt, account.TimeZone),
        note = row.Text,
        links = V3Links.Of(request, "notes", row.Id, "activities", "user", "mentions", "notes", "owner"),
        id = new V3Id(row.Id),
        user = new V3Id(row.UserId ?? 0),
        owner = new { type = "contact", id = new V3Id(row.ContactId) },
    };
}
