using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Millrace.Kernel.Workers;
using Millrace.Messaging.Campaigns.Running;
using Npgsql;

namespace Millrace.Messaging.Campaigns.Editing;

/// <summary><c>POST /api/app/campaigns/{id}/...</c>: start, pause, go on, stop, choose the winner, archive. Each answers with the campaign as it is then.</summary>
internal sealed class CampaignActions : IEndpoint
{
    public static void Map(ModuleRoutes routes)
    {
        routes.App.MapPost("campaigns/{id:long}/launch", Launch).WithName("campaign_launch").RequirePermission(Permission.ManageMessages);
        routes.App.MapPost("campaigns/{id:long}/unschedule", Unschedule).WithName("campaign_unschedule").RequirePermission(Permission.ManageMessages);
        routes.App.MapPost("campaigns/{id:long}/pause", Pause).WithName("campaign_pause").RequirePermission(Permission.ManageMessages);
        routes.App.MapPost("campaigns/{id:long}/resume", Resume).WithName("campaign_resume").RequirePermission(Permission.ManageMessages);
        routes.App.MapPost("campaigns/{id:long}/stop", Stop).WithName("campaign_stop").RequirePermission(Permission.ManageMessages);
        routes.App.MapPost("campaigns/{id:long}/winner", Winner).WithName("campaign_winner").RequirePermission(Permission.ManageMessages);
        routes.App.MapPost("campaigns/{id:long}/archive", Archive).WithName("campaign_archive").RequirePermission(Permission.ManageMessages);
    }

    /// <param name="AtOnce">Now, whatever time stands in its settings; otherwise at that time.</param>
    internal sealed record LaunchInput(bool AtOnce = false);

    /// <param name="No">Number of the variant.</param>
    internal sealed record WinnerInput(short No);

    /// <param name="Hidden">False takes it out of the archive again.</param>
    internal sealed record ArchiveInput(bool Hidden = true);

    /// <summary>Sends it, schedules it or switches it on, as its settings say. 422 with what the checks forbid. Done twice, it is one start.</summary>
    private static async Task<CampaignView> Launch(
        long id, LaunchInput request, CurrentAccount account, NpgsqlDataSource database, CampaignStates states, WorkSignal signal, CancellationToken cancellationToken)
    {
        var view = await CampaignsResource.ChangeAsync(
            id, account, database, (work, campaign) => states.LaunchAsync(work, account, campaign, request.AtOnce, cancellationToken), cancellationToken);
        signal.Pulse(nameof(RunCampaigns));
        return view;
    }

    private static Task<CampaignView> Unschedule(long id, CurrentAccount account, NpgsqlDataSource database, CampaignStates states, CancellationToken cancellationToken) =>
        CampaignsResource.ChangeAsync(id, account, database, (work, campaign) => states.UnscheduleAsync(work, account, campaign, cancellationToken), cancellationToken);

    /// <summary>Effective with the answer: at most what is being handed over at that moment still goes.</summary>
    private static Task<CampaignView> Pause(long id, CurrentAccount account, NpgsqlDataSource database, CampaignStates states, CancellationToken cancellationToken) =>
        CampaignsResource.ChangeAsync(id, account, database, (work, campaign) => states.PauseAsync(work, account, campaign, cancellationToken), cancellationToken);

    private static async Task<CampaignView> Resume(
        long id, CurrentAccount account, NpgsqlDataSource database, CampaignStates states, WorkSignal signal, CancellationToken cancellationToken)
    {
        var view = await CampaignsResource.ChangeAsync(
            id, account, database, (work, campaign) => states.ResumeAsync(work, account, campaign, cancellationToken), cancellationToken);
        signal.Pulse(nameof(RunCampaigns));
        return view;
    }

    private static async Task<CampaignView> Stop(
        long id, CurrentAccount account, NpgsqlDataSource database, CampaignStates states, WorkSignal signal, CancellationToken cancellationToken)
    {
        var view = await CampaignsResource.ChangeAsync(
            id, account, database, (work, campaign) => states.StopAsync(work, account, campaign, cancellationToken), cancellationToken);
        signal.Pulse(nameof(RunCampaigns));
        return view;
    }

    private static async Task<CampaignView> Winner(
        long id, WinnerInput request, CurrentAccount account, NpgsqlDataSource database, CampaignStates states, WorkSignal signal, CancellationToken cancellationToken)
    {
        var view = await CampaignsResource.ChangeAsync(
            id, account, database, (work, campaign) => states.ChooseAsync(work, account, campaign, request.No, cancellationToken), cancellationToken);
        signal.Pulse(nameof(RunCampaigns));
        return view;
    }

    /// <summary>Takes a campaign that is over, or a draft, out of the lists; its figures stay.</summary>
    private static Task<CampaignView> Archive(long id, ArchiveInput request, CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken) =>
        CampaignsResource.ChangeAsync(id, account, database, (work, campaign) => request.Hidden && !campaign.IsOver && campaign.Status != CampaignStatus.Draft
            ? throw new ConflictException("wrong_state", "Only drafts and campaigns that are over are archived.")
            : Sql.Of($"update messaging.campaign set is_hidden = {request.Hidden} where account_id = {account.Id} and id = {campaign.Id}").ExecuteAsync(work, cancellationToken),
            cancellationToken);
}
