using Microsoft.AspNetCore.Http;
using Millrace.Kernel.Data;
using Millrace.Messaging.Links;
using Npgsql;

namespace Millrace.Messaging.Tracking.Quality;

/// <summary>
/// A link at the head of the mail that is not shown, not read out and not in the text part: what follows it reads the source, so it is a machine, and what
/// else it does with this mail just after is a machine's doing too. It is no link of the message: it has no number, is counted nowhere and leads nowhere.
/// </summary>
internal sealed class LinkTrap(NpgsqlDataSource database, TimeProvider clock)
{
    /// <summary>The links of a message begin at 1.</summary>
    public const int LinkNo = 0;

    private const string Html =
        """<div style="display:none;max-height:0;overflow:hidden;mso-hide:all" aria-hidden="true"><a href="%LINK:0%" tabindex="-1" rel="nofollow"></a></div>""";

    private static readonly string Nothing = PublicPage.Html("Nothing here", "<h1>Nothing here</h1><p>This link is not meant for readers. You can close this page.</p>");

    /// <summary>At the head of the body, so that programs meet it before the links that count.</summary>
    public static string InHtml(string html)
    {
        var body = html.IndexOf("<body", StringComparison.OrdinalIgnoreCase);
        return html.Insert(body < 0 ? 0 : html.IndexOf('>', body) + 1, Html);
    }

    /// <summary>Remembers at the send that a machine is at work; every <c>GET</c> anew.</summary>
    public async Task<IResult> SpringAsync(PublicToken click, HttpContext http, CancellationToken cancellationToken)
    {
        if (HttpMethods.IsGet(http.Request.Method))
        {
            await using var work = await AccountTransaction.BeginAsync(database, click.AccountId, cancellationToken);
            await Sql.Of($"update messaging.send set trapped_at = {clock.GetUtcNow()} where account_id = {click.AccountId} and id = {click.SendId}")
                .ExecuteAsync(work, cancellationToken);
            await work.CommitAsync(cancellationToken);
        }

        PublicPage.Headers(http, PublicPage.Policy);
        return Results.Content(Nothing, "text/html; charset=utf-8");
    }
}
