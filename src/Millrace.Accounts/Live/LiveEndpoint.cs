using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Millrace.Accounts.Contracts;
using Millrace.Accounts.Sessions;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;

namespace Millrace.Accounts.Live;

/// <summary>
/// <c>GET /api/app/live</c>: server-sent events that name what has changed (<see cref="LiveTopics"/>), at most once a second, and only what the role may
/// see. An empty comment as heartbeat; the event <c>bye</c> when the session is over. Does not count as use of the session.
/// </summary>
internal sealed class LiveEndpoint : IEndpoint
{
    private const int MaxListeners = 5_000;
    private const int MaxPerUser = 50;

    /// <summary>Time in which messages are gathered into one.</summary>
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(250);

    public static void Map(ModuleRoutes routes) => routes.App.MapGet("live", Handle).WithName("live").RequirePermission(Permission.Use)
        .Produces<string>(StatusCodes.Status200OK, "text/event-stream");

    private static async Task Handle(
        HttpContext http, CurrentAccount account, LiveHub hub, SessionStore sessions, IOptions<LiveOptions> options, IHostApplicationLifetime host,
        CancellationToken cancellationToken)
    {
        if (hub.Count >= MaxListeners || hub.CountOf(account.Id, account.UserId) >= MaxPerUser)
        {
            throw new RateLimitedException(TimeSpan.FromSeconds(30));
        }

        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, host.ApplicationStopping);
        var listener = new LiveListener(account.Id, account.UserId);
        hub.Add(listener);
        try
        {
            http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
            http.Response.ContentType = "text/event-stream; charset=utf-8";
            // For proxies that gather answers by habit.
            http.Response.Headers["X-Accel-Buffering"] = "no";
            await WriteAsync(http, ": open\n\n", end.Token);
            await TellAsync(http, listener, SessionCookie.Read(http.Request)!, account.Role, sessions, options.Value.Heartbeat, end.Token);
        }
        catch (OperationCanceledException)
        {
            // The page was closed, or the server stops.
        }
        finally
        {
            hub.Remove(listener);
        }
    }

    private static async Task TellAsync(
        HttpContext http, LiveListener listener, string token, Role role, SessionStore sessions, TimeSpan heartbeat, CancellationToken cancellationToken)
    {
        while (true)
        {
            var told = await listener.WaitAsync(heartbeat, cancellationToken);
            if (told)
            {
                await Task.Delay(Gather, TimeProvider.System, cancellationToken);
            }

            var topics = listener.Take();
            if (!told || topics.Contains(LiveListener.Sessions, StringComparer.Ordinal))
            {
                if (await sessions.LookAsync(token, cancellationToken) is not { } identity)
                {
                    await WriteAsync(http, "event: bye\ndata: {}\n\n", cancellationToken);
                    return;
                }

                role = identity.Role;
            }

            string[] heard = [.. topics.Where(t => string.Equals(t, LiveListener.Everything, StringComparison.Ordinal) || LiveTopics.MayHear(role, t))];
            if (heard.Length > 0)
            {
                await WriteAsync(http, $"data: {JsonSerializer.Serialize(new { topics = heard })}\n\n", cancellationToken);
            }
            else if (!told)
            {
                await WriteAsync(http, ":\n\n", cancellationToken);
            }
        }
    }

    private static async Task WriteAsync(HttpContext http, string text, CancellationToken cancellationToken)
    {
        await http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(text), cancellationToken);
        await http.Response.Body.FlushAsync(cancellationToken);
    }
}
