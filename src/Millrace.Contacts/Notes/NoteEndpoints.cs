using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Millrace.Activities.Contracts;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Npgsql;

namespace Millrace.Contacts.Notes;

/// <summary><c>/api/app/contacts/{id}/notes</c> and <c>/api/app/notes/{id}</c>.</summary>
internal sealed class NoteEndpoints : IEndpoint
{
    public static void Map(ModuleRoutes routes)
    {
        routes.App.MapPost("contacts/{id:long}/notes", Add).WithName("note_add").RequirePermission(Permission.ManageContacts);
        routes.App.MapPut("notes/{id:long}", Change).WithName("note_change").RequirePermission(Permission.ManageContacts);
        routes.App.MapDelete("notes/{id:long}", Delete).WithName("note_delete").RequirePermission(Permission.ManageContacts);
    }

    internal sealed record NoteInput(string Text);

    private static async Task<Created<NoteView>> Add(
        long id, NoteInput request, CurrentAccount account, NpgsqlDataSource database, WriteNote write, IActivityLog activities,
        CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var noteId = await write.AddAsync(work.Transaction, account.Id, id, account.UserId, request.Text, cancellationToken);
        var note = await NoteView.OneAsync(work, account.Id, noteId, cancellationToken);
        await work.CommitAsync(cancellationToken);
        activities.Wake();
        return TypedResults.Created($"/api/app/notes/{noteId}", note);
    }

    private static async Task<Ok<NoteView>> Change(
        long id, NoteInput request, CurrentAccount account, NpgsqlDataSource database, WriteNote write, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        if (!await write.ChangeAsync(work.Transaction, account.Id, id, request.Text, cancellationToken))
        {
            throw new NotFoundException();
        }

        var note = await NoteView.OneAsync(work, account.Id, id, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return TypedResults.Ok(note);
    }

    private static async Task<NoContent> Delete(long id, CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        if (await Sql.Of($"delete from contacts.note where account_id = {account.Id} and id = {id}").ExecuteAsync(work, cancellationToken) == 0)
        {
            throw new NotFoundException();
        }

        await work.CommitAsync(cancellationToken);
        return TypedResults.NoContent();
    }
}
