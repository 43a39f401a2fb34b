using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Millrace.Accounts.Contracts;
using Millrace.Api.Dialect;
using Millrace.Kernel.Data;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Npgsql;

namespace Millrace.Tracking.Events;

/// <summary><c>/api/3/eventTrackingEvents</c> and <c>/api/3/eventTracking</c>; <c>/api/app/event-tracking</c> for the settings page.</summary>
internal sealed class EventTrackingResource : IEndpoint
{
    public static void Map(ModuleRoutes routes)
    {
        routes.V3.MapGet("eventTrackingEvents", ListAsync).RequirePermission(Permission.ViewContacts);
        routes.V3.MapPost("eventTrackingEvents", CreateAsync).RequirePermission(Permission.ManageContacts);
        routes.V3.MapDelete("eventTrackingEvent/{name}", DeleteAsync).RequirePermission(Permission.ManageContacts);
        routes.V3.MapGet("eventTracking", static () => V3Result.Ok(new { eventTracking = new { enabled = true } })).RequirePermission(Permission.Use);
        routes.App.MapGet("event-tracking", ShowAsync).WithName("event_tracking_show").RequirePermission(Permission.Use);
    }

    private sealed record Input(string? Name);

    /// <param name="AccountId">The <c>actid</c> to send.</param>
    /// <param name="Key">The <c>key</c> to send; for servers, not for browsers.</param>
    internal sealed record EventTrackingView(long AccountId, string Key, IReadOnlyList<string> Events);

    private static async Task<EventTrackingView> ShowAsync(
        CurrentAccount account, IAccountSettings accounts, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        var settings = await accounts.GetAsync(account.Id, cancellationToken);
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var names = await Sql.Of($"select name from tracking.event_name where account_id = {account.Id} order by name").ListAsync<string>(work, cancellationToken);
        return new EventTrackingView(account.Id, settings.EventKey, names);
    }

    private static async Task<V3Result> ListAsync(HttpRequest request, CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        var query = V3Query.Of(request);
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var total = await Sql.Of($"select count(*) from tracking.event_name where account_id = {account.Id}").FirstAsync<long>(work, cancellationToken);
        var names = await Sql.Of($"""
            select name from tracking.event_name where account_id = {account.Id} order by id limit {query.Limit} offset {query.Offset}
            """).ListAsync<string>(work, cancellationToken);
        return V3Result.Ok(new { eventTrackingEvents = names.Select(n => new { name = n }), meta = new { total } });
    }

    private static async Task<V3Result> CreateAsync(
        HttpRequest request, CurrentAccount account, EventNames names, CancellationToken cancellationToken)
    {
        var input = await V3Body.ReadAsync<Input>(request, "eventTrackingEvent", cancellationToken);
        if (string.IsNullOrWhiteSpace(input.Name) || input.Name.Trim().Length > EventNames.MaxLength)
        {
            throw V3Errors.Invalid("name", "field_invalid", $"An event's name has 1 to {EventNames.MaxLength} characters.");
        }

        await names.IdOfAsync(account.Id, input.Name.Trim(), cancellationToken);
        return V3Result.Created(new { eventTrackingEvent = new { name = input.Name.Trim() } });
    }

    private static async Task<V3Result> DeleteAsync(
        string name, CurrentAccount account, EventNames names, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var deleted = await Sql.Of($"delete from tracking.event_name where account_id = {account.Id} and lower(name) = {name.ToLowerInvariant()}")
            .ExecuteAsync(work, cancellationToken);
        await work.CommitAsync(cancellationToken);
        names.Forget(account.Id, name);
        return deleted > 0 ? V3Result.Empty : throw V3Errors.NoResult("EventTrackingEvent", 0);
    }
}
