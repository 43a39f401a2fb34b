using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using Millrace.Kernel.Errors;

namespace Millrace.Host.Web;

/// <summary>
/// <c>Millrace:TrustedProxies</c>: addresses and networks of the proxies in front of this server, divided by commas; this machine itself when absent. Of a request
/// that comes through one, the last address in <c>X-Forwarded-For</c> that is no trusted proxy is who asks. From all others the header is not believed.
/// </summary>
internal static class TrustedProxies
{
    private const string Key = "Millrace:TrustedProxies";

    public static void UseTrustedProxies(this WebApplication app)
    {
        // No limit of hops: each has to be trusted by itself, and the header is bounded by the server's limits.
        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor, ForwardLimit = null };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var entry in (app.Configuration[Key] ?? "127.0.0.0/8, ::1").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (System.Net.IPNetwork.TryParse(entry, out var network))
            {
                options.KnownIPNetworks.Add(network);
            }
            else if (IPAddress.TryParse(entry, out var address))
            {
                options.KnownProxies.Add(address);
            }
            else
            {
                throw new StartupException($"{Key}: {entry} is neither an address nor a network such as 10.0.0.0/8.");
            }
        }

        app.UseForwardedHeaders(options);
    }
}
