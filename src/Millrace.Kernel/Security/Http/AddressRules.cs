using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Millrace.Kernel.Security.Http;

/// <summary>Which addresses users may make the server call: public ones only. Mapped, 6to4 and NAT64 forms are unwrapped and judged again.</summary>
public static class AddressRules
{
    private static readonly IPNetwork[] Blocked = [.. new[]
    {
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24",
        "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3", "::/128", "::1/128", "ff00::/8", "fe80::/10", "fec0::/10",
        "fc00::/7", "2001:db8::/32", "2001::/32", "100::/64", "64:ff9b:1::/48",
    }.Select(n => IPNetwork.Parse(n))];

    private static readonly IPNetwork SixToFour = IPNetwork.Parse("2002::/16");
    private static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");

    public static bool IsPublic(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            return IsPublic(address.MapToIPv4());
        }

        if (address.AddressFamily == AddressFamily.InterNetworkV6)
        {
            var bytes = address.GetAddressBytes();
            if (SixToFour.Contains(address) && !IsPublic(new IPAddress(bytes.AsSpan(2, 4))))
            {
                return false;
            }

            if (Nat64.Contains(address) && !IsPublic(new IPAddress(bytes.AsSpan(12, 4))))
            {
                return false;
            }

            // IPv4-compatible addresses (::a.b.c.d) are long gone, and reach nothing that is meant.
            if (bytes.AsSpan(0, 12).IndexOfAnyExcept((byte)0) < 0)
            {
                return false;
            }
        }

        return !Blocked.Any(n => n.BaseAddress.AddressFamily == address.AddressFamily && n.Contains(address));
    }

    /// <param name="rule"><c>address-or-network:port</c>.</param>
    public static bool Allows(string rule, IPAddress address, int port)
    {
        var colon = rule.LastIndexOf(':');
        if (colon < 1 || !int.TryParse(rule.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var allowedPort) || allowedPort != port)
        {
            return false;
        }

        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        var text = rule[..colon].Trim('[', ']');
        return IPNetwork.TryParse(text, out var network) ? network.Contains(plain) : IPAddress.TryParse(text, out var only) && only.Equals(plain);
    }
}
