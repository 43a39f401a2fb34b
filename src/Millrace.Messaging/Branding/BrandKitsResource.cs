using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Millrace.Accounts.Contracts;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Npgsql;

namespace Millrace.Messaging.Branding;

/// <summary><c>/api/app/brand-kits</c>: how the account's brands look; new mails take the default one.</summary>
internal sealed class BrandKitsResource : IEndpoint
{
    private const int MaxKits = 50;

    public static void Map(ModuleRoutes routes)
    {
        routes.App.MapGet("brand-kits", ListAsync).WithName("brand_kit_list").RequirePermission(Permission.ViewMessages);
        routes.App.MapPost("brand-kits", CreateAsync).WithName("brand_kit_create").RequirePermission(Permission.ManageMessages);
        routes.App.MapPut("brand-kits/{id:long}", SaveAsync).WithName("brand_kit_save").RequirePermission(Permission.ManageMessages);
        routes.App.MapPost("brand-kits/{id:long}/default", DefaultAsync).WithName("brand_kit_default").RequirePermission(Permission.ManageMessages);
        routes.App.MapDelete("brand-kits/{id:long}", DeleteAsync).WithName("brand_kit_delete").RequirePermission(Permission.ManageMessages);
        routes.App.MapPost("brand-kits/import", ImportAsync).WithName("brand_kit_import").RequirePermission(Permission.ManageMessages);
    }

    /// <param name="IsDefault">New mails take it; one of the account's at most.</param>
    internal sealed record BrandKit(long Id, string Name, bool IsDefault, BrandLook Look, int Revision, DateTimeOffset UpdatedAt);

    internal sealed record BrandKitList(IReadOnlyList<BrandKit> Kits);

    internal sealed record BrandKitInput(string Name, BrandLook Look);

    /// <param name="Url">Of a page; https is put in front where nothing stands.</param>
    internal sealed record WebsiteInput(string Url);

    private sealed record Row(long Id, string Name, bool IsDefault, JsonElement Look, int Revision, DateTimeOffset UpdatedAt)
    {
        public BrandKit View() => new(Id, Name, IsDefault, BrandLook.Read(Look), Revision, UpdatedAt);
    }

    private static async Task<BrandKitList> ListAsync(CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var rows = await Sql.Of($"""
            select id, name, is_default, look, revision, updated_at from messaging.brand_kit where account_id = {account.Id} order by is_default desc, lower(name), id
            """).ListAsync<Row>(work, cancellationToken);
        return new([.. rows.Select(r => r.View())]);
    }

    /// <summary>The first one becomes the default.</summary>
    private static async Task<Created<BrandKit>> CreateAsync(
        BrandKitInput request, CurrentAccount account, NpgsqlDataSource database, IAudit audit, TimeProvider clock, CancellationToken cancellationToken)
    {
        var name = Check(request);
        var now = clock.GetUtcNow();
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var there = await Sql.Of($"select count(*) from messaging.brand_kit where account_id = {account.Id}").FirstAsync<long>(work, cancellationToken);
        if (there >= MaxKits)
        {
            throw new ConflictException("limit_reached", $"There can be {MaxKits} brand kits.");
        }

        var id = await Sql.Of($"""
            insert into messaging.brand_kit (account_id, name, is_default, look, created_at, updated_at)
            values ({account.Id}, {name}, {there == 0}, {new JsonText(request.Look.Write())}, {now}, {now}) returning id
            """).FirstAsync<long>(work, cancellationToken);
        await audit.AppendAsync(work.Transaction, account.Id, account.UserId, "brand_kit.create", "brand_kit", id, new { name }, cancellationToken);
        var made = await OneAsync(work, account.Id, id, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return TypedResults.Created($"/api/app/brand-kits/{id}", made);
    }

    private static async Task<BrandKit> SaveAsync(
        long id, BrandKitInput request, CurrentAccount account, NpgsqlDataSource database, TimeProvider clock, CancellationToken cancellationToken)
    {
        var name = Check(request);
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        await Sql.Of($"""
            update messaging.brand_kit set name = {name}, look = {new JsonText(request.Look.Write())}, updated_at = {clock.GetUtcNow()}, revision = revision + 1
            where account_id = {account.Id} and id = {id}
            """).ExecuteAsync(work, cancellationToken);
        var saved = await OneAsync(work, account.Id, id, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return saved;
    }

    private static async Task<BrandKit> DefaultAsync(long id, CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        await OneAsync(work, account.Id, id, cancellationToken);

        // One after the other: at no moment are there two.
        await Sql.Of($"update messaging.brand_kit set is_default = false where account_id = {account.Id} and is_default and id <> {id}").ExecuteAsync(work, cancellationToken);
        await Sql.Of($"update messaging.brand_kit set is_default = true where account_id = {account.Id} and id = {id}").ExecuteAsync(work, cancellationToken);
        var chosen = await OneAsync(work, account.Id, id, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return chosen;
    }

    /// <summary>Mails keep the look they have. When the default goes, the oldest that is left takes its place.</summary>
    private static async Task<NoContent> DeleteAsync(long id, CurrentAccount account, NpgsqlDataSource database, IAudit audit, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var kit = await OneAsync(work, account.Id, id, cancellationToken);
        await Sql.Of($"delete from messaging.brand_kit where account_id = {account.Id} and id = {id}").ExecuteAsync(work, cancellationToken);
        if (kit.IsDefault)
        {
            await Sql.Of($"""
                update messaging.brand_kit set is_default = true
                where account_id = {account.Id} and id = (select min(id) from messaging.brand_kit where account_id = {account.Id})
                """).ExecuteAsync(work, cancellationToken);
        }

        await audit.AppendAsync(work.Transaction, account.Id, account.UserId, "brand_kit.delete", "brand_kit", id, new { kit.Name }, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return TypedResults.NoContent();
    }

    /// <summary>What a website's pages look like, as a proposal; nothing is kept but its logo, as a picture of the library.</summary>
    private static Task<WebsiteProposal> ImportAsync(WebsiteInput request, CurrentAccount account, WebsiteLook website, CancellationToken cancellationToken) =>
        website.ReadAsync(account, request.Url, cancellationToken);

    private static async Task<BrandKit> OneAsync(AccountTransaction work, long accountId, long id, CancellationToken cancellationToken) =>
        (await Sql.Of($"select id, name, is_default, look, revision, updated_at from messaging.brand_kit where account_id = {accountId} and id = {id}")
            .FirstAsync<Row>(work, cancellationToken) ?? throw new NotFoundException()).View();

    private static string Check(BrandKitInput input)
    {
        input.Look.Check();
        var name = input.Name.Trim();
        return name.Length is >= 1 and <= 100 ? name : throw new InvalidInputException("/name", "length", "A name has 1 to 100 characters.");
    }
}
