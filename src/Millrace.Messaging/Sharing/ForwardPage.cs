using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Millrace.Kernel.Data;
using Millrace.Kernel.Modules;
using Millrace.Messaging.Links;
using Millrace.Messaging.Campaigns.Archive;
using Millrace.Messaging.Personalization;
using Millrace.Messaging.Tracking;
using Npgsql;

namespace Millrace.Messaging.Sharing;

/// <summary>
/// <c>/f/{token}</c>, the address behind <c>%FORWARD2FRIEND%</c>: GET shows a form, whoever calls it; POST sends the mail to up to five addresses. The page says the
/// same whatever becomes of each. Wrong entries come back with the form (422), too many in a day with 429.
/// </summary>
internal sealed class ForwardPage : IEndpoint
{
    private static readonly string Done = PublicPage.Html("Sent", "<h1>Thank you</h1><p>Your e-mail is on its way.</p>");

    private static readonly string TooMany = PublicPage.Html(
        "Enough for today", "<h1>Enough for today</h1><p>This e-mail was forwarded to many people today. Try it again tomorrow.</p>");

    private static readonly string WasTest = PublicPage.Html(
        "This was a test", "<h1>This was a test</h1><p>The link came in a test mail, so nothing was sent. In the real mail it would be on its way now.</p>");

    public static void Map(ModuleRoutes routes)
    {
        routes.Public.MapGet("/f/{token}", Show).WithName("forward_page").AllowAnonymous().ExcludeFromDescription();
        routes.Public.MapPost("/f/{token}", Handle).WithName("forward").AllowAnonymous().DisableAntiforgery().ExcludeFromDescription()
            .WithMetadata(new RequestSizeLimitAttribute(16 * 1024));
    }

    private static async Task<IResult> Show(string token, HttpContext http, PublicTokens tokens, NpgsqlDataSource database, CancellationToken cancellationToken) =>
        await FindAsync(token, tokens, database, cancellationToken) is { } mail
            ? Page(http, PublicPage.Html("Forward this e-mail", new ForwardForm().Html(Subject(mail))))
            : PublicTokens.NotFound(http);

    private static async Task<IResult> Handle(
        string token, HttpContext http, PublicTokens tokens, NpgsqlDataSource database, ForwardMail forward, CancellationToken cancellationToken)
    {
        if (!tokens.TryRead(token, TokenPurpose.Forward, out var opened) || await FindAsync(token, tokens, database, cancellationToken) is not { } mail)
        {
            return PublicTokens.NotFound(http);
        }

        var form = ForwardForm.Read(http.Request.HasFormContentType ? await http.Request.ReadFormAsync(cancellationToken) : FormCollection.Empty);
        if (form.IsTrapped)
        {
            return Page(http, Done);
        }

        if (form.Order is not { } order)
        {
            return Page(http, PublicPage.Html("Forward this e-mail", form.Html(Subject(mail))), StatusCodes.Status422UnprocessableEntity);
        }

        return await forward.RunAsync(opened.AccountId, opened.SendId, order, cancellationToken) switch
        {
            ForwardOutcome.Done => Page(http, Done),
            ForwardOutcome.WasTest => Page(http, WasTest),
            ForwardOutcome.TooMany => Page(http, TooMany, StatusCodes.Status429TooManyRequests),
            _ => PublicTokens.NotFound(http),
        };
    }

    private static async Task<ForwardMail.Original?> FindAsync(string token, PublicTokens tokens, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        if (!tokens.TryRead(token, TokenPurpose.Forward, out var opened))
        {
            return null;
        }

        await using var work = await AccountTransaction.BeginAsync(database, opened.AccountId, cancellationToken);
        return await ForwardMail.FindAsync(work, opened.AccountId, opened.SendId, cancellationToken);
    }

    /// <summary>Without its tags: the page may be looked at by others than the reader.</summary>
    private static string Subject(ForwardMail.Original mail) => SubjectOf(mail.Subject);

    /// <summary>A subject as nobody in particular reads it.</summary>
    internal static string SubjectOf(string subject) => string.Join(' ', Gap.Close(TokenSyntax.ForNobody(subject, Gap.Mark)).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static IResult Page(HttpContext http, string html, int status = StatusCodes.Status200OK)
    {
        PublicPage.Headers(http, PublicPage.Policy);
        return Results.Content(html, "text/html; charset=utf-8", statusCode: status);
    }
}
