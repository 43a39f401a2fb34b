using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Millrace.Kernel.Data;
using Millrace.Kernel.Modules;
using Millrace.Messaging.Links;
using Npgsql;

namespace Millrace.Messaging.Tracking;

/// <summary>
/// <c>/u/{token}</c>: GET only shows a page with a button, whoever calls it; POST unsubscribes. A mailbox's one-click POST (RFC 8058) is
/// answered 200 with an empty body and needs no cookie; twice is once.
/// </summary>
internal sealed class UnsubscribePage : IEndpoint
{
    private const int MaxReason = 500;

    private static readonly string Done = PublicPage.Html("Unsubscribed", "<h1>You are unsubscribed</h1><p>We will not send you these e-mails any more.</p>");

    private static readonly string WasTest = PublicPage.Html(
        "This was a test",
        "<h1>This was a test</h1><p>The link came in a test mail, so nothing has changed: nobody was unsubscribed. In the real mail the reader would be unsubscribed now.</p>");

    public static void Map(ModuleRoutes routes)
    {
        routes.Public.MapGet("/u.css", (HttpContext http) =>
        {
            http.Response.Headers.CacheControl = "public, max-age=86400";
            return Results.Text(PublicPage.StyleSheet, "text/css; charset=utf-8");
        }).WithName("public_style").AllowAnonymous().ExcludeFromDescription();
        routes.Public.MapGet("/u/{token}", Show).WithName("unsubscribe_page").AllowAnonymous().ExcludeFromDescription();
        routes.Public.MapPost("/u/{token}", Handle).WithName("unsubscribe").AllowAnonymous().DisableAntiforgery().ExcludeFromDescription()
            .WithMetadata(new RequestSizeLimitAttribute(16 * 1024));
    }

    private static async Task<IResult> Show(
        string token, HttpContext http, PublicTokens tokens, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        if (!TryRead(tokens, token, out var opened))
        {
            return PublicTokens.NotFound(http);
        }

        await using var work = await AccountTransaction.BeginAsync(database, opened.AccountId, cancellationToken);
        if (await UnsubscribeBySend.FindAsync(work, opened.AccountId, opened.SendId, cancellationToken) is not { Address: { } address } target)
        {
            return PublicTokens.NotFound(http);
        }

        var lists = target.ListIds is not { Length: > 0 } ids || opened.Purpose == TokenPurpose.UnsubscribeAll ? [] : await Sql.Of($"""
            select name from contacts.list where account_id = {opened.AccountId} and id = any ({ids}) order by name
            """).ListAsync<string>(work, cancellationToken);
        PublicPage.Headers(http, PublicPage.Policy);
        return Results.Content(PublicPage.Html("Unsubscribe", Form(address, lists, target.IsTest)), "text/html; charset=utf-8");
    }

    private static async Task<IResult> Handle(
        string token, HttpContext http, PublicTokens tokens, UnsubscribeBySend unsubscribe, CancellationToken cancellationToken)
    {
        if (!TryRead(tokens, token, out var opened))
        {
            return PublicTokens.NotFound(http);
        }

        var form = http.Request.HasFormContentType ? await http.Request.ReadFormAsync(cancellationToken) : FormCollection.Empty;
        var oneClick = form["List-Unsubscribe"] == "One-Click";
        var all = opened.Purpose == TokenPurpose.UnsubscribeAll || form["scope"] == "all";
        var reason = form["reason"].ToString().Trim();
        var outcome = await unsubscribe.RunAsync(
            opened.AccountId, opened.SendId, all, oneClick ? "one_click" : "page", reason.Length == 0 ? null : StorableText.Cut(reason, MaxReason),
            cancellationToken);
        if (outcome == UnsubscribeOutcome.NoSuchSend)
        {
            return PublicTokens.NotFound(http);
        }

        if (oneClick)
        {
            PublicPage.Headers(http, PublicPage.Nothing);
            return Results.Ok();
        }

        PublicPage.Headers(http, PublicPage.Policy);
        return Results.Content(outcome == UnsubscribeOutcome.WasTest ? WasTest : Done, "text/html; charset=utf-8");
    }

    private static bool TryRead(PublicTokens tokens, string token, out PublicToken opened) =>
        tokens.TryRead(token, TokenPurpose.Unsubscribe, out opened) || tokens.TryRead(token, TokenPurpose.UnsubscribeAll, out opened);

    private static string Form(string address, List<string> lists, bool isTest)
    {
        var test = isTest ? "<p><strong>This link came in a test mail.</strong> You see what readers see; nobody is unsubscribed by it.</p>" : "";
        var scope = lists.Count == 0
            ? ""
            : $"""
              <label><input type="radio" name="scope" value="these" checked> {WebUtility.HtmlEncode(string.Join(", ", lists))}</label>
              <label><input type="radio" name="scope" value="all"> All our e-mails</label>
              """;
        return $"""
            <h1>Unsubscribe</h1>{test}
            <p>{WebUtility.HtmlEncode(Masked(address))} will get no more of these e-mails.</p>
            <form method="post">{scope}<label>Tell us why, if you like<textarea name="reason" maxlength="{MaxReason}"></textarea></label>
            <button type="submit">Unsubscribe</button></form>
            """;
    }

    /// <summary>Enough to know oneself by, too little for a stranger.</summary>
    private static string Masked(string address)
    {
        var at = address.IndexOf('@', StringComparison.Ordinal);
        return at < 1 ? "Your address" : $"{address[0]}***{address[at..]}";
    }
}
