using Microsoft.AspNetCore.Http;
using Millrace.Messaging.Links;

namespace Millrace.Messaging.Tracking;

/// <summary>Reads the tokens of public addresses, and has one answer for every bad one.</summary>
internal sealed class PublicTokens(TokenKeys keys)
{
    public bool TryRead(string text, TokenPurpose purpose, out PublicToken token) => PublicToken.TryRead(text, purpose, keys, out token);

    /// <summary>The same page whether the token is bad, foreign or leads to something that is gone.</summary>
    public static IResult NotFound(HttpContext http)
    {
        PublicPage.Headers(http, PublicPage.Policy);
        return Results.Content(
            PublicPage.Html("Page not found", "<h1>Page not found</h1><p>This link is not complete, or what it led to is gone.</p>"),
            "text/html; charset=utf-8", statusCode: StatusCodes.Status404NotFound);
    }
}
