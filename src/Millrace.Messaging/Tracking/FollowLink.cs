using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Millrace.Contacts.Contracts;
using Millrace.Kernel.Data;
using Millrace.Kernel.Modules;
using Millrace.Messaging.Links;
using Millrace.Messaging.Sending;
using Npgsql;

namespace Millrace.Messaging.Tracking;

/// <summary>
/// <c>GET /c/{token}</c>: records the click, then redirects (302) to where the version's link table says; never to anything in the request.
/// <c>HEAD</c> redirects and counts nothing.
/// </summary>
internal sealed class FollowLink : IEndpoint
{
    public static void Map(ModuleRoutes routes) =>
        routes.Public.MapMethods("/c/{token}", [HttpMethods.Get, HttpMethods.Head], Handle).WithName("track_click").AllowAnonymous().ExcludeFromDescription();

    private static async Task<IResult> Handle(
        string token, HttpContext http, PublicTokens tokens, EngagementIntake intake, MachineGuess guess, ISightings sightings, LinkTargets targets,
        TimeProvider clock, CancellationToken cancellationToken)
    {
        if (!tokens.TryRead(token, TokenPurpose.Click, out var click))
        {
            return PublicTokens.NotFound(http);
        }

        EngagedSend? send = null;
        if (HttpMethods.IsGet(http.Request.Method))
        {
            var burst = guess.IsBurst(click.AccountId, click.SendId, click.LinkNo);
            var sighting = sightings.Of(http.Request, fromMail: false);
            var machine = guess.Of(http.Request, sighting) ?? (burst ? "many_links" : null);
            send = await intake.RecordAsync(
                new Engagement(click.AccountId, click.SendId, click.LinkNo, clock.GetUtcNow(), machine, sighting));
        }

        if (await targets.FindAsync(click, send, cancellationToken) is not { } target)
        {
            return PublicTokens.NotFound(http);
        }

        PublicPage.Headers(http, PublicPage.Nothing);
        return Results.Redirect(target);
    }
}

/// <summary>Where a link of one send leads.</summary>
internal sealed class LinkTargets(NpgsqlDataSource database, CompiledMessages messages, SentMails mails)
{
    /// <param name="send">What is already known of the send; null: look it up.</param>
    /// <returns>Null when there is no such link, or its target may not be followed.</returns>
    public async ValueTask<string?> FindAsync(PublicToken click, EngagedSend? send, CancellationToken cancellationToken)
    {
        // Most links are the same for everyone; then nothing has to be read.
        if (send is { Url: { } url } known && messages.Cached(click.AccountId, known.VersionId)?.Link(click.LinkNo) is { IsConstant: true })
        {
            return LinkTarget.IsAllowed(url) ? url : null;
        }

        await using var work = await AccountTransaction.BeginAsync(database, click.AccountId, cancellationToken);
        if (await mails.FindAsync(work, click.AccountId, click.SendId, cancellationToken) is not { } mail
            || mail.Message.Link(click.LinkNo) is not { } link)
        {
            return null;
        }

        return LinkTarget.Resolve(link, mail.Context(null));
    }
}
