using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Millrace.Accounts.Contracts;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Security;

namespace Millrace.Api.Access;

/// <summary>The gate of <c>/api/3</c>: the key in the header <c>Api-Token</c> (or as bearer token), 403 without a good one, 429 over the limit.</summary>
internal sealed class V3Gate(IApiTokens tokens, IOptions<ApiOptions> options) : ISurfaceGate
{
    private readonly ConcurrentDictionary<long, RequestWindow> _windows = new();

    public async Task AdmitAsync(HttpContext context)
    {
        var identity = Token(context.Request) is { } token ? await tokens.FindAsync(token, context.RequestAborted) : null;
        if (identity is null)
        {
            throw new ForbiddenException("You do not have permission to access this resource: the Api-Token is missing or not valid.");
        }

        var limit = options.Value.RequestsPerSecond;
        var (allowed, remaining) = _windows.GetOrAdd(identity.AccountId, static _ => new RequestWindow()).Take(limit);
        // Put on at the last moment: an error on the way takes all headers off again.
        context.Response.OnStarting(() =>
        {
            context.Response.Headers["RateLimit-Limit"] = limit.ToString(CultureInfo.InvariantCulture);
            context.Response.Headers["RateLimit-Remaining"] = remaining.ToString(CultureInfo.InvariantCulture);
            return Task.CompletedTask;
        });
        if (!allowed)
        {
            throw new RateLimitedException(TimeSpan.FromSeconds(1));
        }

        context.RequestServices.GetRequiredService<CurrentAccount>().Set(identity.AccountId, identity.UserId, identity.Role, identity.TimeZone);
    }

    public void CheckAnonymous(HttpContext context)
    {
        // Nothing: v3 has no cookies, so no other site can act in someone's name.
    }

    private static string? Token(HttpRequest request)
    {
        var header = request.Headers["Api-Token"].ToString();
        if (header.Length == 0 && request.Headers.Authorization.ToString() is { Length: > 7 } authorization
            && authorization.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
        {
            header = authorization[7..];
        }

        return header.Trim() is { Length: >= 20 and <= 200 } token ? token : null;
    }
}
