using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Routing;
using Millrace.Accounts.Contracts;
using Millrace.Automations.Definitions;
using Millrace.Automations.Engine;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Millrace.Kernel.Workers;
using Npgsql;

namespace Millrace.Automations.Api;

/// <summary>Checking, publishing, switching on and off, and the versions of an automation.</summary>
internal sealed class PublishEndpoints : IEndpoint
{
    public static void Map(ModuleRoutes routes)
    {
        routes.App.MapPost("automations/{id:long}/check", Check).WithName("app_automation_check").RequirePermission(Permission.ViewAutomations);
        routes.App.MapGet("automations/{id:long}/publish-preview", Preview).WithName("app_automation_publish_preview").RequirePermission(Permission.ViewAutomations);
        routes.App.MapPost("automations/{id:long}/publish", Publish).WithName("app_automation_publish").RequirePermission(Permission.ManageAutomations);
        routes.App.MapPost("automations/{id:long}/activate", Activate).WithName("app_automation_activate").RequirePermission(Permission.ManageAutomations);
        routes.App.MapPost("automations/{id:long}/deactivate", Deactivate).WithName("app_automation_deactivate").RequirePermission(Permission.ManageAutomations);
        routes.App.MapGet("automations/{id:long}/versions", Versions).WithName("app_automation_versions").RequirePermission(Permission.ViewAutomations);
        routes.App.MapGet("automations/{id:long}/versions/{number:int}", Version).WithName("app_automation_version").RequirePermission(Permission.ViewAutomations);
        routes.App.MapPost("automations/{id:long}/versions/{number:int}/restore", Restore)
            .WithName("app_automation_restore").RequirePermission(Permission.ManageAutomations);
    }

    /// <param name="Document">The document to check; absent: the stored draft.</param>
    internal sealed record CheckRequest(JsonElement? Document = null);

    internal sealed record CheckResult(IReadOnlyList<FlowProblem> Problems);

    /// <param name="Note">Why, in the publisher's words: at most 1,000 characters, shown in the list of versions.</param>
    internal sealed record PublishRequest(string? Note = null);

    /// <param name="Publisher">Name of the user, the address where there is none; null when the user is gone or it came through the API.</param>
    internal sealed record VersionItem(int Number, DateTimeOffset PublishedAt, long? PublishedBy, bool Current, string Note, string? Publisher);

    /// <param name="Document">As it was published, without what the server added.</param>
    /// <param name="Names">For each source the names of the ids in it, as they are now.</param>
    internal sealed record VersionDocument(
        int Number, DateTimeOffset PublishedAt, JsonElement Document, string Note, IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Names);

    private sealed record StoredVersion(int Number, DateTimeOffset PublishedAt, JsonElement Document, string Note);

    private sealed record VersionRow(int Number, DateTimeOffset PublishedAt, long? PublishedBy, bool Current, string Note);

    private static async Task<Ok<CheckResult>> Check(
        long id, CheckRequest request, CurrentAccount account, FlowChecks checks, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var row = await AutomationRow.ReadAsync(work.Transaction, account.Id, id, cancellationToken);
        if (request.Document is { ValueKind: not JsonValueKind.Object })
        {
            throw new InvalidInputException("/document", "wrong_type", "An object is needed here.");
        }

        var (_, problems) = await checks.CheckAsync(work, account.Id, id, request.Document ?? row.Draft, cancellationToken);
        return TypedResults.Ok(new CheckResult(problems));
    }

    /// <summary>What publishing the stored draft would do to the people inside.</summary>
    private static async Task<Ok<PublishPreview>> Preview(
        long id, CurrentAccount account, Publishing publishing, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        return TypedResults.Ok(await publishing.PreviewAsync(work, account.Id, id, cancellationToken));
    }

    private static async Task<Ok<Published>> Publish(
        long id, [FromBody(EmptyBodyBehavior = EmptyBodyBehavior.Allow)] PublishRequest? request, CurrentAccount account, Publishing publishing, WorkSignal signal,
        NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var published = await publishing.PublishAsync(work, account.Id, id, account.UserId, cancellationToken, request?.Note);
        await work.CommitAsync(cancellationToken);
        signal.Pulse(nameof(RunEngine));
        return TypedResults.Ok(published);
    }

    private static async Task<NoContent> Activate(
        long id, CurrentAccount account, Publishing publishing, WorkSignal signal, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        await publishing.ActivateAsync(work, account.Id, id, account.UserId, cancellationToken);
        await work.CommitAsync(cancellationToken);
        signal.Pulse(nameof(RunEngine));
        return TypedResults.NoContent();
    }

    private static async Task<NoContent> Deactivate(
        long id, CurrentAccount account, Publishing publishing, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        await publishing.DeactivateAsync(work, account.Id, id, account.UserId, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return TypedResults.NoContent();
    }

    /// <summary>Newest first, at most 100.</summary>
    /// <param name="before">Only versions with a lower number: the next page.</param>
    private static async Task<Ok<List<VersionItem>>> Versions(
        long id, CurrentAccount account, PublisherNames publishers, NpgsqlDataSource database, CancellationToken cancellationToken, int? before = null)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var row = await AutomationRow.ReadAsync(work.Transaction, account.Id, id, cancellationToken);
        var rows = await Sql.Of($"""
            select number, published_at, published_by, number = {row.PublishedVersion ?? 0}, note from automations.version
            where account_id = {account.Id} and automation_id = {id} and number < {before ?? int.MaxValue} order by number desc limit 100
            """).ListAsync<VersionRow>(work, cancellationToken);
        var names = await publishers.OfAsync(work, account.Id, rows.Select(r => r.PublishedBy), cancellationToken);
        return TypedResults.Ok(rows.ConvertAll(r => new VersionItem(
            r.Number, r.PublishedAt, r.PublishedBy, r.Current, r.Note, r.PublishedBy is { } user ? names.GetValueOrDefault(user) : null)));
    }

    private static async Task<Ok<VersionDocument>> Version(
        long id, int number, CurrentAccount account, DocumentNodes nodes, DocumentNames names, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var stored = await ReadAsync(work, account.Id, id, number, cancellationToken);
        var document = (JsonObject)JsonNode.Parse(stored.Document.GetRawText())!;
        nodes.RemoveHidden(document);
        var shown = JsonElement.Parse(document.ToJsonString());
        return TypedResults.Ok(new VersionDocument(
            stored.Number, stored.PublishedAt, shown, stored.Note, await names.AllAsync(work, account.Id, shown, cancellationToken)));
    }

    /// <summary>The version becomes the draft; nothing is published by it.</summary>
    private static async Task<Ok<SavedDraft>> Restore(
        long id, int number, CurrentAccount account, AutomationDrafts drafts, DocumentNodes nodes, IAudit audit, NpgsqlDataSource database,
        CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var row = await AutomationRow.LockAsync(work.Transaction, account.Id, id, cancellationToken);
        var version = await ReadAsync(work, account.Id, id, number, cancellationToken);
        var document = (JsonObject)JsonNode.Parse(version.Document.GetRawText())!;
        nodes.RemoveHidden(document);
        var saved = await drafts.SaveAsync(
            work.Transaction, account.Id, account.UserId, id, row.Revision, row.Name, row.Description, document, cancellationToken);
        await audit.AppendAsync(work.Transaction, account.Id, account.UserId, "automation.restore", "automation", id, new { version = number }, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return TypedResults.Ok(saved);
    }

    private static async Task<StoredVersion> ReadAsync(AccountTransaction work, long accountId, long id, int number, CancellationToken cancellationToken) =>
        await Sql.Of($"""
            select number, published_at, document, note from automations.version where account_id = {accountId} and automation_id = {id} and number = {number}
            """).FirstAsync<StoredVersion>(work, cancellationToken) ?? throw new NotFoundException("There is no such version.");
}
