using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Millrace.Kernel.Data;
using Millrace.Kernel.Modules;
using Millrace.Messaging.Links;
using Npgsql;

namespace Millrace.Messaging.Tracking;

/// <summary><c>GET /w/{token}</c>: the mail in the browser, merged for the same contact, in a sandbox.</summary>
internal sealed class WebCopy : IEndpoint
{
    public static void Map(ModuleRoutes routes) =>
        routes.Public.MapGet("/w/{token}", Handle).WithName("web_copy").AllowAnonymous().ExcludeFromDescription();

    private static async Task<IResult> Handle(
        string token, HttpContext http, PublicTokens tokens, SentMails mails, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        if (!tokens.TryRead(token, TokenPurpose.WebCopy, out var copy))
        {
            return PublicTokens.NotFound(http);
        }

        await using var work = await AccountTransaction.BeginAsync(database, copy.AccountId, cancellationToken);
        if (await mails.FindAsync(work, copy.AccountId, copy.SendId, cancellationToken) is not { } mail)
        {
            return PublicTokens.NotFound(http);
        }

        PublicPage.Headers(http, PublicPage.Sandboxed);
        return Results.Content(mail.Message.Html.Render(mail.Context(mail.Urls)), "text/html; charset=utf-8");
    }
}
