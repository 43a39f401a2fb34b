using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Millrace.Accounts.Contracts;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Millrace.Messaging.Messages;
using Npgsql;

namespace Millrace.Messaging.Design.Parts;

/// <summary>
/// <c>/api/app/design-parts</c>: sections and blocks kept for other mails. A saved one is copied into a mail; a shared one is named by it, and a change is
/// in every draft at once and in all mails that go out from then on.
/// </summary>
internal sealed class PartsResource : IEndpoint
{
    private const int MaxParts = 1_000;
    private const int MaxNamed = 100;

    public static void Map(ModuleRoutes routes)
    {
        routes.App.MapGet("design-parts", ListAsync).WithName("design_part_list").RequirePermission(Permission.ViewMessages);
        routes.App.MapPost("design-parts", CreateAsync).WithName("design_part_create").RequirePermission(Permission.ManageMessages);
        routes.App.MapGet("design-parts/{id:long}", ShowAsync).WithName("design_part_show").RequirePermission(Permission.ViewMessages);
        routes.App.MapPut("design-parts/{id:long}", SaveAsync).WithName("design_part_save").RequirePermission(Permission.ManageMessages);
        routes.App.MapDelete("design-parts/{id:long}", DeleteAsync).WithName("design_part_delete").RequirePermission(Permission.ManageMessages);
    }

    /// <param name="IsBlock">A block, the only one of its section; else a whole section.</param>
    /// <param name="UsedIn">How many mails name it; only shared ones are named.</param>
    /// <param name="Revision">Send it as <c>If-Match</c> when saving.</param>
    internal sealed record PartView(
        long Id, string Name, string Category, bool IsShared, bool IsBlock, JsonElement Section, int Revision, long UsedIn, DateTimeOffset UpdatedAt);

    internal sealed record PartList(IReadOnlyList<PartView> Parts);

    /// <param name="AutomationId">The automation whose step it is; null: a mail of its own.</param>
    internal sealed record PartPlace(long MessageId, string Name, long? AutomationId);

    /// <param name="Places">The first hundred mails that name it.</param>
    internal sealed record PartDetail(PartView Part, IReadOnlyList<PartPlace> Places);

    /// <param name="Section">As in a design.</param>
    internal sealed record PartInput(string Name, JsonElement Section, string Category = "", bool IsShared = false, bool IsBlock = false);

    private static async Task<PartList> ListAsync(CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken, bool? shared = null)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var uses = await UsesAsync(work, account.Id, cancellationToken);
        var rows = await Sql.Of($"""
            select id, name, category, is_shared, is_block, section, revision, 0::bigint, updated_at from messaging.design_part
            where account_id = {account.Id} and ({shared} is null or is_shared = {shared}) order by category, lower(name), id
            """).ListAsync<PartView>(work, cancellationToken);
        return new([.. rows.Select(r => r with { UsedIn = uses.GetValueOrDefault(r.Id) })]);
    }

    private static async Task<PartDetail> ShowAsync(long id, CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        return await DetailAsync(work, account.Id, id, cancellationToken);
    }

    private static async Task<Created<PartView>> CreateAsync(
        PartInput request, CurrentAccount account, NpgsqlDataSource database, IAudit audit, TimeProvider clock, CancellationToken cancellationToken)
    {
        var section = Check(request);
        var now = clock.GetUtcNow();
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        if (await Sql.Of($"select count(*) from messaging.design_part where account_id = {account.Id}").FirstAsync<long>(work, cancellationToken) >= MaxParts)
        {
            throw new ConflictException("limit_reached", $"There can be {MaxParts} saved and shared parts.");
        }

        var id = await Sql.Of($"""
            insert into messaging.design_part (account_id, name, category, is_shared, is_block, section, user_id, created_at, updated_at)
            values ({account.Id}, {request.Name.Trim()}, {request.Category.Trim()}, {request.IsShared}, {request.IsBlock}, {new JsonText(section)}, {account.UserId}, {now}, {now})
            returning id
            """).FirstAsync<long>(work, cancellationToken);
        await audit.AppendAsync(work.Transaction, account.Id, account.UserId, "design_part.create", "design_part", id, new { request.Name, request.IsShared }, cancellationToken);
        var made = await DetailAsync(work, account.Id, id, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return TypedResults.Created($"/api/app/design-parts/{id}", made.Part);
    }

    private static async Task<PartDetail> SaveAsync(
        long id, PartInput request, [FromHeader(Name = "If-Match")] string? ifMatch, CurrentAccount account, NpgsqlDataSource database, IAudit audit,
        TimeProvider clock, CancellationToken cancellationToken)
    {
        var section = Check(request);
        var revision = IfMatch.Revision(ifMatch);
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var before = await DetailAsync(work, account.Id, id, cancellationToken);
        if (before.Part.UsedIn > 0 && (before.Part.IsShared != request.IsShared || before.Part.IsBlock != request.IsBlock))
        {
            throw new ConflictException("part_in_use", $"{before.Part.UsedIn} mails name this shared part: it stays what it is.");
        }

        var changed = await Sql.Of($"""
            update messaging.design_part
            set name = {request.Name.Trim()}, category = {request.Category.Trim()}, is_shared = {request.IsShared}, is_block = {request.IsBlock},
                section = {new JsonText(section)}, updated_at = {clock.GetUtcNow()}, revision = revision + 1
            where account_id = {account.Id} and id = {id} and ({revision} is null or revision = {revision})
            """).ExecuteAsync(work, cancellationToken);
        if (changed == 0)
        {
            throw new VersionConflictException("Somebody else has changed this part meanwhile.");
        }

        await audit.AppendAsync(work.Transaction, account.Id, account.UserId, "design_part.save", "design_part", id, new { request.Name }, cancellationToken);
        var saved = await DetailAsync(work, account.Id, id, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return saved;
    }

    private static async Task<NoContent> DeleteAsync(long id, CurrentAccount account, NpgsqlDataSource database, IAudit audit, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var part = (await DetailAsync(work, account.Id, id, cancellationToken)).Part;
        if (part.UsedIn > 0)
        {
            throw new ConflictException("part_in_use", $"{part.UsedIn} mails name this shared part. Take it out of them first, or make copies of it there.");
        }

        await Sql.Of($"delete from messaging.design_part where account_id = {account.Id} and id = {id}").ExecuteAsync(work, cancellationToken);
        await audit.AppendAsync(work.Transaction, account.Id, account.UserId, "design_part.delete", "design_part", id, new { part.Name }, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<PartDetail> DetailAsync(AccountTransaction work, long accountId, long id, CancellationToken cancellationToken)
    {
        var row = await Sql.Of($"""
            select id, name, category, is_shared, is_block, section, revision, 0::bigint, updated_at from messaging.design_part
            where account_id = {accountId} and id = {id}
            """).FirstAsync<PartView>(work, cancellationToken) ?? throw new NotFoundException();
        if (!row.IsShared)
        {
            return new(row, []);
        }

        var places = await Sql.Of($"""
            select m.id, m.name, m.automation_id from messaging.message m
            where m.account_id = {accountId} and not m.is_test and m.design is not null and {Names(id)}
            order by m.updated_at desc, m.id desc
            """).ListAsync<PartPlace>(work, cancellationToken);
        return new(row with { UsedIn = places.Count }, [.. places.Take(MaxNamed)]);
    }

    /// <summary>How often each part is named: the parts themselves are few, the mails many.</summary>
    private static async Task<Dictionary<long, long>> UsesAsync(AccountTransaction work, long accountId, CancellationToken cancellationToken) =>
        (await Sql.Of($"""
            select named.part, count(distinct m.id)
            from messaging.message m
            cross join lateral (
                select (v::text)::numeric::bigint as part
                from jsonb_path_query(m.design, '$.sections[*].shared') v where jsonb_typeof(v) = 'number'
                union all
                select (v::text)::numeric::bigint
                from jsonb_path_query(m.design, '$.sections[*].columns[*].blocks[*] ? (@.kind == "shared").options.part') v where jsonb_typeof(v) = 'number'
            ) named
            where m.account_id = {accountId} and not m.is_test and m.design is not null and m.design::text like '%"shared"%'
            group by named.part
            """).ListAsync<Use>(work, cancellationToken)).ToDictionary(u => u.Part, u => u.Mails);

    private sealed record Use(long Part, long Mails);

    private static Sql Names(long id) => Sql.Of($"""
        (jsonb_path_exists(m.design, '$.sections[*] ? (@.shared == $id)', jsonb_build_object('id', {id}))
          or jsonb_path_exists(m.design, '$.sections[*].columns[*].blocks[*] ? (@.kind == "shared" && @.options.part == $id)', jsonb_build_object('id', {id})))
        """);

    /// <returns>The section as it is stored.</returns>
    private static string Check(PartInput input)
    {
        if (input.Name.Trim().Length is < 1 or > 100)
        {
            throw new InvalidInputException("/name", "length", "A name has 1 to 100 characters.");
        }

        if (input.Category.Trim().Length > 50)
        {
            throw new InvalidInputException("/category", "length", "A category has at most 50 characters.");
        }

        if (input.Section.ValueKind is not JsonValueKind.Object)
        {
            throw new InvalidInputException("/section", "design_invalid", "A section is an object.");
        }

        try
        {
            var section = DesignJson.ReadSection(input.Section.GetRawText());
            if (SharedParts.IdsIn([section]).Any())
            {
                throw new InvalidInputException("/section", "shared_inside", "A part does not name other shared parts.");
            }

            if (input.IsBlock && section.Columns is not [{ Blocks.Count: 1 }])
            {
                throw new InvalidInputException("/section", "design_invalid", "A block is the only one in its section.");
            }

            return DesignJson.WriteSection(section);
        }
        catch (DesignInvalidException e)
        {
            throw new InvalidInputException("/section" + e.Path, e.Code, e.Message);
        }
    }
}
