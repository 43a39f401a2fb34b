using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;
using Millrace.Kernel.Errors;

namespace Millrace.Kernel.Security.Http;

/// <summary>
/// The only road to addresses that users give. https (http where the operator allows it), ports 443 and 8443 (80), no user-info, no proxy,
/// no cookies, no redirects; every address of the name must be public, and the connection goes to the very address that was checked.
/// </summary>
public sealed class SafeHttp(IOptions<SafeHttpOptions> options) : IDisposable
{
    private const int MaxUrl = 2_048;
    private readonly HttpMessageInvoker _client = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        AutomaticDecompression = DecompressionMethods.None,
        ConnectTimeout = TimeSpan.FromSeconds(5),
        PooledConnectionLifetime = TimeSpan.FromSeconds(60),
        MaxResponseHeadersLength = 16,
        ConnectCallback = (context, cancellationToken) => ConnectAsync(options.Value, context.DnsEndPoint, cancellationToken),
    });

    /// <summary>Judges a URL before anything is called.</summary>
    /// <exception cref="InvalidInputException">422 <c>url_not_allowed</c> at <paramref name="path"/>.</exception>
    public Uri Check(string url, string path)
    {
        if (Reason(url) is { } reason)
        {
            throw new InvalidInputException(path, "url_not_allowed", reason);
        }

        return new Uri(url, UriKind.Absolute);
    }

    /// <summary>Why the URL may not be called; null when it may, as far as can be told without looking its name up.</summary>
    public string? Reason(string url)
    {
        if (url.Length > MaxUrl || url.Any(c => c is '\\' or <= ' ' or >= '\x7f'))
        {
            return $"A URL has at most {MaxUrl} characters, all of them printable ASCII.";
        }

        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || !url.Contains("://", StringComparison.Ordinal) || uri.IdnHost.Length == 0)
        {
            return "This is not an absolute URL.";
        }

        if (uri.Scheme != Uri.UriSchemeHttps && !(uri.Scheme == Uri.UriSchemeHttp && options.Value.AllowHttp))
        {
            return options.Value.AllowHttp ? "Only https and http are called." : "Only https is called.";
        }

        if (uri.UserInfo.Length > 0)
        {
            return "A URL with a user name or password is not called.";
        }

        var literal = IPAddress.TryParse(uri.IdnHost.Trim('[', ']'), out var address) ? address : null;
        if (literal is not null && options.Value.Allowed.Any(rule => AddressRules.Allows(rule, literal, uri.Port)))
        {
            return null;
        }

        if (literal is not null && !AddressRules.IsPublic(literal))
        {
            return "This address is not public.";
        }

        if (uri.IdnHost.TrimEnd('.') is "localhost" || uri.IdnHost.TrimEnd('.').EndsWith(".localhost", StringComparison.OrdinalIgnoreCase))
        {
            return "This address is not public.";
        }

        return uri.Port is 443 or 8443 || (uri.Port == 80 && options.Value.AllowHttp) || options.Value.Allowed.Any(r => r.EndsWith($":{uri.Port}", StringComparison.Ordinal))
            ? null
            : "Only the ports 443 and 8443 are called.";
    }

    /// <summary>Sends one request. The body of the answer is read by the caller, within his limit.</summary>
    /// <exception cref="HttpRequestException">Not reached; the message <c>address_blocked</c> when the name leads to a private address.</exception>
    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => _client.SendAsync(request, cancellationToken);

    /// <summary>Reads at most <paramref name="limit"/> bytes of an answer as text; more is cut off.</summary>
    public static async Task<string> ReadTextAsync(HttpResponseMessage response, int limit, CancellationToken cancellationToken)
    {
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        var bytes = new byte[limit];
        var read = await body.ReadAtLeastAsync(bytes, limit, throwOnEndOfStream: false, cancellationToken);
        return System.Text.Encoding.UTF8.GetString(bytes, 0, read).Replace('\0', ' ');
    }

    public void Dispose() => _client.Dispose();

    private static async ValueTask<Stream> ConnectAsync(SafeHttpOptions options, DnsEndPoint endPoint, CancellationToken cancellationToken)
    {
        var addresses = await Dns.GetHostAddressesAsync(endPoint.Host, cancellationToken);
        if (addresses.Length == 0 || !Array.TrueForAll(addresses, a => AddressRules.IsPublic(a) || options.Allowed.Any(r => AddressRules.Allows(r, a, endPoint.Port))))
        {
            throw new HttpRequestException("address_blocked");
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, endPoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
