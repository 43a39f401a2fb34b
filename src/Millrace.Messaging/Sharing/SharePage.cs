using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Millrace.Activities.Contracts;
using Millrace.Contacts.Contracts;
using Millrace.Kernel.Data;
using Millrace.Kernel.Modules;
using Millrace.Messaging.Contracts;
using Millrace.Messaging.Links;
using Millrace.Messaging.Sending;
using Millrace.Messaging.Tracking;
using Npgsql;

namespace Millrace.Messaging.Sharing;

/// <summary>
/// <c>GET /s/{token}</c>: with a network in the token, counts the share and redirects to that network's page with the address of the public copy; without one,
/// shows the networks. <c>HEAD</c>, machines and tests share nothing, and are led there all the same.
/// </summary>
internal sealed class SharePage : IEndpoint
{
    public static void Map(ModuleRoutes routes) =>
        routes.Public.MapMethods("/s/{token}", [HttpMethods.Get, HttpMethods.Head], Handle).WithName("share").AllowAnonymous().ExcludeFromDescription();

    /// <param name="IsTooSoon">Sooner than anyone reads, or just after a link that no person sees.</param>
    private sealed record Shared(
        long ContactId, long MessageId, long VersionId, SendSourceKind Source, long? AutomationId, string? StepKey, string Subject, bool IsTooSoon);

    private static async Task<IResult> Handle(
        string token, HttpContext http, PublicTokens tokens, TokenKeys keys, PublicAddress address, NpgsqlDataSource database, IActivityLog activities, MachineGuess guess,
        ISightings sightings, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (!tokens.TryRead(token, TokenPurpose.Share, out var opened))
        {
            return PublicTokens.NotFound(http);
        }

        var now = clock.GetUtcNow();
        await using var work = await AccountTransaction.BeginAsync(database, opened.AccountId, cancellationToken);
        var mail = await Sql.Of($"""
            select s.contact_id, s.message_id, s.message_version_id, s.source_kind, s.automation_id, s.step_key, v.subject,
                   coalesce({now} < s.finished_at + {MachineGuess.TooSoon}, false) or coalesce({now} between s.trapped_at and s.trapped_at + {MachineGuess.AfterTrap}, false)
            from messaging.send s join messaging.message_version v on v.account_id = s.account_id and v.id = s.message_version_id
            where s.account_id = {opened.AccountId} and s.id = {opened.SendId} and s.source_kind in ('automation', 'campaign', 'test')
            """).FirstAsync<Shared>(work, cancellationToken);
        if (mail is null)
        {
            return PublicTokens.NotFound(http);
        }

        var title = ForwardPage.SubjectOf(mail.Subject);
        if (ShareNetwork.Find(opened.LinkNo) is not { } network)
        {
            PublicPage.Headers(http, PublicPage.Policy);
            return Results.Content(PublicPage.Html("Share this e-mail", Choice(title, opened, keys)), "text/html; charset=utf-8");
        }

        if (HttpMethods.IsGet(http.Request.Method) && mail is { Source: not SendSourceKind.Test, IsTooSoon: false }
            && guess.Of(http.Request, sightings.Of(http.Request, fromMail: false)) is null)
        {
            await activities.AppendAsync(
                work.Transaction, opened.AccountId, [new EmailShared(mail.ContactId, mail.MessageId, opened.SendId, network.Key)], cancellationToken,
                mail.AutomationId is { } automation ? new ActivityOrigin(automation, mail.StepKey!) : null);
            await work.CommitAsync(cancellationToken);
            activities.Wake();
        }

        PublicPage.Headers(http, PublicPage.Nothing);
        return Results.Redirect(network.AddressOf(PublicVersion.UrlOf(address.Url, opened.AccountId, mail.VersionId, keys), title));
    }

    private static string Choice(string title, PublicToken opened, TokenKeys keys)
    {
        var html = new StringBuilder("<h1>Share this e-mail</h1>");
        if (title.Length > 0)
        {
            html.Append(CultureInfo.InvariantCulture, $"<p>“{WebUtility.HtmlEncode(title)}”</p>");
        }

        html.Append("<p class=\"quiet\">What is shared is a copy without your name and address.</p><ul class=\"choice\">");
        foreach (var network in ShareNetwork.All)
        {
            html.Append(CultureInfo.InvariantCulture, $"<li><a href=\"/s/{(opened with { LinkNo = network.No }).ToText(keys)}\" rel=\"nofollow\">{network.Title}</a></li>");
        }

        return html.Append("</ul>").ToString();
    }
}
