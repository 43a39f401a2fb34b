using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Millrace.Automations.Definitions;
using Millrace.Automations.People;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Npgsql;

namespace Millrace.Automations.Api;

/// <summary><c>/api/app/automations</c>: the list, and one automation with its draft.</summary>
internal sealed class AutomationEndpoints : IEndpoint
{
    public static void Map(ModuleRoutes routes)
    {
        routes.App.MapGet("automations", List).WithName("app_automation_list").RequirePermission(Permission.ViewAutomations);
        routes.App.MapPost("automations", Create).WithName("app_automation_create").RequirePermission(Permission.ManageAutomations);
        routes.App.MapGet("automations/{id:long}", Read).WithName("app_automation_read").RequirePermission(Permission.ViewAutomations);
        routes.App.MapPut("automations/{id:long}", Save).WithName("app_automation_save").RequirePermission(Permission.ManageAutomations);
        routes.App.MapDelete("automations/{id:long}", Delete).WithName("app_automation_delete").RequirePermission(Permission.ManageAutomations);
        routes.App.MapPost("automations/{id:long}/duplicate", Duplicate).WithName("app_automation_duplicate").RequirePermission(Permission.ManageAutomations);
    }

    internal sealed record AutomationPage(IReadOnlyList<AutomationListItem> Items, long Total);

    /// <param name="Changed">The draft differs from what is published.</param>
    /// <param name="Labels">Ids of its labels, by name.</param>
    internal sealed record AutomationListItem(
        long Id, string Name, AutomationStatus Status, int? PublishedVersion, bool Changed, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, long Entered,
        long Completed, long Ended, long Inside, long[] Labels);

    internal sealed record NewAutomation(string Name, string? Description = null, JsonElement? Document = null);

    internal sealed record AutomationDraft(string Name, JsonElement Document, string? Description = null);

    internal sealed record CreatedAutomation(long Id);

    /// <param name="Revision">Send it as <c>If-Match</c> when saving.</param>
    /// <param name="Document">The draft, with ids.</param>
    /// <param name="Names">For each source the names of the ids in the draft, to show it without further questions.</param>
    internal sealed record AutomationDetail(
        long Id, string Name, string Description, AutomationStatus Status, int? PublishedVersion, bool Changed, long Revision, DateTimeOffset? ActiveSince,
        DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, JsonElement Document, IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Names);

    /// <param name="label">Only those with this label; 0: only those without any.</param>
    private static async Task<Ok<AutomationPage>> List(
        CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken, string? search = null, string? status = null, int limit = 50, int offset = 0,
        long? label = null)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var pattern = string.IsNullOrWhiteSpace(search) ? null : "%" + search.Trim().ToLowerInvariant().Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal) + "%";
        var labelled = label switch
        {
            null => Sql.Empty,
            0 => Sql.Of($"and not exists (select 1 from automations.automation_label l where l.account_id = {account.Id} and l.automation_id = a.id)"),
            _ => Sql.Of($"and exists (select 1 from automations.automation_label l where l.account_id = {account.Id} and l.automation_id = a.id and l.label_id = {label})"),
        };
        var filter = Sql.Of($"a.account_id = {account.Id} and a.deleted_at is null {labelled} and ({pattern} is null or lower(a.name) like {pattern}) and ({status} is null or a.status = {status})");
        var items = await Sql.Of($"""
            select a.id, a.name, a.status, a.published_version, a.changed, a.created_at, a.updated_at, t.entered, t.completed, t.ended,
                   greatest(0, t.entered - t.completed - t.ended),
                   array(select l.label_id from automations.automation_label l join automations.label n on n.account_id = l.account_id and n.id = l.label_id
                         where l.account_id = a.account_id and l.automation_id = a.id order by lower(n.name))
            from automations.automation a
            cross join lateral (
                select coalesce(sum(total) filter (where what = 'entered'), 0)::bigint as entered,
                       coalesce(sum(total) filter (where what = 'completed'), 0)::bigint as completed,
                       coalesce(sum(total) filter (where what = 'ended'), 0)::bigint as ended
                from automations.tally y where y.account_id = a.account_id and y.automation_id = a.id and y.step_key = '') t
            where {filter}
            order by lower(a.name), a.id limit {Math.Clamp(limit, 1, 200)} offset {Math.Max(0, offset)}
            """).ListAsync<AutomationListItem>(work, cancellationToken);
        var total = await Sql.Of($"select count(*) from automations.automation a where {filter}").FirstAsync<long>(work, cancellationToken);
        return TypedResults.Ok(new AutomationPage(items, total));
    }

    private static async Task<Created<CreatedAutomation>> Create(
        NewAutomation request, CurrentAccount account, AutomationDrafts drafts, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var id = await drafts.CreateAsync(
            work.Transaction, account.Id, account.UserId, request.Name, request.Description, AsObject(request.Document), cancellationToken);
        await work.CommitAsync(cancellationToken);
        return TypedResults.Created(string.Create(CultureInfo.InvariantCulture, $"/api/app/automations/{id}"), new CreatedAutomation(id));
    }

    private static async Task<Ok<AutomationDetail>> Read(
        long id, CurrentAccount account, DocumentNames names, HttpResponse response, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var row = await AutomationRow.ReadAsync(work.Transaction, account.Id, id, cancellationToken);
        response.Headers.ETag = string.Create(CultureInfo.InvariantCulture, $"\"{row.Revision}\"");
        return TypedResults.Ok(new AutomationDetail(
            row.Id, row.Name, row.Description, row.Status, row.PublishedVersion, row.Changed, row.Revision, row.ActiveSince, row.CreatedAt, row.UpdatedAt, row.Draft,
            await names.AllAsync(work, account.Id, row.Draft, cancellationToken)));
    }

    private static async Task<Ok<SavedDraft>> Save(
        long id, AutomationDraft request, [FromHeader(Name = "If-Match")] string? ifMatch, CurrentAccount account, AutomationDrafts drafts,
        HttpResponse response, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        if (!long.TryParse(ifMatch?.Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var revision))
        {
            throw new InvalidInputException("If-Match", "required", "Say with If-Match which revision you have changed.");
        }

        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var saved = await drafts.SaveAsync(
            work.Transaction, account.Id, account.UserId, id, revision, request.Name, request.Description, AsObject(request.Document), cancellationToken);
        await work.CommitAsync(cancellationToken);
        response.Headers.ETag = string.Create(CultureInfo.InvariantCulture, $"\"{saved.Revision}\"");
        return TypedResults.Ok(saved);
    }

    /// <summary>It is gone for everybody at once; of thousands inside, the last are ended within seconds.</summary>
    private static async Task<NoContent> Delete(
        long id, CurrentAccount account, AutomationRemoval removal, CancellationToken cancellationToken)
    {
        await removal.AskAsync(account.Id, account.UserId, id, cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<Created<CreatedAutomation>> Duplicate(
        long id, CurrentAccount account, AutomationDrafts drafts, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var row = await AutomationRow.ReadAsync(work.Transaction, account.Id, id, cancellationToken);
        var name = await FreeName.LikeAsync(work, account.Id, row.Name, cancellationToken);
        var copy = await drafts.CreateAsync(
            work.Transaction, account.Id, account.UserId, name, row.Description, (JsonObject)JsonNode.Parse(row.Draft.GetRawText())!, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return TypedResults.Created(string.Create(CultureInfo.InvariantCulture, $"/api/app/automations/{copy}"), new CreatedAutomation(copy));
    }

    private static JsonObject AsObject(JsonElement? document) => document is { ValueKind: not (JsonValueKind.Null or JsonValueKind.Undefined) } given
        ? JsonNode.Parse(given.GetRawText()) as JsonObject ?? throw new InvalidInputException("/document", "wrong_type", "An object is needed here.")
        : (JsonObject)JsonNode.Parse(AutomationDrafts.EmptyDocument)!;
}

/// <summary>Names that are not taken: <c>Welcome (copy)</c>, <c>Welcome (copy 2)</c>.</summary>
internal static class FreeName
{
    public static async Task<string> LikeAsync(AccountTransaction work, long accountId, string name, CancellationToken cancellationToken)
    {
        var stem = name.Length > 180 ? name[..180] : name;
        for (var number = 1; ; number++)
        {
            var free = number == 1 ? $"{stem} (copy)" : string.Create(CultureInfo.InvariantCulture, $"{stem} (copy {number})");
            if (!await AutomationRow.IsTakenAsync(work, accountId, free, cancellationToken))
            {
                return free;
            }
        }
    }
}
