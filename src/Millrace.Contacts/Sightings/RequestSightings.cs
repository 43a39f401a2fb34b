using System.Net;
using Microsoft.AspNetCore.Http;
using Millrace.Contacts.Contracts;
using Millrace.Contacts.Sightings.Agents;
using Millrace.Contacts.Sightings.Geography;
using Millrace.Kernel.Security.Http;

namespace Millrace.Contacts.Sightings;

/// <inheritdoc cref="ISightings"/>
internal sealed class RequestSightings(PlaceFinder places) : ISightings
{
    public Sighting Of(HttpRequest request, bool fromMail)
    {
        var address = request.HttpContext.Connection.RemoteIpAddress is { } given && AddressRules.IsPublic(given) ? Plain(given) : null;
        return new Sighting(address?.ToString(), address is null ? null : places.Find(address), AgentReader.Read(request.Headers.UserAgent.ToString()), fromMail);
    }

    /// <summary>Without the zone of a link, and IPv4 as such.</summary>
    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
