using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Millrace.Contacts.Contracts;
using Millrace.Messaging.Tracking.Quality;

namespace Millrace.Messaging.Tracking;

/// <summary>
/// Tells people from scanners and image proxies. It marks and drops nothing: reports can count either way; whether what is marked counts as the contact's
/// doing is the account's choice, taken where it is recorded.
/// </summary>
internal sealed class MachineGuess(TimeProvider clock, MachineNetworks networks)
{
    /// <summary>Sooner after delivery than anyone reads.</summary>
    public static readonly TimeSpan TooSoon = TimeSpan.FromSeconds(2);

    /// <summary>After something followed the hidden link of a mail, it follows the others too.</summary>
    public static readonly TimeSpan AfterTrap = TimeSpan.FromMinutes(1);

    private const int ManyLinks = 3;
    private const int MaxWatched = 50_000;
    private static readonly TimeSpan Burst = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<(long, long), Watched> _recent = new();

    /// <summary>
    /// By who asks (the table of user agents), from where, and how; null for a person. A mailbox's proxy fetches pictures when the person reads; what calls
    /// itself a proxy and follows a link is something else.
    /// </summary>
    public string? Of(HttpRequest request, Sighting sighting) =>
        sighting.FromMail && sighting.Agent.Machine is Agent.Privacy ? Agent.Privacy
        : IsPrefetch(request) ? "prefetch"
        : networks.Contains(request.HttpContext.Connection.RemoteIpAddress) ? "known_network"
        : sighting.Agent.Machine switch
        {
            Agent.Proxy => null,
            Agent.Privacy => Agent.Scanner,
            var other => other,
        };

    /// <summary>True from the third different link of one send within two seconds.</summary>
    public bool IsBurst(long accountId, long sendId, int link)
    {
        if (_recent.Count > MaxWatched)
        {
            foreach (var (key, old) in _recent)
            {
                if (clock.GetElapsedTime(old.Since) > Burst)
                {
                    _recent.TryRemove(key, out _);
                }
            }
        }

        var watched = _recent.GetOrAdd((accountId, sendId), _ => new Watched(clock.GetTimestamp()));
        lock (watched)
        {
            if (clock.GetElapsedTime(watched.Since) > Burst)
            {
                watched.Since = clock.GetTimestamp();
                watched.Links.Clear();
            }

            watched.Links.Add(link);
            return watched.Links.Count >= ManyLinks;
        }
    }

    private static bool IsPrefetch(HttpRequest request) =>
        Says(request, "Purpose") || Says(request, "Sec-Purpose") || Says(request, "X-Purpose") || Says(request, "X-Moz");

    private static bool Says(HttpRequest request, string header) =>
        request.Headers.TryGetValue(header, out var value)
        && (value.ToString().Contains("prefetch", StringComparison.OrdinalIgnoreCase) || value.ToString().Contains("preview", StringComparison.OrdinalIgnoreCase));

    private sealed class Watched(long since)
    {
        public long Since { get; set; } = since;

        public HashSet<int> Links { get; } = [];
    }
}
