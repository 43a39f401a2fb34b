using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Security;

namespace Millrace.Accounts.Sessions;

/// <summary>The gate of <c>/api/app</c>: session cookie, and for everything that changes something the anti-forgery token and the same origin.</summary>
internal sealed class AppGate(SessionStore sessions, SessionCookie cookie) : ISurfaceGate
{
    public async Task AdmitAsync(HttpContext context)
    {
        var token = SessionCookie.Read(context.Request) ?? throw new UnauthenticatedException();
        var identity = await sessions.FindAsync(token, context.RequestAborted) ?? throw new UnauthenticatedException();
        CheckAnonymous(context);
        if (IsUnsafe(context.Request) && !cookie.CsrfMatches(context.Request, token))
        {
            throw new ForbiddenException("The anti-forgery token is missing or wrong; reload the page.", "csrf_failed");
        }

        context.RequestServices.GetRequiredService<CurrentAccount>().Set(identity.AccountId, identity.UserId, identity.Role, identity.TimeZone);
    }

    public void CheckAnonymous(HttpContext context)
    {
        var request = context.Request;
        if (!IsUnsafe(request))
        {
            return;
        }

        var site = request.Headers["Sec-Fetch-Site"].ToString();
        var origin = request.Headers.Origin.ToString();
        if (site is "cross-site" or "same-site" || (origin.Length > 0 && !SameOrigin(origin, request)))
        {
            throw new ForbiddenException("This request comes from another site.", "csrf_failed");
        }
    }

    private static bool SameOrigin(string origin, HttpRequest request) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var uri) && string.Equals(uri.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase);

    private static bool IsUnsafe(HttpRequest request) =>
        !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method) && !HttpMethods.IsOptions(request.Method);
}
