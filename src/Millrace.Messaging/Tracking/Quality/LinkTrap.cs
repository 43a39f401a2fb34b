using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Millrace.Kernel.Data;
using Millrace.Kernel.Modules;
using Millrace.Messaging.Links;
using Npgsql;

namespace Millrace.Messaging.Tracking.Quality;

/// <summary>
/// <c>GET /l/{token}</c>: a link at the head of the mail that is not shown, not read out and not in the text part. What follows it reads the source, so it is
/// a machine, and what else it does with this mail just after is a machine's doing too. It is no link of the message: it is counted nowhere and leads nowhere.
/// </summary>
internal sealed class LinkTrap : IEndpoint
{
    public const string Path = "/l/";

    /// <summary>The links of a message begin at 1.</summary>
    public const int LinkNo = 0;

    private const string Html =
        """<div style="display:none;max-height:0;overflow:hidden;mso-hide:all" aria-hidden="true"><a href="%LINK:0%" tabindex="-1" rel="nofollow"></a></div>""";

    private static readonly string Nothing = PublicPage.Html("Nothing here", "<h1>Nothing here</h1><p>This link is not meant for readers. You can close this page.</p>");

    public static void Map(ModuleRoutes routes) =>
        routes.Public.MapMethods("/l/{token}", [HttpMethods.Get, HttpMethods.Head], Handle).WithName("track_trap").AllowAnonymous().ExcludeFromDescription();

    /// <summary>At the head of the body, so that programs meet it before the links that count.</summary>
    public static string InHtml(string html)
    {
        var body = html.IndexOf("<body", StringComparison.OrdinalIgnoreCase);
        return html.Insert(body < 0 ? 0 : html.IndexOf('>', body) + 1, Html);
    }

    private static async Task<IResult> Handle(
        string token, HttpContext http, PublicTokens tokens, NpgsqlDataSource database, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (!tokens.TryRead(token, TokenPurpose.Trap, out var trap))
        {
            return PublicTokens.NotFound(http);
        }

        if (HttpMethods.IsGet(http.Request.Method))
        {
            await using var work = await AccountTransaction.BeginAsync(database, trap.AccountId, cancellationToken);
            await Sql.Of($"update messaging.send set trapped_at = {clock.GetUtcNow()} where account_id = {trap.AccountId} and id = {trap.SendId}")
                .ExecuteAsync(work, cancellationToken);
            await work.CommitAsync(cancellationToken);
        }

        PublicPage.Headers(http, PublicPage.Policy);
        return Results.Content(Nothing, "text/html; charset=utf-8");
    }
}
