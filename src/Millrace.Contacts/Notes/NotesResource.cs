using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Millrace.Api.Dialect;
using Millrace.Api.Resources;
using Millrace.Contacts.People;
using Millrace.Kernel.Data;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;

namespace Millrace.Contacts.Notes;

internal sealed record NoteRow(long Id, long ContactId, long? UserId, string Text, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt) : IContactRow;

/// <summary><c>/api/3/notes</c> on contacts.</summary>
internal sealed class NotesResource : ContactRowsResource<NoteRow>, IEndpoint
{
    public override string Plural => "notes";

    public override string Singular => "note";

    public override string Model => "Note";

    public override IReadOnlyList<V3Relation> Relations { get; } =
    [
        V3Relation.Many("activities"), V3Relation.One<NoteRow>("user", "users", r => r.UserId), V3Relation.Many("mentions"), V3Relation.Many("notes"),
        V3Relation.One<NoteRow>("owner", "contacts", r => r.ContactId),
    ];

    protected override Sql Columns { get; } = Sql.Of($"r.id, r.contact_id, r.user_id, r.text, r.created_at, r.updated_at");

    protected override Sql Table { get; } = Sql.Of($"contacts.note r");

    protected override V3Filters Filters { get; } = new(new Dictionary<string, V3Attribute>(StringComparer.Ordinal)
    {
        ["id"] = new(Sql.Of($"r.id"), V3Kind.Id),
        ["relid"] = new(Sql.Of($"r.contact_id"), V3Kind.Id),
        ["cdate"] = new(Sql.Of($"r.created_at"), V3Kind.Time),
        ["mdate"] = new(Sql.Of($"r.updated_at"), V3Kind.Time),
        ["note"] = new(Sql.Of($"r.text"), V3Kind.Text),
    });

    public override object View(NoteRow row, V3Call call) => new
    {
        relid = new V3Id(row.ContactId),
        reltype = "Subscriber",
        userid = new V3Id(row.UserId ?? 0),
        is_draft = "0",
        cdate = call.Iso(row.CreatedAt),
        mdate = call.Iso(row.UpdatedAt),
        note = row.Text,
        links = Links(call, row.Id),
        id = new V3Id(row.Id),
        user = new V3Id(row.UserId ?? 0),
        owner = new { type = "contact", id = new V3Id(row.ContactId) },
    };

    public static void Map(ModuleRoutes routes)
    {
        routes.V3.MapPost("notes", Create).RequirePermission(Permission.ManageContacts).Takes<Input>("note", "Writes a note on a contact (reltype Subscriber).");
        routes.V3.MapPut("notes/{id}", Change).RequirePermission(Permission.ManageContacts).Takes<Input>("note", "Changes the text.");
        routes.V3.MapDelete("notes/{id}", Delete).RequirePermission(Permission.ManageContacts);
    }

    internal sealed record Input(string? Note = null, V3Id Relid = default, string? Reltype = null);

    private static async Task<V3Result> Create(V3Call call, WriteNote write)
    {
        var input = await call.BodyAsync<Input>("note");
        if (!string.Equals(input.Reltype, "Subscriber", StringComparison.OrdinalIgnoreCase))
        {
            throw V3Errors.Invalid("reltype", input.Reltype is null ? "field_missing" : "field_invalid", "Notes are written on contacts (Subscriber).");
        }

        var (contacts, notes) = (call.Resource<ContactsResource>(), call.Resource<NotesResource>());
        return await call.ChangeAsync(async work =>
        {
            var contact = await contacts.OneAsync(work, call, input.Relid);
            var id = await write.AddAsync(
                work.Transaction, call.Account.Id, contact.Id, call.Account.UserId, input.Note ?? string.Empty, call.CancellationToken);
            var row = await notes.OneAsync(work, call, id);
            return V3Result.Created(new { contacts = new[] { contacts.View(contact, call) }, note = notes.View(row, call) });
        });
    }

    private static async Task<V3Result> Change(string id, V3Call call, WriteNote write)
    {
        var input = await call.BodyAsync<Input>("note");
        var notes = call.Resource<NotesResource>();
        return await call.ChangeAsync(async work =>
        {
            var row = await notes.OneAsync(work, call, V3Id.Parse(id));
            if (input.Note is { } text)
            {
                await write.ChangeAsync(work.Transaction, call.Account.Id, row.Id, text, call.CancellationToken);
            }

            return V3Result.Ok(notes.Wrap(await notes.OneAsync(work, call, row.Id), call));
        });
    }

    private static Task<V3Result> Delete(string id, V3Call call) => call.ChangeAsync(async work =>
    {
        var row = await call.Resource<NotesResource>().OneAsync(work, call, V3Id.Parse(id));
        await Sql.Of($"delete from contacts.note where account_id = {call.Account.Id} and id = {row.Id}").ExecuteAsync(work, call.CancellationToken);
        return V3Result.Empty;
    });
}
