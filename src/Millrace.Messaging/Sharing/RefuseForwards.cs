using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Millrace.Kernel.Data;
using Millrace.Kernel.Modules;
using Millrace.Messaging.Links;
using Millrace.Messaging.Sending;
using Millrace.Messaging.Tracking;
using Npgsql;

namespace Millrace.Messaging.Sharing;

/// <summary>
/// <c>/f/stop/{token}</c>, where the unsubscribe links of a friend's copy lead: GET explains, POST (also a mailbox's one-click) makes that nothing of this account is
/// forwarded to the address any more. Neither the reader who forwarded nor any subscription is touched.
/// </summary>
internal sealed class RefuseForwards : IEndpoint
{
    private static readonly string Ask = PublicPage.Html(
        "No forwarded e-mails",
        """
        <h1>A friend forwarded this to you</h1><p>You are on no list because of it, so there is nothing to unsubscribe from. If you do not want our e-mails to be forwarded to you, say so here.</p>
        <form method="post"><button type="submit">Forward me nothing more</button></form>
        """);

    private static readonly string Done = PublicPage.Html(
        "No forwarded e-mails", "<h1>Nothing more is forwarded to you</h1><p>Who tries will not learn that you said so.</p>");

    public static void Map(ModuleRoutes routes)
    {
        routes.Public.MapGet("/f/stop/{token}", Show).WithName("refuse_forwards_page").AllowAnonymous().ExcludeFromDescription();
        routes.Public.MapPost("/f/stop/{token}", Handle).WithName("refuse_forwards").AllowAnonymous().DisableAntiforgery().ExcludeFromDescription()
            .WithMetadata(new RequestSizeLimitAttribute(16 * 1024));
    }

    private static IResult Show(string token, HttpContext http, PublicTokens tokens) =>
        tokens.TryRead(token, TokenPurpose.RefuseForwards, out _) ? Page(http, Ask) : PublicTokens.NotFound(http);

    private static async Task<IResult> Handle(
        string token, HttpContext http, PublicTokens tokens, NpgsqlDataSource database, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (!tokens.TryRead(token, TokenPurpose.RefuseForwards, out var opened))
        {
            return PublicTokens.NotFound(http);
        }

        await using var work = await AccountTransaction.BeginAsync(database, opened.AccountId, cancellationToken);
        await SendGate.CloseAsync(work.Transaction, opened.AccountId, cancellationToken);
        await Sql.Of($"""
            insert into messaging.forward_refusal (account_id, address, refused_at)
            select account_id, to_address, {clock.GetUtcNow()} from messaging.send
            where account_id = {opened.AccountId} and id = {opened.SendId} and source_kind = 'forward' and to_address is not null
            on conflict do nothing
            """).ExecuteAsync(work, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return Page(http, Done);
    }

    private static IResult Page(HttpContext http, string html)
    {
        PublicPage.Headers(http, PublicPage.Policy);
        return Results.Content(html, "text/html; charset=utf-8");
    }
}
