using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Millrace.Accounts.Contracts;
using Millrace.Activities.Contracts;
using Millrace.Contacts.People;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Npgsql;

namespace Millrace.Contacts.Tags;

/// <summary><c>/api/app/contacts/{id}/tags</c>: tags of one contact, by name (made when missing) or by id.</summary>
internal sealed class ContactTagEndpoints : IEndpoint
{
    public static void Map(ModuleRoutes routes)
    {
        routes.App.MapPost("contacts/{id:long}/tags", Add).WithName("contact_tag_add").RequirePermission(Permission.ManageContacts);
        routes.App.MapDelete("contacts/{id:long}/tags/{tagId:long}", Remove).WithName("contact_tag_remove").RequirePermission(Permission.ManageContacts);
    }

    /// <summary>One of the two.</summary>
    internal sealed record TagInput(long? Id = null, string? Name = null);

    internal sealed record TagOnContact(long Id, string Name);

    private static async Task<Ok<TagOnContact>> Add(
        long id, TagInput request, CurrentAccount account, NpgsqlDataSource database, Tagging tagging, IActivityLog activities,
        IAudit audit, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        await ContactExists.CheckAsync(work, account.Id, id, cancellationToken);
        var tag = request.Id is { } tagId
            ? await Sql.Of($"select id, name from contacts.tag where account_id = {account.Id} and id = {tagId}").FirstAsync<TagOnContact>(work, cancellationToken)
                ?? throw new InvalidInputException("/id", "unknown_tag", "There is no such tag.")
            : (await tagging.FindOrCreateAsync(work.Transaction, account.Id, [request.Name ?? string.Empty], "/name", cancellationToken))
                .Select(t => new TagOnContact(t.Id, t.Name)).First();
        await tagging.AddAsync(work.Transaction, account.Id, [id], [tag.Id], cancellationToken);
        await audit.AppendAsync(work.Transaction, account.Id, account.UserId, "contact.tag", "contact", id, new { tag = tag.Id }, cancellationToken);
        await work.CommitAsync(cancellationToken);
        activities.Wake();
        return TypedResults.Ok(tag);
    }

    private static async Task<NoContent> Remove(
        long id, long tagId, CurrentAccount account, NpgsqlDataSource database, Tagging tagging, IActivityLog activities, IAudit audit,
        CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        await ContactExists.CheckAsync(work, account.Id, id, cancellationToken);
        await tagging.RemoveAsync(work.Transaction, account.Id, [id], [tagId], cancellationToken);
        await audit.AppendAsync(work.Transaction, account.Id, account.UserId, "contact.untag", "contact", id, new { tag = tagId }, cancellationToken);
        await work.CommitAsync(cancellationToken);
        activities.Wake();
        return TypedResults.NoContent();
    }
}
