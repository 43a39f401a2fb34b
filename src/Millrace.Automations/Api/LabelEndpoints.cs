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

namespace Millrace.Automations.Api;

/// <summary><c>/api/app/automation-labels</c>: words with a colour that order the automations of an account; an automation may bear several.</summary>
internal sealed class LabelEndpoints : IEndpoint
{
    private const int MaxName = 100;
    private const int MaxLabels = 500;
    private const int MaxAutomations = 1_000;

    /// <summary>Names of the UI's palette: light and dark are its affair.</summary>
    private static readonly HashSet<string> Colours = new(StringComparer.Ordinal)
    {
        "gray", "red", "pink", "grape", "violet", "indigo", "blue", "cyan", "teal", "green", "lime", "yellow", "orange",
    };

    public static void Map(ModuleRoutes routes)
    {
        routes.App.MapGet("automation-labels", All).WithName("app_automation_label_list").RequirePermission(Permission.ViewAutomations);
        routes.App.MapPost("automation-labels", Create).WithName("app_automation_label_create").RequirePermission(Permission.ManageAutomations);
        routes.App.MapPut("automation-labels/{id:long}", Change).WithName("app_automation_label_change").RequirePermission(Permission.ManageAutomations);
        routes.App.MapDelete("automation-labels/{id:long}", Delete).WithName("app_automation_label_delete").RequirePermission(Permission.ManageAutomations);
        routes.App.MapPost("automations/labels", Assign).WithName("app_automation_label_assign").RequirePermission(Permission.ManageAutomations);
    }

    /// <param name="Name">1 to 100 characters, unique in the account ignoring case.</param>
    /// <param name="Colour"><c>gray red pink grape violet indigo blue cyan teal green lime yellow orange</c>.</param>
    internal sealed record LabelInput(string Name, string Colour = "gray");

    /// <param name="Automations">How many bear it.</param>
    internal sealed record LabelView(long Id, string Name, string Colour, long Automations);

    internal sealed record LabelList(IReadOnlyList<LabelView> Items);

    /// <param name="AutomationIds">1 to 1,000; those that are not here are passed over.</param>
    /// <param name="Add">Labels to put on them.</param>
    /// <param name="Remove">Labels to take off them.</param>
    internal sealed record LabelAssignment(long[] AutomationIds, long[]? Add = null, long[]? Remove = null);

    /// <param name="Changed">Automations whose labels are others now.</param>
    internal sealed record AssignedLabels(int Changed);

    private static async Task<Ok<LabelList>> All(CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        return TypedResults.Ok(new LabelList(await Query(account.Id, Sql.Of($"order by lower(l.name)")).ListAsync<LabelView>(work, cancellationToken)));
    }

    private static async Task<Created<LabelView>> Create(
        LabelInput request, CurrentAccount account, TimeProvider clock, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        var (name, colour) = Read(request);
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        if (await Sql.Of($"select count(*) from automations.label where account_id = {account.Id}").FirstAsync<long>(work, cancellationToken) >= MaxLabels)
        {
            throw new ConflictException("too_many_labels", $"An account has at most {MaxLabels} labels.");
        }

        var id = await Sql.Of($"""
            insert into automations.label (account_id, name, colour, created_at) values ({account.Id}, {name}, {colour}, {clock.GetUtcNow()}) returning id
            """).FirstAsync<long>(work, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return TypedResults.Created($"/api/app/automation-labels/{id}", new LabelView(id, name, colour, 0));
    }

    private static async Task<Ok<LabelView>> Change(
        long id, LabelInput request, CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        var (name, colour) = Read(request);
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        await Sql.Of($"update automations.label set name = {name}, colour = {colour} where account_id = {account.Id} and id = {id}").ExecuteAsync(work, cancellationToken);
        var view = await Query(account.Id, Sql.Of($"and l.id = {id}")).FirstAsync<LabelView>(work, cancellationToken) ?? throw new NotFoundException("There is no such label.");
        await work.CommitAsync(cancellationToken);
        return TypedResults.Ok(view);
    }

    /// <summary>The label comes off its automations; they stay.</summary>
    private static async Task<NoContent> Delete(
        long id, CurrentAccount account, IAudit audit, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var name = await Sql.Of($"delete from automations.label where account_id = {account.Id} and id = {id} returning name")
            .FirstAsync<string>(work, cancellationToken) ?? throw new NotFoundException("There is no such label.");
        await audit.AppendAsync(work.Transaction, account.Id, account.UserId, "automation_label.delete", "automation_label", id, new { name }, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return TypedResults.NoContent();
    }

    /// <summary>Puts labels on automations and takes others off, in one go. What is so already stays so.</summary>
    private static async Task<Ok<AssignedLabels>> Assign(
        LabelAssignment request, CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        if (request.AutomationIds.Length is 0 or > MaxAutomations)
        {
            throw new InvalidInputException("/automation_ids", "length", $"1 to {MaxAutomations} automations at a time.");
        }

        var (add, remove) = (request.Add ?? [], request.Remove ?? []);
        if (add.Length > MaxLabels || remove.Length > MaxLabels)
        {
            throw new InvalidInputException(add.Length > MaxLabels ? "/add" : "/remove", "length", $"At most {MaxLabels} labels at a time.");
        }

        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var known = await Sql.Of($"select id from automations.label where account_id = {account.Id} and id = any ({add})").ListAsync<long>(work, cancellationToken);
        if (add.Except(known).Any())
        {
            throw new InvalidInputException("/add", "reference_missing", "There is no such label.");
        }

        var changed = await Sql.Of($"""
            with gone as (delete from automations.automation_label where account_id = {account.Id} and automation_id = any ({request.AutomationIds})
                                 and label_id = any ({remove}) and label_id <> all ({add}) returning automation_id),
                 made as (insert into automations.automation_label (account_id, automation_id, label_id)
                          select a.account_id, a.id, l from automations.automation a cross join unnest({add}) l
                          where a.account_id = {account.Id} and a.id = any ({request.AutomationIds}) and a.deleted_at is null
                          on conflict do nothing returning automation_id)
            select count(distinct b.automation_id)::int from (select automation_id from gone union all select automation_id from made) b
            """).FirstAsync<int>(work, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return TypedResults.Ok(new AssignedLabels(changed));
    }

    private static Sql Query(long accountId, Sql more) => Sql.Of($"""
        select l.id, l.name, l.colour, (select count(*) from automations.automation_label b join automations.automation a on a.account_id = b.account_id and a.id = b.automation_id
                                        where b.account_id = l.account_id and b.label_id = l.id and a.deleted_at is null)
        from automations.label l where l.account_id = {accountId} {more}
        """);

    private static (string Name, string Colour) Read(LabelInput input)
    {
        var name = input.Name.Trim();
        var errors = new List<FieldError>();
        if (name.Length is 0 or > MaxName || name.Any(char.IsControl))
        {
            errors.Add(new FieldError("/name", "length", $"A name has 1 to {MaxName} characters on one line."));
        }

        if (!Colours.Contains(input.Colour))
        {
            errors.Add(new FieldError("/colour", "unknown_choice", $"A colour is one of: {string.Join(", ", Colours)}."));
        }

        return errors.Count > 0 ? throw new InvalidInputException(errors) : (name, input.Colour);
    }
}
