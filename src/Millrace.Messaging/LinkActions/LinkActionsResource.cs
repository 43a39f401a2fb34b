using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Millrace.Accounts.Contracts;
using Millrace.Contacts.Contracts;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Extensibility;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Npgsql;

namespace Millrace.Messaging.LinkActions;

/// <summary>
/// <c>/api/app/messages/{id}/link-actions</c>: what is done with those who open a mail or follow its links. The actions are those that can be done to many
/// contacts at once (<c>GET /api/app/bulk/actions</c> describes them and their options), but for those that destroy something.
/// </summary>
internal sealed class LinkActionsResource : IEndpoint
{
    private const int MaxActions = 50;

    public static void Map(ModuleRoutes routes)
    {
        routes.App.MapGet("messages/{id:long}/link-actions", ShowAsync).WithName("link_actions_show").RequirePermission(Permission.ViewMessages);
        routes.App.MapPut("messages/{id:long}/link-actions", SaveAsync).WithName("link_actions_save").RequirePermission(Permission.ManageMessages);
    }

    internal enum LinkActionCause
    {
        Opened,
        Clicked,
    }

    /// <param name="Id">Of one that is there already and goes on; null: a new one.</param>
    /// <param name="Url">The link as written in the mail; null: any. Of opens always null.</param>
    /// <param name="Action">Key of the action, for example <c>tag.add</c>.</param>
    internal sealed record LinkActionInput(LinkActionCause Cause, string Action, JsonElement Settings, string? Url = null, long? Id = null);

    internal sealed record LinkActionsInput(IReadOnlyList<LinkActionInput> Actions);

    /// <param name="Says">In words: <c>Add the tag “VIP”</c>; null where what it points to is gone.</param>
    /// <param name="Done">For how many contacts and links it has been done.</param>
    /// <param name="Failed">For how many of these it could not be.</param>
    internal sealed record LinkActionView(long Id, LinkActionCause Cause, string? Url, string Action, JsonElement Settings, string? Says, long Done, long Failed);

    internal sealed record LinkActionsView(IReadOnlyList<LinkActionView> Actions);

    private sealed record Row(long Id, LinkActionCause Cause, string? Url, string Action, JsonElement Settings, long Done, long Failed);

    private static async Task<LinkActionsView> ShowAsync(
        long id, CurrentAccount account, NpgsqlDataSource database, Catalogue<BulkAction> actions, BulkSettings settings, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        await RequireAsync(work, account.Id, id, cancellationToken);
        return await ViewAsync(work, account.Id, id, actions, settings, cancellationToken);
    }

    /// <summary>Replaces them all. One that is named by its number goes on, and whom it was done for already stays done.</summary>
    private static async Task<LinkActionsView> SaveAsync(
        long id, LinkActionsInput request, CurrentAccount account, NpgsqlDataSource database, Catalogue<BulkAction> actions, BulkSettings settings, IAudit audit,
        TimeProvider clock, CancellationToken cancellationToken)
    {
        if (request.Actions.Count > MaxActions)
        {
            throw new InvalidInputException("/actions", "length", $"A mail has at most {MaxActions} actions.");
        }

        var now = clock.GetUtcNow();
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        await RequireAsync(work, account.Id, id, cancellationToken);
        for (var i = 0; i < request.Actions.Count; i++)
        {
            await CheckAsync(work, account, request.Actions[i], $"/actions/{i}", actions, settings, cancellationToken);
        }

        long[] kept = [.. request.Actions.Select(a => a.Id ?? 0).Where(k => k > 0)];
        await Sql.Of($"delete from messaging.link_action where account_id = {account.Id} and message_id = {id} and id <> all ({kept})").ExecuteAsync(work, cancellationToken);
        foreach (var action in request.Actions)
        {
            var json = new JsonText(action.Settings.GetRawText());
            var changed = action.Id is not { } known ? 0 : await Sql.Of($"""
                update messaging.link_action set cause = {action.Cause}, url = {action.Url}, action = {action.Action}, settings = {json}
                where account_id = {account.Id} and message_id = {id} and id = {known}
                """).ExecuteAsync(work, cancellationToken);
            if (changed == 0)
            {
                await Sql.Of($"""
                    insert into messaging.link_action (account_id, message_id, cause, url, action, settings, created_at)
                    values ({account.Id}, {id}, {action.Cause}, {action.Url}, {action.Action}, {json}, {now})
                    """).ExecuteAsync(work, cancellationToken);
            }
        }

        await audit.AppendAsync(work.Transaction, account.Id, account.UserId, "link_actions.save", "message", id, new { actions = request.Actions.Count }, cancellationToken);
        var view = await ViewAsync(work, account.Id, id, actions, settings, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return view;
    }

    private static async Task CheckAsync(
        AccountTransaction work, CurrentAccount account, LinkActionInput? input, string path, Catalogue<BulkAction> actions, BulkSettings settings, CancellationToken cancellationToken)
    {
        if (input is null)
        {
            throw new InvalidInputException(path, "required", "An action is an object.");
        }

        if (input.Settings.ValueKind != JsonValueKind.Object)
        {
            throw new InvalidInputException(path + "/settings", "wrong_type", "The options of the action are an object.");
        }

        if (actions.Find(input.Action) is not { IsDestructive: false } action)
        {
            throw new InvalidInputException(path + "/action", "unknown", "There is no such action.");
        }

        if (!account.May(action.Permission))
        {
            throw new ForbiddenException("You may not do this to contacts.");
        }

        if (input.Url is { } url && (input.Cause == LinkActionCause.Opened || url.Length is 0 or > 2_048))
        {
            throw new InvalidInputException(path + "/url", "length", "A link has at most 2,048 characters, and only clicks have one.");
        }

        try
        {
            var (read, _) = await settings.ReadAsync(work, account.Id, action, input.Settings, cancellationToken);
            await action.CheckAsync(work.Transaction, account.Id, read, cancellationToken);
        }
        catch (InvalidInputException e)
        {
            throw new InvalidInputException([.. e.Errors.Select(f => f with { Path = path + f.Path })]);
        }
    }

    private static async Task<LinkActionsView> ViewAsync(
        AccountTransaction work, long accountId, long messageId, Catalogue<BulkAction> actions, BulkSettings settings, CancellationToken cancellationToken)
    {
        var rows = await Sql.Of($"""
            select a.id, a.cause, a.url, a.action, a.settings, coalesce(d.done, 0), coalesce(d.failed, 0)
            from messaging.link_action a
            left join lateral (
                select count(*) as done, count(failure) as failed from messaging.link_action_done d where d.account_id = a.account_id and d.link_action_id = a.id) d on true
            where a.account_id = {accountId} and a.message_id = {messageId} order by a.id
            """).ListAsync<Row>(work, cancellationToken);
        var views = new List<LinkActionView>();
        foreach (var row in rows)
        {
            views.Add(new(row.Id, row.Cause, row.Url, row.Action, row.Settings, await SayAsync(row), row.Done, row.Failed));
        }

        return new(views);

        async Task<string?> SayAsync(Row row)
        {
            try
            {
                return actions.Find(row.Action) is { } action ? (await settings.ReadAsync(work, accountId, action, row.Settings, cancellationToken)).Title : null;
            }
            catch (InvalidInputException)
            {
                return null;
            }
        }
    }

    private static async Task RequireAsync(AccountTransaction work, long accountId, long id, CancellationToken cancellationToken)
    {
        if (await Sql.Of($"select 1 from messaging.message where account_id = {accountId} and id = {id} and not is_test").FirstAsync<int?>(work, cancellationToken) is null)
        {
            throw new NotFoundException("There is no such message.");
        }
    }
}
