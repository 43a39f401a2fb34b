using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Millrace.Api.Dialect;
using Millrace.Api.Resources;
using Millrace.Kernel.Data;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;

namespace Millrace.Messaging.Addresses;

/// <summary><c>/api/3/addresses</c>: the postal addresses that mails bear.</summary>
internal sealed class AddressesResource : V3Resource<AddressRow>, IEndpoint
{
    private static readonly string[] Names = ["company_name", "address_1", "address_2", "city", "state", "district", "zip", "country"];

    public override string Plural => "addresses";

    public override string Singular => "address";

    public override string Model => "Address";

    public override Permission Permission => Permission.Use;

    public override IReadOnlyList<V3Relation> Relations { get; } =
        [V3Relation.Many("addressGroup", "addressGroups"), V3Relation.Many("addressList", "addressLists"), V3Relation.Many("forms")];

    protected override Sql Columns => AddressRow.Columns;

    protected override Sql Table { get; } = Sql.Of($"messaging.address a");

    protected override Sql AccountColumn { get; } = Sql.Of($"a.account_id");

    protected override Sql IdColumn { get; } = Sql.Of($"a.id");

    protected override V3Filters Filters { get; } = new(new Dictionary<string, V3Attribute>(StringComparer.Ordinal)
    {
        ["id"] = new(Sql.Of($"a.id"), V3Kind.Id),
        ["companyName"] = new(Sql.Of($"a.company_name"), V3Kind.Text),
        ["city"] = new(Sql.Of($"a.city"), V3Kind.Text),
        ["country"] = new(Sql.Of($"a.country"), V3Kind.Text),
    });

    protected override long IdOf(AddressRow row) => row.Id;

    public override object View(AddressRow row, V3Call call) => View(row, call, row.IsDefault ? "1" : "0");

    public static void Map(ModuleRoutes routes)
    {
        routes.V3.MapPost("addresses", Create).RequirePermission(Permission.ManageAccount).Takes<Input>("address", "Makes an address; the first one becomes the default.");
        routes.V3.MapPut("addresses/{id}", Change).RequirePermission(Permission.ManageAccount).Takes<Input>("address", "Changes what is given.");
        routes.V3.MapDelete("addresses/{id}", Delete).RequirePermission(Permission.ManageAccount);
        routes.V3.MapDelete("addressGroups/{id}", (string id, V3Call call) => Drop(id, call, "AddressGroup", Sql.Of($"messaging.address_group"))).RequirePermission(Permission.ManageAccount);
        routes.V3.MapDelete("addressLists/{id}", (string id, V3Call call) => Drop(id, call, "AddressList", Sql.Of($"messaging.address_list"))).RequirePermission(Permission.ManageAccount);
    }

    /// <summary>Both ways of writing the members are taken, as clients use both.</summary>
    internal sealed record Input
    {
        public string? CompanyName { get; init; }

        [JsonPropertyName("company_name")]
        public string? Company { get; init; }

        public string? Address1 { get; init; }

        [JsonPropertyName("address_1")]
        public string? FirstLine { get; init; }

        public string? Address2 { get; init; }

        [JsonPropertyName("address_2")]
        public string? SecondLine { get; init; }

        public string? City { get; init; }

        public string? State { get; init; }

        public string? District { get; init; }

        public string? Zip { get; init; }

        public string? Country { get; init; }

        public string? IsDefault { get; init; }

        [JsonPropertyName("is_default")]
        public string? Default { get; init; }

        public V3Id? Groupid { get; init; }

        /// <summary>For all groups of users, which here it always is.</summary>
        public string? Allgroup { get; init; }

        /// <summary>As <see cref="Allgroup"/>.</summary>
        public string? Global { get; init; }

        [JsonIgnore]
        public bool? AsDefault => (IsDefault ?? Default) switch { null => null, "1" or "true" or "True" => true, _ => false };

        public AddressFields Over(AddressFields was) => new(
            CompanyName ?? Company ?? was.CompanyName, Address1 ?? FirstLine ?? was.Address1, Address2 ?? SecondLine ?? was.Address2, City ?? was.City, State ?? was.State,
            District ?? was.District, Zip ?? was.Zip, Country ?? was.Country);
    }

    private static async Task<V3Result> Create(V3Call call, AddressBook book, TimeProvider clock)
    {
        var input = await call.BodyAsync<Input>("address");
        var fields = AddressBook.Check(input.Over(new("", "")), "/data/attributes/", Names, "field_missing");
        return await call.ChangeAsync(async work =>
        {
            var id = await book.AddAsync(work, call.Account.Id, call.Account.UserId, fields, input.AsDefault == true, call.CancellationToken);
            await GroupAsync(work, call, id, input.Groupid, clock);
            return V3Result.Created(await AnswerAsync(work, call, id));
        });
    }

    private static async Task<V3Result> Change(string id, V3Call call, AddressBook book, TimeProvider clock)
    {
        var input = await call.BodyAsync<Input>("address");
        return await call.ChangeAsync(async work =>
        {
            var row = await call.Resource<AddressesResource>().OneAsync(work, call, V3Id.Parse(id));
            var fields = AddressBook.Check(input.Over(row.Fields), "/data/attributes/", Names, "field_missing");

            // One is the default as long as there is any: it is taken off by making another the default.
            await book.ChangeAsync(work, call.Account.Id, call.Account.UserId, row.Id, fields, input.AsDefault == true, call.CancellationToken);
            await GroupAsync(work, call, row.Id, input.Groupid, clock);
            return V3Result.Ok(await AnswerAsync(work, call, row.Id));
        });
    }

    private static Task<V3Result> Delete(string id, V3Call call, AddressBook book) => call.ChangeAsync(async work =>
    {
        var row = await call.Resource<AddressesResource>().OneAsync(work, call, V3Id.Parse(id));
        await book.DeleteAsync(work, call.Account.Id, call.Account.UserId, row.Id, call.CancellationToken);
        return V3Result.Empty;
    });

    private static Task<V3Result> Drop(string id, V3Call call, string model, Sql table) => call.ChangeAsync(async work =>
        await Sql.Of($"delete from {table} where account_id = {call.Account.Id} and id = {V3Id.Parse(id)}").ExecuteAsync(work, call.CancellationToken) == 1
            ? V3Result.Empty : throw V3Errors.NoResult(model, V3Id.Parse(id)));

    private static async Task GroupAsync(AccountTransaction work, V3Call call, long id, V3Id? group, TimeProvider clock)
    {
        if (group is { Value: > 0 } given)
        {
            await Sql.Of($"""
                insert into messaging.address_group (account_id, address_id, group_id, created_at) values ({call.Account.Id}, {id}, {given.Value}, {clock.GetUtcNow()})
                on conflict (account_id, address_id, group_id) do nothing
                """).ExecuteAsync(work, call.CancellationToken);
        }
    }

    /// <summary>Answers to writes have the flag as a number, as the original's.</summary>
    private static async Task<Dictionary<string, object?>> AnswerAsync(AccountTransaction work, V3Call call, long id)
    {
        var addresses = call.Resource<AddressesResource>();
        var row = await addresses.OneAsync(work, call, id);
        return new(StringComparer.Ordinal) { [addresses.Singular] = addresses.View(row, call, row.IsDefault ? 1 : 0) };
    }

    private object View(AddressRow row, V3Call call, object isDefault) => new
    {
        companyName = row.CompanyName,
        address1 = row.Address1,
        address2 = row.Address2,
        city = row.City,
        state = row.State,
        district = row.District,
        zip = row.Zip,
        country = row.Country,
        allgroup = "0",
        isDefault,
        created_timestamp = call.Plain(row.CreatedAt),
        updated_timestamp = call.Plain(row.UpdatedAt),
        created_by = row.CreatedBy is { } maker ? new V3Id(maker) : (V3Id?)null,
        updated_by = row.UpdatedBy is { } editor ? new V3Id(editor) : (V3Id?)null,
        links = Links(call, row.Id),
        id = new V3Id(row.Id),
    };
}
