using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Millrace.Activities.Contracts;
using Millrace.Api.Dialect;
using Millrace.Contacts.Contracts;
using Millrace.Contacts.Fields;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Npgsql;

namespace Millrace.Contacts.People;

/// <summary><c>POST /api/3/contacts</c>, <c>PUT /api/3/contacts/{id}</c>, <c>POST /api/3/contact/sync</c>.</summary>
internal sealed class ContactWritesResource : IEndpoint
{
    public static void Map(ModuleRoutes routes)
    {
        routes.V3.MapPost("contacts", Create).RequirePermission(Permission.ManageContacts);
        routes.V3.MapPut("contacts/{id}", Change).RequirePermission(Permission.ManageContacts);
        routes.V3.MapPost("contact/sync", Sync).RequirePermission(Permission.ManageContacts);
    }

    internal sealed record Input(
        string? Email = null, string? FirstName = null, string? LastName = null, string? Phone = null, IReadOnlyList<FieldInput>? FieldValues = null);

    internal sealed record FieldInput(V3Id Field, string? Value = null);

    private static Task<V3Result> Create(
        HttpRequest request, CurrentAccount account, NpgsqlDataSource database, SaveContact save, V3Contacts contacts, IActivityLog activities,
        CancellationToken cancellationToken) =>
        SaveAsync(
            request, account, database, contacts, activities,
            async (work, input) => (await save.CreateAsync(work.Transaction, account.Id, input, ContactSource.Api, cancellationToken), true), cancellationToken);

    private static Task<V3Result> Change(
        string id, HttpRequest request, CurrentAccount account, NpgsqlDataSource database, SaveContact save, V3Contacts contacts, IActivityLog activities,
        CancellationToken cancellationToken) =>
        SaveAsync(
            request, account, database, contacts, activities,
            async (work, input) =>
            {
                var contactId = V3Id.Parse(id);
                await V3Contacts.RowAsync(work, account.Id, contactId, cancellationToken);
                await save.UpdateAsync(work.Transaction, account.Id, contactId, input, cancellationToken);
                return (contactId, false);
            },
            cancellationToken);

    private static Task<V3Result> Sync(
        HttpRequest request, CurrentAccount account, NpgsqlDataSource database, SaveContact save, V3Contacts contacts, IActivityLog activities,
        CancellationToken cancellationToken) =>
        SaveAsync(
            request, account, database, contacts, activities,
            (work, input) => save.SyncAsync(work.Transaction, account.Id, input, ContactSource.Api, cancellationToken), cancellationToken);

    private static async Task<V3Result> SaveAsync(
        HttpRequest request, CurrentAccount account, NpgsqlDataSource database, V3Contacts contacts, IActivityLog activities,
        Func<AccountTransaction, ContactInput, Task<(long Id, bool Created)>> save, CancellationToken cancellationToken)
    {
        var input = await V3Body.ReadAsync<Input>(request, "contact", cancellationToken);
        if (input.FieldValues?.Contains(null!) == true)
        {
            throw V3Errors.Invalid("fieldValues", "field_invalid", "A field value is an object with \"field\" and \"value\".");
        }

        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var (id, created) = await Speaking(() => save(work, new ContactInput
        {
            Email = input.Email,
            FirstName = input.FirstName,
            LastName = input.LastName,
            Phone = input.Phone,
            TimeZone = account.TimeZone,
            Path = "/data/attributes/",
            // The last one of a field sent twice wins.
            Fields = (input.FieldValues ?? []).GroupBy(f => f.Field.Value).ToDictionary(g => g.Key, g => g.Last().Value),
        }));
        var row = await V3Contacts.RowAsync(work, account.Id, id, cancellationToken);
        var view = created ? Echo(input, row, request, account, contacts) : contacts.View(row, request, account);
        var body = new Dictionary<string, object?>(StringComparer.Ordinal);
        if (input.FieldValues is { Count: > 0 } sent)
        {
            var fields = sent.Select(f => f.Field.Value).ToArray();
            var values = await V3FieldValues.RowsAsync(
                work, account.Id, Sql.Of($"v.contact_id = {id} and v.field_id = any({fields}) order by v.id"), cancellationToken);
            body["fieldValues"] = values.Select(v => V3FieldValues.View(v, request, account)).ToArray();
            view["fieldValues"] = values.Select(v => new V3Id(v.Id)).ToArray();
        }

        body["contact"] = view;
        await work.CommitAsync(cancellationToken);
        activities.Wake();
        return created ? V3Result.Created(body) : V3Result.Ok(body);
    }

    /// <summary>What a creating call answers: the attributes that were sent, and those that were computed.</summary>
    private static Dictionary<string, object?> Echo(
        Input input, V3Contacts.ContactRow row, HttpRequest request, CurrentAccount account, V3Contacts contacts)
    {
        var echo = new Dictionary<string, object?>(StringComparer.Ordinal);
        void Add(string name, string? sent, string? stored)
        {
            if (sent is not null)
            {
                echo[name] = stored ?? string.Empty;
            }
        }

        Add("email", input.Email, row.Email);
        Add("phone", input.Phone, row.Phone);
        Add("firstName", input.FirstName, row.FirstName);
        Add("lastName", input.LastName, row.LastName);
        echo["email_empty"] = row.Email is null;
        echo["cdate"] = V3Time.Iso(row.CreatedAt, account.TimeZone);
        echo["udate"] = V3Time.Iso(row.UpdatedAt, account.TimeZone);
        echo["orgid"] = string.Empty;
        echo["orgname"] = string.Empty;
        echo["hash"] = contacts.Hash(account.Id, row.Id);
        echo["links"] = V3Contacts.Links(request, row.Id);
        echo["id"] = new V3Id(row.Id);
        echo["organization"] = string.Empty;
        return echo;
    }

    /// <summary>The texts of these errors are part of the interface: clients compare them.</summary>
    private static async Task<T> Speaking<T>(Func<Task<T>> save)
    {
        try
        {
            return await save();
        }
        catch (ConflictException e) when (e.Code == "contact_exists")
        {
            throw V3Errors.Invalid("email", "duplicate", "Email address already exists in the system");
        }
        catch (InvalidInputException e) when (e.Errors is [{ Code: "email_invalid" }])
        {
            throw V3Errors.Invalid("email", "email_invalid", "Contact Email Address is not valid.");
        }
    }
}
