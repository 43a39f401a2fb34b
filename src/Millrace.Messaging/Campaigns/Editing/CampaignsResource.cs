using System.Globalization;
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

namespace Millrace.Messaging.Campaigns.Editing;

/// <summary><c>/api/app/campaigns</c>: the list, and what the summary page works on. A draft may be incomplete; the checks say what sending needs.</summary>
internal sealed class CampaignsResource : IEndpoint
{
    private const int MaxLimit = 100;

    public static void Map(ModuleRoutes routes)
    {
        routes.App.MapGet("campaigns", ListAsync).WithName("campaign_list").RequirePermission(Permission.ViewMessages);
        routes.App.MapPost("campaigns", CreateAsync).WithName("campaign_create").RequirePermission(Permission.ManageMessages);
        routes.App.MapGet("campaigns/{id:long}", ShowAsync).WithName("campaign_show").RequirePermission(Permission.ViewMessages);
        routes.App.MapPut("campaigns/{id:long}", SaveAsync).WithName("campaign_save").RequirePermission(Permission.ManageMessages);
        routes.App.MapDelete("campaigns/{id:long}", DeleteAsync).WithName("campaign_delete").RequirePermission(Permission.ManageMessages);
        routes.App.MapPost("campaigns/{id:long}/copy", CopyAsync).WithName("campaign_copy").RequirePermission(Permission.ManageMessages);
        routes.App.MapPost("campaigns/{id:long}/variants", AddVariantAsync).WithName("campaign_variant_add").RequirePermission(Permission.ManageMessages);
        routes.App.MapPut("campaigns/{id:long}/variants/{no:int}", SaveVariantAsync).WithName("campaign_variant_save").RequirePermission(Permission.ManageMessages);
        routes.App.MapDelete("campaigns/{id:long}/variants/{no:int}", RemoveVariantAsync).WithName("campaign_variant_remove").RequirePermission(Permission.ManageMessages);
    }

    /// <param name="Type">Never <c>automated</c>: those come with automations.</param>
    internal sealed record NewCampaign(CampaignType Type, CampaignInput Campaign);

    /// <param name="Name">Null: the name of the original with "copy".</param>
    /// <param name="ResendTo">To those of the original's audience who did not open it, or who have come since; worked out when it is sent. Null: a plain copy.</param>
    internal sealed record CopyInput(string? Name = null, ResendTo? ResendTo = null);

    /// <summary>Who a variant is from and what stands above it; its content is edited as a message.</summary>
    /// <param name="FromAddress">Empty: the account's sender.</param>
    /// <param name="Share">Part of the test, 1 to 10,000; only the ratio to the others counts.</param>
    internal sealed record VariantInput(
        string Subject = "", string Preheader = "", string FromName = "", string FromAddress = "", string ReplyTo = "", int Share = 1);

    /// <param name="MessageId">Of the first variant, for a picture.</param>
    /// <param name="Sent">Mails that were taken; opens, clicks and unsubscribes are of people, each mail once.</param>
    internal sealed record CampaignItem(
        long Id, string Name, CampaignType Type, CampaignStatus Status, string? HoldReason, IReadOnlyList<long> ListIds, long? SegmentId, DateTimeOffset? ScheduledAt,
        bool IsPredictive, bool IsHidden, long? ParentId, long? AutomationId, long MessageId, string Subject, int Variants, long Recipients, long Open, long Sent,
        long Opened, long Clicked, long Unsubscribed, DateTimeOffset? StartedAt, DateTimeOffset? FinishedAt, DateTimeOffset UpdatedAt);

    /// <param name="Next">Pass it as <c>before</c> for the next page; null: there is none.</param>
    /// <param name="Counts">How many there are of each view.</param>
    internal sealed record CampaignList(IReadOnlyList<CampaignItem> Campaigns, long? Next, IReadOnlyDictionary<string, long> Counts);

    private sealed record Row(
        long Id, string Name, CampaignType Type, CampaignStatus Status, string? HoldReason, long[] ListIds, long? SegmentId, DateTimeOffset? ScheduledAt, bool IsPredictive,
        bool IsHidden, long? ParentId, long? AutomationId, long MessageId, string Subject, int Variants, long Recipients, JsonElement Tally, long Sent, long Opened, long Clicked,
        long Unsubscribed, DateTimeOffset? StartedAt, DateTimeOffset? FinishedAt, DateTimeOffset UpdatedAt);

    private sealed record ViewCount(string View, long Count);

    /// <param name="view"><c>drafts</c>, <c>scheduled</c>, <c>sending</c>, <c>sent</c>, <c>automated</c>, <c>recurring</c>, <c>archived</c>; null: all but automated and archived ones.</param>
    /// <param name="parent">Issues of a feed campaign, and second sendings of one.</param>
    /// <param name="before">The <c>next</c> of the page before.</param>
    private static async Task<CampaignList> ListAsync(
        CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken, string? view = null, string? search = null, long? parent = null,
        long? before = null, int limit = 50)
    {
        if (limit is < 1 or > MaxLimit)
        {
            throw new InvalidInputException("limit", "validation_failed", $"A page has 1 to {MaxLimit} campaigns.");
        }

        if (view is not (null or "drafts" or "scheduled" or "sending" or "sent" or "automated" or "recurring" or "archived"))
        {
            throw new InvalidInputException("view", "validation_failed", "There is no such view.");
        }

        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var rows = await Sql.Of($"""
            with page as materialized (
                select k.*, v.message_id, v.variants from (select *, {ViewOf} as view from messaging.campaign where account_id = {account.Id}) k
                cross join lateral (
                    select min(message_id) filter (where no = 1) as message_id, count(*)::integer as variants from messaging.campaign_variant v
                    where v.account_id = {account.Id} and v.campaign_id = k.id) v
                where ({view} = k.view or ({view} is null and k.view not in ('automated', 'archived')))
                  and ({before} is null or k.id < {before}) and ({parent} is null or k.parent_id = {parent})
                  and ({search} is null or strpos(lower(k.name), lower({search})) > 0)
                order by k.id desc limit {limit + 1})
            select p.id, p.name, p.type, p.status, p.hold_reason, p.list_ids, p.segment_id, p.scheduled_at, p.is_predictive, p.is_hidden, p.parent_id, p.automation_id,
                   p.message_id, m.subject, p.variants, p.recipients, p.tally, t.sent, t.opened, t.clicked, t.unsubscribed, p.started_at, p.finished_at, p.updated_at
            from page p
            join messaging.message m on m.account_id = p.account_id and m.id = p.message_id
            cross join lateral (
                select coalesce(sum(total) filter (where what = 'sent'), 0)::bigint as sent, coalesce(sum(total) filter (where what in ('opened', 'opened_privately')), 0)::bigint as opened,
                       coalesce(sum(total) filter (where what = 'clicked'), 0)::bigint as clicked, coalesce(sum(total) filter (where what = 'unsubscribed'), 0)::bigint as unsubscribed
                from messaging.campaign_variant v
                join messaging.mail_tally y on y.account_id = v.account_id and y.automation_id = coalesce(p.automation_id, 0) and y.message_id = v.message_id
                where v.account_id = {account.Id} and v.campaign_id = p.id) t
            order by p.id desc
            """).ListAsync<Row>(work, cancellationToken);
        var counts = await Sql.Of($"select view, count(*) from (select {ViewOf} as view from messaging.campaign where account_id = {account.Id}) k group by view")
            .ListAsync<ViewCount>(work, cancellationToken);
        return new(
            [.. rows.Take(limit).Select(Item)], rows.Count > limit ? rows[limit - 1].Id : null, counts.ToDictionary(c => c.View, c => c.Count, StringComparer.Ordinal));
    }

    private static readonly Sql ViewOf = Sql.Of($"""
        case when type = 'automated' then 'automated' when is_hidden then 'archived' when status = 'draft' then 'drafts'
             when type in ('responder', 'date', 'rss') and status not in ('completed', 'stopped') then 'recurring'
             when status in ('scheduled', 'held') then 'scheduled' when status in ('sending', 'paused') then 'sending' else 'sent' end
        """);

    private static CampaignItem Item(Row r) => new(
        r.Id, r.Name, r.Type, r.Status, r.HoldReason, r.ListIds, r.SegmentId, r.ScheduledAt, r.IsPredictive, r.IsHidden, r.ParentId, r.AutomationId, r.MessageId, r.Subject,
        r.Variants, r.Recipients, Running.WatchCampaign.Open.Sum(s => r.Tally.TryGetProperty(s, out var n) ? n.GetInt64() : 0), r.Sent, r.Opened, r.Clicked, r.Unsubscribed,
        r.StartedAt, r.FinishedAt, r.UpdatedAt);

    private static async Task<CampaignView> ShowAsync(long id, CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        return await ViewAsync(work, account, id, cancellationToken);
    }

    private static async Task<Created<CampaignView>> CreateAsync(
        NewCampaign request, CurrentAccount account, NpgsqlDataSource database, CampaignEditing editing, CancellationToken cancellationToken)
    {
        if (request.Type == CampaignType.Automated)
        {
            throw new InvalidInputException("/type", "not_possible", "Campaigns of automations are made by publishing the automation.");
        }

        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var id = await editing.CreateAsync(work, account, request.Type, request.Campaign, cancellationToken);
        return await MadeAsync(work, account, id, cancellationToken);
    }

    private static async Task<CampaignView> SaveAsync(
        long id, CampaignInput request, [FromHeader(Name = "If-Match")] string? ifMatch, CurrentAccount account, NpgsqlDataSource database, CampaignEditing editing,
        CancellationToken cancellationToken)
    {
        var revision = IfMatch.Revision(ifMatch);
        return await ChangeAsync(
            id, account, database, (work, campaign) => editing.SaveAsync(work, account, campaign, request, revision, cancellationToken), cancellationToken);
    }

    private static async Task<NoContent> DeleteAsync(long id, CurrentAccount account, NpgsqlDataSource database, CampaignStates states, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var campaign = await Campaign.LockAsync(work.Transaction, account.Id, id, cancellationToken) ?? throw new NotFoundException();
        await states.DeleteAsync(work, account, campaign, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<Created<CampaignView>> CopyAsync(
        long id, CopyInput request, CurrentAccount account, NpgsqlDataSource database, CampaignEditing editing, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var campaign = await Campaign.FindAsync(work.Transaction, account.Id, id, cancellationToken) ?? throw new NotFoundException();
        if (request.ResendTo is not null && (campaign.StartedAt is null || campaign.Type is CampaignType.Automated))
        {
            throw new ConflictException("not_sent", "Only what was sent can be sent again.");
        }

        var name = string.IsNullOrWhiteSpace(request.Name) ? StorableText.Cut(campaign.Name, 190) + (request.ResendTo is null ? " (copy)" : " (again)") : request.Name.Trim();
        if (name.Length > 200)
        {
            throw new InvalidInputException("/name", "length", "A name has 1 to 200 characters.");
        }

        var made = await editing.CopyAsync(work, account, campaign, name, request.ResendTo, cancellationToken);
        return await MadeAsync(work, account, made, cancellationToken);
    }

    private static Task<CampaignView> AddVariantAsync(long id, CurrentAccount account, NpgsqlDataSource database, CampaignEditing editing, CancellationToken cancellationToken) =>
        ChangeAsync(id, account, database, (work, campaign) => editing.AddVariantAsync(work, campaign, cancellationToken), cancellationToken);

    private static Task<CampaignView> SaveVariantAsync(
        long id, int no, VariantInput request, CurrentAccount account, NpgsqlDataSource database, TimeProvider clock, CancellationToken cancellationToken) =>
        ChangeAsync(id, account, database, async (work, campaign) =>
        {
            CampaignEditing.RequireEditable(campaign);
            Check(request);
            if (await Sql.Of($"""
                update messaging.message m
                set subject = {request.Subject}, preheader = {request.Preheader}, from_name = {request.FromName}, from_address = {request.FromAddress.Trim()},
                    reply_to = {request.ReplyTo.Trim()}, revision = revision + 1, updated_at = {clock.GetUtcNow()}
                from messaging.campaign_variant v
                where v.account_id = {account.Id} and v.campaign_id = {id} and v.no = {no} and m.account_id = v.account_id and m.id = v.message_id
                """).ExecuteAsync(work, cancellationToken) == 0)
            {
                throw new NotFoundException();
            }

            await Sql.Of($"update messaging.campaign_variant set share = {request.Share} where account_id = {account.Id} and campaign_id = {id} and no = {no}")
                .ExecuteAsync(work, cancellationToken);
            await LiveChanges.TellAsync(work, account.Id, cancellationToken, LiveTopics.Campaigns);
        }, cancellationToken);

    private static Task<CampaignView> RemoveVariantAsync(long id, int no, CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken) =>
        ChangeAsync(id, account, database, async (work, campaign) =>
        {
            CampaignEditing.RequireEditable(campaign);
            var variants = await CampaignVariant.ListAsync(work.Transaction, account.Id, [id], cancellationToken);
            var gone = variants.Find(v => v.No == no) ?? throw new NotFoundException();
            if (variants.Count <= 2 || no == 1)
            {
                throw new ConflictException("variant_needed", no == 1 ? "The first variant stays." : "A split test has at least two variants.");
            }

            await Sql.Of($"delete from messaging.campaign_variant where account_id = {account.Id} and campaign_id = {id} and no = {no}").ExecuteAsync(work, cancellationToken);
            await CampaignStates.DeleteMessagesAsync(work, account.Id, [gone.MessageId], cancellationToken);
        }, cancellationToken);

    private static void Check(VariantInput input)
    {
        (string Path, string Text, int Most)[] limits =
        [
            ("/subject", input.Subject, 1_000), ("/preheader", input.Preheader, 1_000), ("/from_name", input.FromName, 200), ("/from_address", input.FromAddress, 254),
            ("/reply_to", input.ReplyTo, 254),
        ];
        var errors = limits.Where(l => l.Text.Length > l.Most).Select(l => new FieldError(l.Path, "length", $"This takes at most {l.Most} characters.")).ToList();
        if (input.Share is < 1 or > 10_000)
        {
            errors.Add(new("/share", "out_of_range", "A share from 1 to 10,000."));
        }

        if (errors.Count > 0)
        {
            throw new InvalidInputException(errors);
        }
    }

    /// <summary>Changes a campaign under its lock, and answers with what it is then.</summary>
    internal static async Task<CampaignView> ChangeAsync(
        long id, CurrentAccount account, NpgsqlDataSource database, Func<AccountTransaction, Campaign, Task> change, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var campaign = await Campaign.LockAsync(work.Transaction, account.Id, id, cancellationToken) ?? throw new NotFoundException();
        await change(work, campaign);
        var view = await ViewAsync(work, account, id, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return view;
    }

    private static async Task<Created<CampaignView>> MadeAsync(AccountTransaction work, CurrentAccount account, long id, CancellationToken cancellationToken)
    {
        var view = await ViewAsync(work, account, id, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return TypedResults.Created(string.Create(CultureInfo.InvariantCulture, $"/api/app/campaigns/{id}"), view);
    }

    private static async Task<CampaignView> ViewAsync(AccountTransaction work, CurrentAccount account, long id, CancellationToken cancellationToken) =>
        await CampaignView.OfAsync(
            work.Transaction, await Campaign.FindAsync(work.Transaction, account.Id, id, cancellationToken) ?? throw new NotFoundException(), account.TimeZone, cancellationToken);
}
