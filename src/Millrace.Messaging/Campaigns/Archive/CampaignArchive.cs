using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Millrace.Kernel.Data;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Millrace.Kernel.Time;
using Millrace.Messaging.Links;
using Millrace.Messaging.Sending;
using Millrace.Messaging.Tracking;
using Npgsql;

namespace Millrace.Messaging.Campaigns.Archive;

/// <summary>
/// <c>GET /a/{token}</c> and <c>/a/{token}/{id}</c>: the campaigns an account has put into its public archive, and each as nobody in particular got it.
/// <c>GET /api/app/campaign-archive</c> says where that is.
/// </summary>
internal sealed class CampaignArchive : IEndpoint
{
    private const int MaxListed = 200;

    public static void Map(ModuleRoutes routes)
    {
        routes.App.MapGet("campaign-archive", Where).WithName("campaign_archive_address").RequirePermission(Permission.ViewMessages);
        routes.Public.MapGet("/a/{token}", ListAsync).WithName("archive_list").AllowAnonymous().ExcludeFromDescription();
        routes.Public.MapGet("/a/{token}/{id:long}", ShowAsync).WithName("archive_show").AllowAnonymous().ExcludeFromDescription();
    }

    /// <param name="Url">Of the listing; anybody who has it may read what is in the archive.</param>
    internal sealed record ArchiveAddress(string Url);

    private sealed record Item(long Id, string Subject, string Name, DateTimeOffset StartedAt);

    private sealed record Own(string Name, string TimeZone);

    private static ArchiveAddress Where(CurrentAccount account, TokenKeys keys, PublicAddress address) =>
        new($"{address.Url}/a/{new PublicToken(TokenPurpose.Archive, account.Id, 0).ToText(keys)}");

    private static async Task<IResult> ListAsync(string token, HttpContext http, PublicTokens tokens, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        if (!tokens.TryRead(token, TokenPurpose.Archive, out var archive))
        {
            return PublicTokens.NotFound(http);
        }

        await using var work = await AccountTransaction.BeginAsync(database, archive.AccountId, cancellationToken);
        var own = await Sql.Of($"select coalesce(nullif(sender_name, ''), name), time_zone from accounts.account where id = {archive.AccountId}").FirstAsync<Own>(work, cancellationToken);
        var items = await Sql.Of($"""
            select k.id, m.subject, k.name, k.started_at
            from messaging.campaign k
            join messaging.campaign_variant v on v.account_id = k.account_id and v.campaign_id = k.id and v.no = coalesce(k.winner_no, 1) and v.message_version_id is not null
            join messaging.message m on m.account_id = v.account_id and m.id = v.message_id
            where k.account_id = {archive.AccountId} and k.is_archived and not k.is_hidden and k.type in ('standard', 'split') and k.started_at is not null
            order by k.started_at desc, k.id desc limit {MaxListed}
            """).ListAsync<Item>(work, cancellationToken);
        var zone = WallClock.Zone(own?.TimeZone ?? "UTC");
        var body = new StringBuilder().Append("<h1>").Append(WebUtility.HtmlEncode(own?.Name)).Append("</h1>");
        body.Append(items.Count == 0 ? "<p>There is nothing here yet.</p>" : "<ul>");

        foreach (var item in items)
        {
            body.Append(CultureInfo.InvariantCulture, $"""<li><a href="/a/{token}/{item.Id}">{WebUtility.HtmlEncode(Plain(item.Subject) is { Length: > 0 } subject ? subject : Plain(item.Name))}</a><br><small>{WallClock.Local(zone, item.StartedAt):d MMMM yyyy}</small></li>""");
        }

        body.Append(items.Count == 0 ? "" : "</ul>");
        PublicPage.Headers(http, PublicPage.Policy);
        return Results.Content(PublicPage.Html("Archive", body.ToString()), "text/html; charset=utf-8");
    }

    private static async Task<IResult> ShowAsync(
        string token, long id, HttpContext http, PublicTokens tokens, NpgsqlDataSource database, CompiledMessages messages, PublicCopy copies, CancellationToken cancellationToken)
    {
        if (!tokens.TryRead(token, TokenPurpose.Archive, out var archive))
        {
            return PublicTokens.NotFound(http);
        }

        await using var work = await AccountTransaction.BeginAsync(database, archive.AccountId, cancellationToken);
        var version = await Sql.Of($"""
            select v.message_version_id from messaging.campaign k
            join messaging.campaign_variant v on v.account_id = k.account_id and v.campaign_id = k.id and v.no = coalesce(k.winner_no, 1)
            where k.account_id = {archive.AccountId} and k.id = {id} and k.is_archived and not k.is_hidden and k.type in ('standard', 'split') and k.started_at is not null
            """).FirstAsync<long?>(work, cancellationToken);
        if (version is not { } versionId || await messages.FindAsync(work.Transaction, archive.AccountId, versionId, cancellationToken) is not { } message)
        {
            return PublicTokens.NotFound(http);
        }

        PublicPage.Headers(http, PublicPage.Sandboxed);
        return Results.Content(copies.Html(message), "text/html; charset=utf-8");
    }

    /// <summary>A subject without its tags: nobody's name stands in a public list.</summary>
    private static string Plain(string subject) => Sharing.ForwardPage.SubjectOf(subject);
}
