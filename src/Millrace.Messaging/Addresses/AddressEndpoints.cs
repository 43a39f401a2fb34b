using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Npgsql;

namespace Millrace.Messaging.Addresses;

/// <summary><c>/api/app/addresses</c>: the postal addresses that mails bear.</summary>
internal sealed class AddressEndpoints : IEndpoint
{
    private static readonly string[] Names = ["company_name", "address1", "address2", "city", "state", "district", "zip", "country"];

    public static void Map(ModuleRoutes routes)
    {
        routes.App.MapGet("addresses", ListAsync).WithName("address_list").RequirePermission(Permission.Use);
        routes.App.MapPost("addresses", CreateAsync).WithName("address_create").RequirePermission(Permission.ManageAccount);
        routes.App.MapPut("addresses/{id:long}", SaveAsync).WithName("address_save").RequirePermission(Permission.ManageAccount);
        routes.App.MapPost("addresses/{id:long}/default", DefaultAsync).WithName("address_default").RequirePermission(Permission.ManageAccount);
        routes.App.MapDelete("addresses/{id:long}", DeleteAsync).WithName("address_delete").RequirePermission(Permission.ManageAccount);
    }

    /// <param name="Text">As it stands at the foot of mails, in lines.</param>
    /// <param name="IsDefault">Of mails that name no other.</param>
    /// <param name="ListIds">Campaigns to these lists bear it.</param>
    internal sealed record PostalAddress(
        long Id, string CompanyName, string Address1, string Address2, string City, string State, string District, string Zip, string Country, bool IsDefault, string Text,
        IReadOnlyList<long> ListIds, DateTimeOffset UpdatedAt);

    internal sealed record PostalAddressList(IReadOnlyList<PostalAddress> Items);

    /// <param name="Country">Two letters, such as <c>GB</c>.</param>
    internal sealed record PostalAddressInput(
        string CompanyName, string Address1, string Country, string Address2 = "", string City = "", string State = "", string District = "", string Zip = "",
        IReadOnlyList<long>? ListIds = null)
    {
        public AddressFields Checked() =>
            AddressBook.Check(new(CompanyName, Address1, Address2, City, State, District, Zip, Country), "/", Names, "required");
    }

    private sealed record OfList(long AddressId, long ListId);

    private static async Task<PostalAddressList> ListAsync(CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        return new(await ViewsAsync(work, account.Id, null, cancellationToken));
    }

    /// <summary>The first one becomes the default.</summary>
    private static async Task<Created<PostalAddress>> CreateAsync(
        PostalAddressInput request, CurrentAccount account, NpgsqlDataSource database, AddressBook book, CancellationToken cancellationToken)
    {
        var fields = request.Checked();
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var id = await book.AddAsync(work, account.Id, account.UserId, fields, asDefault: false, cancellationToken);
        await book.SetListsAsync(work, account.Id, id, [.. request.ListIds ?? []], cancellationToken);
        var made = (await ViewsAsync(work, account.Id, id, cancellationToken))[0];
        await work.CommitAsync(cancellationToken);
        return TypedResults.Created($"/api/app/addresses/{id}", made);
    }

    private static async Task<PostalAddress> SaveAsync(
        long id, PostalAddressInput request, CurrentAccount account, NpgsqlDataSource database, AddressBook book, CancellationToken cancellationToken)
    {
        var fields = request.Checked();
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        await RequireAsync(work, account.Id, id, cancellationToken);
        await book.ChangeAsync(work, account.Id, account.UserId, id, fields, asDefault: false, cancellationToken);
        await book.SetListsAsync(work, account.Id, id, [.. request.ListIds ?? []], cancellationToken);
        var saved = (await ViewsAsync(work, account.Id, id, cancellationToken))[0];
        await work.CommitAsync(cancellationToken);
        return saved;
    }

    private static async Task<PostalAddress> DefaultAsync(long id, CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        await AddressBook.LockAsync(work, account.Id, cancellationToken);
        await RequireAsync(work, account.Id, id, cancellationToken);
        await AddressBook.MakeDefaultAsync(work, account.Id, id, cancellationToken);
        var chosen = (await ViewsAsync(work, account.Id, id, cancellationToken))[0];
        await work.CommitAsync(cancellationToken);
        return chosen;
    }

    private static async Task<NoContent> DeleteAsync(long id, CurrentAccount account, NpgsqlDataSource database, AddressBook book, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        await RequireAsync(work, account.Id, id, cancellationToken);
        await book.DeleteAsync(work, account.Id, account.UserId, id, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task RequireAsync(AccountTransaction work, long accountId, long id, CancellationToken cancellationToken) =>
        _ = await AddressBook.FindAsync(work, accountId, id, cancellationToken) ?? throw new NotFoundException("There is no such address.");

    private static async Task<List<PostalAddress>> ViewsAsync(AccountTransaction work, long accountId, long? id, CancellationToken cancellationToken)
    {
        var only = id is { } one ? Sql.Of($"and a.id = {one}") : Sql.Empty;
        var rows = await Sql.Of($"select {AddressRow.Columns} from messaging.address a where a.account_id = {accountId} {only} order by a.is_default desc, a.id")
            .ListAsync<AddressRow>(work, cancellationToken);
        var lists = (await Sql.Of($"""
            select al.address_id, al.list_id from messaging.address_list al join contacts.list l on l.account_id = al.account_id and l.id = al.list_id
            where al.account_id = {accountId} order by al.list_id
            """).ListAsync<OfList>(work, cancellationToken)).ToLookup(l => l.AddressId, l => l.ListId);
        return
        [
            .. rows.Select(r => new PostalAddress(
                r.Id, r.CompanyName, r.Address1, r.Address2, r.City, r.State, r.District, r.Zip, r.Country, r.IsDefault, AddressText.Of(r.Fields), [.. lists[r.Id]], r.UpdatedAt)),
        ];
    }
}
