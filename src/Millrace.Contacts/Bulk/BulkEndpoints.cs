using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Millrace.Contacts.Contracts;
using Millrace.Contacts.People;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Extensibility;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Millrace.Kernel.Workers;
using Npgsql;

namespace Millrace.Contacts.Bulk;

/// <summary><c>/api/app/contacts/bulk</c>: actions on many contacts as durable jobs.</summary>
internal sealed class BulkEndpoints : IEndpoint
{
    /// <summary>A job of so many contacts is done before the answer; a larger one goes on in the background.</summary>
    private const int AtOnce = 200;

    private const int ListedJobs = 50;

    public static void Map(ModuleRoutes routes)
    {
        routes.App.MapGet("contacts/bulk/actions", Actions).WithName("bulk_actions").RequirePermission(Permission.ViewContacts);
        routes.App.MapPost("contacts/bulk/count", Count).WithName("bulk_count").RequirePermission(Permission.ViewContacts);
        routes.App.MapGet("contacts/bulk", List).WithName("bulk_list").RequirePermission(Permission.ViewContacts);
        routes.App.MapPost("contacts/bulk", Start).WithName("bulk_start").RequirePermission(Permission.ManageContacts);
        routes.App.MapGet("contacts/bulk/{id:long}", Get).WithName("bulk_get").RequirePermission(Permission.ViewContacts);
        routes.App.MapPost("contacts/bulk/{id:long}/cancel", Cancel).WithName("bulk_cancel").RequirePermission(Permission.ManageContacts);
        routes.App.MapPost("contacts/bulk/{id:long}/undo", Undo).WithName("bulk_undo").RequirePermission(Permission.ManageContacts);
    }

    /// <param name="Options">The form.</param>
    /// <param name="Allowed">Whether this user may.</param>
    internal sealed record BulkActionView(
        string Key, string Title, string Description, string Icon, bool IsDestructive, bool CanUndo, bool Allowed, IReadOnlyList<SettingsOption> Options);

    internal sealed record BulkActionList(IReadOnlyList<BulkActionView> Items);

    internal sealed record BulkCount(long Total);

    /// <param name="Action">Key of the catalogue.</param>
    /// <param name="Settings">Its options.</param>
    /// <param name="Expected">What a person has agreed to: with more contacts than that nothing is begun (409 <c>selection_grew</c>).</param>
    internal sealed record BulkStart(
        string Action, JsonElement Settings, long? Expected = null, IReadOnlyList<long>? ContactIds = null, ContactFilter? Filter = null,
        JsonElement? Conditions = null, IReadOnlyList<long>? Except = null) : ContactSelection(ContactIds, Filter, Conditions, Except);

    /// <param name="State"><c>running</c>, <c>finished</c>, <c>cancelled</c> or <c>failed</c>.</param>
    /// <param name="Total">Contacts chosen at the start.</param>
    /// <param name="Skipped">Left out; why says <paramref name="Reasons"/>.</param>
    /// <param name="UndoUntil">Null when it cannot be taken back (any more).</param>
    /// <param name="ItemsKept">Whether the single contacts can still be listed.</param>
    internal sealed record BulkJobView(
        long Id, string Action, string Title, string Icon, string State, long Total, long Done, long Changed, long Skipped, string? StartedBy, long? UndoOf,
        long? UndoneBy, DateTimeOffset? UndoUntil, bool ItemsKept, string? Problem, DateTimeOffset CreatedAt, DateTimeOffset? FinishedAt,
        IReadOnlyList<BulkReasonView> Reasons);

    internal sealed record BulkReasonView(string Reason, string Text, long Total);

    internal sealed record BulkJobList(IReadOnlyList<BulkJobView> Items);

    private static Ok<BulkActionList> Actions(CurrentAccount account, Catalogue<BulkAction> actions) => TypedResults.Ok(new BulkActionList(
        [.. actions.All.OrderBy(a => a.Order).ThenBy(a => a.Key, StringComparer.Ordinal).Select(a => new BulkActionView(
            a.Key, a.Title, a.Description, a.Icon, a.IsDestructive, a.CanUndo, account.May(Permission.ManageContacts) && account.May(a.Permission),
            SettingsShape.Of(a.SettingsType).Options))]));

    private static async Task<Ok<BulkCount>> Count(
        ContactSelection request, CurrentAccount account, NpgsqlDataSource database, IContactConditions conditions, TimedLooks looks, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        request.Check(string.Empty);
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var meant = await request.ConditionAsync(
            work, conditions, new SegmentContext(account.Id, clock.GetUtcNow(), account.TimeZone), string.Empty, cancellationToken);
        return TypedResults.Ok(new BulkCount(await looks.ChoiceAsync(
            work,
            "/conditions",
            () => Sql.Of($"select count(*) from contacts.contact c where {meant}").FirstAsync<long>(work, cancellationToken),
            cancellationToken)));
    }

    private static async Task<Ok<BulkJobList>> List(
        CurrentAccount account, NpgsqlDataSource database, BulkViews views, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        return TypedResults.Ok(new BulkJobList(
            await views.OfAsync(work, account.Id, await BulkJobRow.LatestAsync(work, account.Id, ListedJobs, cancellationToken), cancellationToken)));
    }

    private static async Task<Created<BulkJobView>> Start(
        BulkStart request, CurrentAccount account, NpgsqlDataSource database, Catalogue<BulkAction> actions, BulkJobs jobs, RunBulkJobs runner,
        WorkSignal signal, BulkViews views, CancellationToken cancellationToken)
    {
        var action = actions.Find(request.Action) ?? throw new InvalidInputException("/action", "unknown_action", "There is no such bulk action.");
        Allow(account, action);
        var worker = RandomToken.New(16);
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var (id, total) = await jobs.StartAsync(work, account, action, request.Settings, request, request.Expected, worker, cancellationToken);
        return await GoAsync(work, id, total, worker, account, database, runner, signal, views, cancellationToken);
    }

    private static async Task<Ok<BulkJobView>> Get(
        long id, CurrentAccount account, NpgsqlDataSource database, BulkViews views, CancellationToken cancellationToken) =>
        TypedResults.Ok(await ViewAsync(id, account, database, views, cancellationToken));

    private static async Task<Ok<BulkJobView>> Cancel(
        long id, CurrentAccount account, NpgsqlDataSource database, BulkJobs jobs, BulkViews views, CancellationToken cancellationToken)
    {
        await using (var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken))
        {
            await jobs.CancelAsync(work, account, id, cancellationToken);
            await work.CommitAsync(cancellationToken);
        }

        return TypedResults.Ok(await ViewAsync(id, account, database, views, cancellationToken));
    }

    private static async Task<Created<BulkJobView>> Undo(
        long id, CurrentAccount account, NpgsqlDataSource database, Catalogue<BulkAction> actions, BulkJobs jobs, RunBulkJobs runner, WorkSignal signal,
        BulkViews views, CancellationToken cancellationToken)
    {
        var worker = RandomToken.New(16);
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var job = await BulkJobRow.FindAsync(work, account.Id, id, cancellationToken) ?? throw new NotFoundException();
        var action = actions.Find(job.Action) ?? throw new ConflictException("not_undoable", "This action no longer exists.");
        Allow(account, action);
        var (undoId, total) = await jobs.UndoAsync(work, account, job, action, worker, cancellationToken);
        return await GoAsync(work, undoId, total, worker, account, database, runner, signal, views, cancellationToken);
    }

    /// <summary>Small jobs are over when the answer comes; the others are handed to the workers.</summary>
    private static async Task<Created<BulkJobView>> GoAsync(
        AccountTransaction work, long id, long total, string worker, CurrentAccount account, NpgsqlDataSource database, RunBulkJobs runner,
        WorkSignal signal, BulkViews views, CancellationToken cancellationToken)
    {
        if (total > AtOnce)
        {
            await Sql.Of($"update contacts.bulk_job set worker = null, worker_until = null where account_id = {account.Id} and id = {id}")
                .ExecuteAsync(work, cancellationToken);
        }

        await work.CommitAsync(cancellationToken);
        if (total > AtOnce)
        {
            signal.Pulse(nameof(RunBulkJobs));
        }
        else
        {
            await runner.RunNowAsync(account.Id, id, worker, cancellationToken);
        }

        return TypedResults.Created($"/api/app/contacts/bulk/{id}", await ViewAsync(id, account, database, views, cancellationToken));
    }

    private static async Task<BulkJobView> ViewAsync(
        long id, CurrentAccount account, NpgsqlDataSource database, BulkViews views, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var job = await BulkJobRow.FindAsync(work, account.Id, id, cancellationToken) ?? throw new NotFoundException();
        return (await views.OfAsync(work, account.Id, [job], cancellationToken))[0];
    }

    private static void Allow(CurrentAccount account, BulkAction action)
    {
        if (!account.May(action.Permission))
        {
            throw new ForbiddenException($"This needs the permission {EnumNames<Permission>.NameOf(action.Permission)}.");
        }
    }
}
