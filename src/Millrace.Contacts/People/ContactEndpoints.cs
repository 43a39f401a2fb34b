using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Millrace.Accounts.Contracts;
using Millrace.Activities.Contracts;
using Millrace.Contacts.Contracts;
using Millrace.Contacts.Lists;
using Millrace.Contacts.Tags;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Npgsql;

namespace Millrace.Contacts.People;

/// <summary><c>/api/app/contacts</c>: create, change, delete one.</summary>
internal sealed class ContactEndpoints : IEndpoint
{
    public static void Map(ModuleRoutes routes)
    {
        routes.App.MapPost("contacts", Create).WithName("contact_create").RequirePermission(Permission.ManageContacts);
        routes.App.MapPatch("contacts/{id:long}", Change).WithName("contact_change").RequirePermission(Permission.ManageContacts);
        routes.App.MapDelete("contacts/{id:long}", Delete).WithName("contact_delete").RequirePermission(Permission.ManageContacts);
    }

    /// <param name="Fields">Custom field id to value; an empty value clears.</param>
    /// <param name="Tags">Names; those that do not exist are made.</param>
    /// <param name="Lists">Lists to be active on; 422 <c>not_found</c> when there is no such list.</param>
    internal sealed record NewContact(
        string? Email = null, string? FirstName = null, string? LastName = null, string? Phone = null, Dictionary<long, string?>? Fields = null,
        IReadOnlyList<string>? Tags = null, IReadOnlyList<long>? Lists = null);

    /// <summary>What is absent or null stays; an empty text clears.</summary>
    internal sealed record ContactChange(
        string? Email = null, string? FirstName = null, string? LastName = null, string? Phone = null, Dictionary<long, string?>? Fields = null);

    private static async Task<Created<ReadContact.ContactProfile>> Create(
        NewContact request, CurrentAccount account, NpgsqlDataSource database, SaveContact save, Tagging tagging, ISubscriptions subscriptions,
        IActivityLog activities, IAudit audit, CancellationToken cancellationToken)
    {
        if (request.Tags?.Count > 200 || request.Lists?.Count > 200)
        {
            throw new InvalidInputException("/tags", "validation_failed", "At most 200 tags and 200 lists at once.");
        }

        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var id = await save.CreateAsync(
            work.Transaction, account.Id, Input(request.Email, request.FirstName, request.LastName, request.Phone, request.Fields, account),
            ContactSource.Manual, cancellationToken);
        if (request.Tags is { Count: > 0 } names)
        {
            var tags = await tagging.FindOrCreateAsync(work.Transaction, account.Id, names, "/tags", cancellationToken);
            await tagging.AddAsync(work.Transaction, account.Id, [id], [.. tags.Select(t => t.Id)], cancellationToken);
        }

        await Subscriptions.CheckListsAsync(work.Transaction, account.Id, request.Lists ?? [], "/lists", cancellationToken);
        // A handful of lists picked by a person, so one statement each.
        foreach (var listId in request.Lists ?? [])
        {
            await subscriptions.SubscribeAsync(work.Transaction, account.Id, [id], listId, ContactSource.Manual, force: true, cancellationToken);
        }

        await audit.AppendAsync(
            work.Transaction, account.Id, account.UserId, "contact.create", "contact", id, new { tags = request.Tags?.Count ?? 0, lists = request.Lists ?? [] },
            cancellationToken);
        var profile = await ReadContact.ProfileAsync(work, account.Id, id, cancellationToken);
        await work.CommitAsync(cancellationToken);
        activities.Wake();
        return TypedResults.Created($"/api/app/contacts/{id}", profile);
    }

    private static async Task<Ok<ReadContact.ContactProfile>> Change(
        long id, ContactChange request, [FromHeader(Name = "If-Match")] string? version, CurrentAccount account, NpgsqlDataSource database, SaveContact save,
        IActivityLog activities, IAudit audit, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        await ContactVersion.CheckAsync(version, work, account.Id, id, cancellationToken);
        await save.UpdateAsync(
            work.Transaction, account.Id, id, Input(request.Email, request.FirstName, request.LastName, request.Phone, request.Fields, account), cancellationToken);
        await audit.AppendAsync(
            work.Transaction, account.Id, account.UserId, "contact.change", "contact", id, new { fields = Named(request) }, cancellationToken);
        var profile = await ReadContact.ProfileAsync(work, account.Id, id, cancellationToken);
        await work.CommitAsync(cancellationToken);
        activities.Wake();
        return TypedResults.Ok(profile);
    }

    private static async Task<NoContent> Delete(
        long id, CurrentAccount account, NpgsqlDataSource database, DeleteContacts delete, IActivityLog activities, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        if (await delete.RunAsync(work.Transaction, account.Id, account.UserId, [id], cancellationToken) == 0)
        {
            throw new NotFoundException();
        }

        await work.CommitAsync(cancellationToken);
        activities.Wake();
        return TypedResults.NoContent();
    }

    /// <summary>What a change is about, for the audit. Names only: values are personal data, which must not outlive the contact.</summary>
    private static string[] Named(ContactChange change) =>
    [
        .. new[] { (change.Email, "email"), (change.FirstName, "first_name"), (change.LastName, "last_name"), (change.Phone, "phone") }
            .Where(f => f.Item1 is not null).Select(f => f.Item2),
        .. (change.Fields ?? []).Keys.Select(id => id.ToString(CultureInfo.InvariantCulture)),
    ];

    private static ContactInput Input(
        string? email, string? firstName, string? lastName, string? phone, Dictionary<long, string?>? fields, CurrentAccount account) => new()
        {
            Email = email,
            FirstName = firstName,
            LastName = lastName,
            Phone = phone,
            Fields = fields ?? [],
            TimeZone = account.TimeZone,
        };
}
