using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Millrace.Kernel.Workers;
using Npgsql;

namespace Millrace.Integrations.Webhooks;

/// <summary><c>/api/app/webhook-deliveries</c>: what automations and bulk imports called, what came back, and calling again by hand.</summary>
internal sealed class WebhookDeliveryEndpoints : IEndpoint
{
    private static readonly string[] States = ["queued", "delivered", "failed", "cancelled"];

    public static void Map(ModuleRoutes routes)
    {
        routes.App.MapGet("webhook-deliveries", List).WithName("webhook_delivery_list").RequirePermission(Permission.ViewAutomations);
        routes.App.MapPost("webhook-deliveries/{id:long}/replay", Replay).WithName("webhook_delivery_replay").RequirePermission(Permission.ManageAutomations);
        routes.App.MapGet("webhook-secret", Secret).WithName("webhook_secret").RequirePermission(Permission.ManageAccount);
    }

    /// <param name="Source"><c>automation</c>, or <c>bulk_import</c> for the callback of an import through the API.</param>
    /// <param name="ContactId">Like the three after it null unless a step of an automation called.</param>
    /// <param name="State"><c>queued delivered failed</c>, or <c>cancelled</c>: its run was ended before anybody was called.</param>
    /// <param name="Problem"><c>http_status unreachable timeout connection_lost address_blocked url_not_allowed automation_stopped</c>, or null.</param>
    internal sealed record WebhookDeliveryView(
        long Id, string Source, long? ContactId, long? AutomationId, string? StepKey, long? RunId, string Method, string Url, string State, short Attempts, DateTimeOffset CreatedAt,
        DateTimeOffset? AttemptedAt, DateTimeOffset? NextAt, short? StatusCode, string? Problem, string? Answer);

    internal sealed record WebhookDeliveryList(IReadOnlyList<WebhookDeliveryView> Items);

    internal sealed record WebhookSecret(string Secret);

    /// <summary>What was called, newest first; <c>before</c> is the last id of the page before.</summary>
    private static async Task<Ok<WebhookDeliveryList>> List(
        string? state, long? before, int? limit, CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        if (state is not null && !States.Contains(state))
        {
            throw new InvalidInputException("state", "choice", "One of queued, delivered, failed, cancelled.");
        }

        if (limit is < 1 or > 200)
        {
            throw new InvalidInputException("limit", "range", "1 to 200.");
        }

        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        return TypedResults.Ok(new WebhookDeliveryList(await Sql.Of($"""
            select id, case when run_id is null then 'bulk_import' else 'automation' end, contact_id, automation_id, step_key, run_id, method, url, state, attempts, created_at, attempted_at, next_at, status_code, problem, answer
            from integrations.webhook_delivery
            where account_id = {account.Id} and id < {before ?? long.MaxValue} and ({state} is null or state = {state})
            order by id desc limit {limit ?? 100}
            """).ListAsync<WebhookDeliveryView>(work, cancellationToken)));
    }

    private static async Task<NoContent> Replay(
        long id, CurrentAccount account, NpgsqlDataSource database, TimeProvider clock, WorkSignal signal, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        if (await Sql.Of($"select forgotten_at is not null from integrations.webhook_delivery where account_id = {account.Id} and id = {id} for update")
            .FirstAsync<bool?>(work, cancellationToken) is not { } isForgotten)
        {
            throw new NotFoundException();
        }

        if (isForgotten)
        {
            throw new ConflictException("call_forgotten", "The contact it was about was deleted, and what it said with them.");
        }

        await Sql.Of($"""
            update integrations.webhook_delivery set state = 'queued', next_at = {clock.GetUtcNow()}, attempts = 0 where account_id = {account.Id} and id = {id}
            """).ExecuteAsync(work, cancellationToken);
        await work.CommitAsync(cancellationToken);

        signal.Pulse(nameof(DeliverWebhooks));
        return TypedResults.NoContent();
    }

    private static Ok<WebhookSecret> Secret(CurrentAccount account, WebhookSignature signature) =>
        TypedResults.Ok(new WebhookSecret(signature.SecretOf(account.Id)));
}
