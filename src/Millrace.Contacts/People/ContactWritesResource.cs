using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Millrace.Api.Dialect;
using Millrace.Api.Resources;
using Millrace.Contacts.Contracts;
using Millrace.Contacts.Fields;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;

namespace Millrace.Contacts.People;

/// <summary><c>POST /api/3/contacts</c>, <c>PUT</c> and <c>DELETE /api/3/contacts/{id}</c>, <c>POST /api/3/contact/sync</c>.</summary>
internal sealed class ContactWritesResource : IEndpoint
{
    public static void Map(ModuleRoutes routes)
    {
        routes.V3.MapPost("contacts", Create).RequirePermission(Permission.ManageContacts).Takes<Input>("contact", "Makes a contact; 422 duplicate when the address is taken.");
        routes.V3.MapPut("contacts/{id}", Change).RequirePermission(Permission.ManageContacts).Takes<Input>("contact", "Changes what is given.");
        routes.V3.MapDelete("contacts/{id}", Delete).RequirePermission(Permission.ManageContacts);
        routes.V3.MapPost("contact/sync", Sync).RequirePermission(Permission.ManageContacts).Takes<Input>("contact", "Makes the contact of this address (201) or changes what is given (200).");
    }

    internal sealed record Input(
        string? Email = null, string? FirstName = null, string? LastName = null, string? Phone = null, IReadOnlyList<FieldInput>? FieldValues = null);

    internal sealed record FieldInput(V3Id Field, string? Value = null);

    private static Task<V3Result> Create(V3Call call, SaveContact save) => SaveAsync(
        call, async (work, input) => (await save.CreateAsync(work.Transaction, call.Account.Id, input, ContactSource.Api, call.CancellationToken), true));

    private static Task<V3Result> Change(string id, V3Call call, SaveContact save) => SaveAsync(call, async (work, input) =>
    {
        var contactId = (await call.Resource<ContactsResource>().OneAsync(work, call, V3Id.Parse(id))).Id;
        await save.UpdateAsync(work.Transaction, call.Account.Id, contactId, input, call.CancellationToken);
        return (contactId, false);
    });

    private static Task<V3Result> Sync(V3Call call, SaveContact save) => SaveAsync(
        call, (work, input) => save.SyncAsync(work.Transaction, call.Account.Id, input, ContactSource.Api, call.CancellationToken));

    private static Task<V3Result> Delete(string id, V3Call call, DeleteContacts delete) => call.ChangeAsync(async work =>
    {
        var contactId = V3Id.Parse(id);
        return await delete.RunAsync(work.Transaction, call.Account.Id, call.Account.UserId, [contactId], call.CancellationToken) == 0
            ? throw V3Errors.NoResult("Subscriber", contactId)
            : V3Result.Empty;
    });

    private static async Task<V3Result> SaveAsync(V3Call call, Func<AccountTransaction, ContactInput, Task<(long Id, bool Created)>> save)
    {
        var input = await call.BodyAsync<Input>("contact");
        if (input.FieldValues?.Contains(null!) == true)
        {
            throw V3Errors.Invalid("fieldValues", "field_invalid", "A field value is an object with \"field\" and \"value\".");
        }

        return await call.ChangeAsync(async work =>
        {
            var (id, created) = await Speaking(() => save(work, new ContactInput
            {
                Email = input.Email,
                FirstName = input.FirstName,
                LastName = input.LastName,
                Phone = input.Phone,
                TimeZone = call.Account.TimeZone,
                Path = "/data/attributes/",
                // The last one of a field sent twice wins.
                Fields = (input.FieldValues ?? []).GroupBy(f => f.Field.Value).ToDictionary(g => g.Key, g => g.Last().Value),
            }));
            var contacts = call.Resource<ContactsResource>();
            var row = await contacts.OneAsync(work, call, id);
            var view = created ? Echo(input, row, call, contacts) : contacts.Read(row, call);
            var body = new Dictionary<string, object?>(StringComparer.Ordinal);
            if (input.FieldValues is { Count: > 0 } sent)
            {
                var fields = sent.Select(f => f.Field.Value).ToArray();
                var resource = call.Resource<FieldValuesResource>();
                var values = await resource.RowsAsync(work, call, Sql.Of($"r.contact_id = {id} and r.field_id = any({fields}) order by r.id"));
                body["fieldValues"] = values.Select(v => resource.View(v, call)).ToArray();
                view["fieldValues"] = values.Select(v => new V3Id(v.Id)).ToArray();
            }

            body["contact"] = view;
            return created ? V3Result.Created(body) : V3Result.Ok(body);
        });
    }

    /// <summary>What a creating call answers: the attributes that were sent, and those that were computed.</summary>
    private static Dictionary<string, object?> Echo(Input input, ContactRow row, V3Call call, ContactsResource contacts)
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
        echo["cdate"] = call.Iso(row.CreatedAt);
        echo["udate"] = call.Iso(row.UpdatedAt);
        echo["orgid"] = string.Empty;
        echo["orgname"] = string.Empty;
        echo["hash"] = contacts.HashOf(call, row.Id);
        echo["links"] = contacts.Links(call, row.Id);
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
