using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Millrace.Accounts.Contracts;
using Millrace.Kernel.Data;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Millrace.Messaging.Campaigns;
using Millrace.Messaging.Links;
using Npgsql;

namespace Millrace.Messaging.Tracking.Quality;

/// <summary><c>/api/app/mail-tracking</c>: whether what machines do counts, and how links are tagged for web statistics.</summary>
internal sealed class TrackingSettingsResource : IEndpoint
{
    public static void Map(ModuleRoutes routes)
    {
        routes.App.MapGet("mail-tracking", ShowAsync).WithName("mail_tracking_show").RequirePermission(Permission.Use);
        routes.App.MapPut("mail-tracking", SaveAsync).WithName("mail_tracking_save").RequirePermission(Permission.ManageAccount);
    }

    /// <param name="FilterMachines">
    /// From now on opens and clicks that look like a machine's are no doing of the contact: not in reports, conditions, triggers, nor link actions. What came
    /// before stays as it was.
    /// </param>
    /// <param name="Utm">For mails whose campaign says nothing of its own; null: links stay as they are.</param>
    internal sealed record TrackingSettings(bool FilterMachines, UtmSettings? Utm);

    internal static async Task<TrackingSettings> ReadAsync(NpgsqlTransaction transaction, long accountId, CancellationToken cancellationToken) =>
        await Sql.Of($"select filter_machines, utm from messaging.tracking_settings where account_id = {accountId}")
            .FirstAsync<Row>(transaction, cancellationToken) is { } row
            ? new(row.FilterMachines, LinkTags.Read(row.Utm))
            : new(FilterMachines: false, Utm: null);

    private static async Task<TrackingSettings> ShowAsync(CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        return await ReadAsync(work.Transaction, account.Id, cancellationToken);
    }

    private static async Task<TrackingSettings> SaveAsync(
        TrackingSettings request, CurrentAccount account, NpgsqlDataSource database, IAudit audit, TimeProvider clock, CancellationToken cancellationToken)
    {
        LinkTags.Check(request.Utm, "/utm");
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        await Sql.Of($"""
            insert into messaging.tracking_settings (account_id, filter_machines, utm, updated_at)
            values ({account.Id}, {request.FilterMachines}, {LinkTags.Write(request.Utm)}, {clock.GetUtcNow()})
            on conflict (account_id) do update set filter_machines = excluded.filter_machines, utm = excluded.utm, updated_at = excluded.updated_at
            """).ExecuteAsync(work, cancellationToken);
        await audit.AppendAsync(
            work.Transaction, account.Id, account.UserId, "mail_tracking.save", "account", account.Id, new { request.FilterMachines }, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return request;
    }

    private sealed record Row(bool FilterMachines, System.Text.Json.JsonElement? Utm);
}
