using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Security;
using Millrace.Messaging.Transactional.Servers;

namespace Millrace.Messaging.Transactional.Postmark;

/// <summary>The server whose token came with the request. A token may do everything to its server and see nothing else.</summary>
internal sealed class PostmarkCaller
{
    public long AccountId { get; set; }

    public long ServerId { get; set; }
}

/// <summary>The token in the header <c>X-Postmark-Server-Token</c>: 401 without a good one, 429 when a server asks too often.</summary>
internal sealed class PostmarkGate(MailServers servers, IOptions<TransactionalOptions> options) : ISurfaceGate
{
    private const string Header = "X-Postmark-Server-Token";
    private readonly ConcurrentDictionary<long, Window> _windows = new();

    public async Task AdmitAsync(HttpContext context)
    {
        var token = context.Request.Headers[Header].ToString().Trim();
        if (token.Length is < 20 or > 100 || await servers.FindAsync(token, context.RequestAborted) is not { } caller)
        {
            throw new UnauthenticatedException($"The header {Header} is missing or holds no valid token.");
        }

        if (!_windows.GetOrAdd(caller.ServerId, static _ => new Window()).Take(options.Value.RequestsPerSecond))
        {
            throw new RateLimitedException(TimeSpan.FromSeconds(1));
        }

        context.RequestServices.GetRequiredService<CurrentAccount>().Set(caller.AccountId, 0, Role.User, "UTC");
        var known = context.RequestServices.GetRequiredService<PostmarkCaller>();
        (known.AccountId, known.ServerId) = (caller.AccountId, caller.ServerId);
    }

    public void CheckAnonymous(HttpContext context)
    {
        // No cookies here, so no other site can act in someone's name.
    }

    /// <summary>A bucket that holds one second's worth. Real time on purpose: virtual time must not lift a limit.</summary>
    private sealed class Window
    {
        private readonly Lock _gate = new();
        private double _tokens = double.MaxValue;
        private long _filledAt = Stopwatch.GetTimestamp();

        public bool Take(int perSecond)
        {
            lock (_gate)
            {
                var tokens = Math.Min(perSecond, _tokens + (Stopwatch.GetElapsedTime(_filledAt).TotalSeconds * perSecond));
                _filledAt = Stopwatch.GetTimestamp();
                _tokens = tokens >= 1 ? tokens - 1 : tokens;
                return tokens >= 1;
            }
        }
    }
}
