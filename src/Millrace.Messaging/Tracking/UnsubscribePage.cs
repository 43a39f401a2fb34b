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

    private const string Done = "<h1>You are unsubscribed</h1><p>We will not send you these e-mails any more.</p>";

    private const string WasTest =
        "<h1>This was a test</h1><p>The link came in a test mail, so nothing has changed: nobody was unsubscribed. In the real mail the reader would be unsubscribed now.</p>";

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
        string token, HttpContext http, PublicTokens tokens, NpgsqlDataSource database, TokenKeys keys, BrandedPage pages, CancellationToken cancellationToken)
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
        var choices = target.ContactId > 0 ? new PublicToken(TokenPurpose.UpdateProfile, opened.AccountId, opened.SendId).ToText(keys) : null;
        return await pages.ShowAsync(http, opened.AccountId, "Unsubscribe", Form(address, lists, target.IsTest, choices), cancellationToken);
    }

    private static async Task<IResult> Handle(
        string token, HttpContext http, PublicTokens tokens, UnsubscribeBySend unsubscribe, BrandedPage pages, CancellationToken cancellationToken)
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

        var (title, said) = outcome == UnsubscribeOutcome.WasTest ? ("This was a test", WasTest) : ("Unsubscribed", Done);
        return await pages.ShowAsync(http, opened.AccountId, title, said, cancellationToken);
    }

    private static bool TryRead(PublicTokens tokens, string token, out PublicToken opened) =>
        tokens.TryRead(token, TokenPurpose.Unsubscribe, out opened) || tokens.TryRead(token, TokenPurpose.UnsubscribeAll, out opened);

    /// <param name="choices">Token of the page with all choices; null: there are none.</param>
    private static string Form(string address, List<string> lists, bool isTest, string? choices)
    {
        var more = choices is null ? "" : $"""<p class="quiet">Rather fewer than none? <a href="/p/{choices}">Choose what you get</a>.</p>""";
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
            <button type="submit">Unsubscribe</button></form>{more}
            """;
    }

    /// <summary>Enough to know oneself by, too little for a stranger.</summary>
    internal static string Masked(string address)
    {
        var at = address.IndexOf('@', StringComparison.Ordinal);
        return at < 1 ? "Your address" : $"{address[0]}***{address[at..]}";
    }
}
