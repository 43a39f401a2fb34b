using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Npgsql;

namespace Millrace.Messaging.Messages.Edits;

/// <summary>
/// <c>/api/app/messages/{id}/versions</c>: what a mail was before. Restoring one is saving its content again, so it can be undone like any change.
/// Mails of automations have the versions of their automation.
/// </summary>
internal sealed class MessageEditsResource : IEndpoint
{
    public static void Map(ModuleRoutes routes)
    {
        routes.App.MapGet("messages/{id:long}/versions", ListAsync).WithName("message_version_list").RequirePermission(Permission.ViewMessages);
        routes.App.MapGet("messages/{id:long}/versions/{number:int}", ShowAsync).WithName("message_version_show").RequirePermission(Permission.ViewMessages);
        routes.App.MapPut("messages/{id:long}/versions/{number:int}", NoteAsync).WithName("message_version_note").RequirePermission(Permission.ManageMessages);
    }

    /// <param name="Who">Name of the user; null: no longer there.</param>
    /// <param name="Note">Keeps the version from being tidied away; empty for none.</param>
    internal sealed record MessageVersion(int No, string? Who, DateTimeOffset BeganAt, DateTimeOffset SavedAt, string Note);

    internal sealed record MessageVersionList(IReadOnlyList<MessageVersion> Versions);

    /// <param name="Content">As it can be saved: the members of the mail.</param>
    internal sealed record MessageVersionContent(int No, JsonElement Content);

    internal sealed record NoteInput(string Note);

    /// <summary>Newest first.</summary>
    private static async Task<MessageVersionList> ListAsync(long id, CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        if (await MessagesResource.FindAsync(work, account.Id, id, cancellationToken) is null)
        {
            throw new NotFoundException();
        }

        return new(await Sql.Of($"""
            select e.no, nullif(trim(u.first_name || ' ' || u.last_name), ''), e.began_at, e.saved_at, e.note from messaging.message_edit e
            left join accounts.app_user u on u.account_id = e.account_id and u.id = e.user_id
            where e.account_id = {account.Id} and e.message_id = {id} order by e.no desc
            """).ListAsync<MessageVersion>(work, cancellationToken));
    }

    private static async Task<MessageVersionContent> ShowAsync(
        long id, int number, CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        return await Sql.Of($"select no, content from messaging.message_edit where account_id = {account.Id} and message_id = {id} and no = {number}")
            .FirstAsync<MessageVersionContent>(work, cancellationToken) ?? throw new NotFoundException();
    }

    private static async Task<NoContent> NoteAsync(
        long id, int number, NoteInput request, CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        var note = request.Note.Trim();
        if (note.Length > 200)
        {
            throw new InvalidInputException("/note", "length", "A note has at most 200 characters.");
        }

        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        if (await Sql.Of($"update messaging.message_edit set note = {note} where account_id = {account.Id} and message_id = {id} and no = {number}")
                .ExecuteAsync(work, cancellationToken) == 0)
        {
            throw new NotFoundException();
        }

        await work.CommitAsync(cancellationToken);
        return TypedResults.NoContent();
    }
}
