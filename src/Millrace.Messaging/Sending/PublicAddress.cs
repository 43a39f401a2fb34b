using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Millrace.Messaging.Contracts;

namespace Millrace.Messaging.Sending;

/// <summary>Base of the links in mails: <c>Millrace:PublicUrl</c>, or the first listening address.</summary>
internal sealed class PublicAddress(IConfiguration configuration, IServiceProvider services) : IPublicAddress
{
    /// <summary>Scheme and host, perhaps with a path; no slash at the end.</summary>
    public string Url => field ??= Find();

    private string Find()
    {
        if (configuration["Millrace:PublicUrl"] is { Length: > 0 } configured)
        {
            return configured.TrimEnd('/');
        }

        var address = services.GetService<IServer>()?.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() ?? "http://127.0.0.1:5080";
        return address.Replace("//0.0.0.0", "//127.0.0.1", StringComparison.Ordinal).Replace("//[::]", "//127.0.0.1", StringComparison.Ordinal)
            .Replace("//+", "//127.0.0.1", StringComparison.Ordinal).Replace("//*", "//127.0.0.1", StringComparison.Ordinal).TrimEnd('/');
    }
}
