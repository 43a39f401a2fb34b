using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace Millrace.Messaging.Tracking.Quality;

/// <summary>Networks from which only machines look at mails and follow links. A search takes some nanoseconds, however many there are.</summary>
internal sealed class MachineNetworks(IOptions<TrackingOptions> options)
{
    /// <summary>Mail filters that look at every link: the networks their makers publish for their own servers.</summary>
    private static readonly string[] BuiltIn =
    [
        // Barracuda
        "64.235.144.0/20", "209.222.80.0/21",
        // Mimecast
        "170.10.128.0/20", "205.139.110.0/23", "207.211.30.0/23", "207.211.31.0/24", "91.220.42.0/24", "195.130.217.0/24", "185.58.84.0/22",
        // Proofpoint
        "67.231.144.0/20", "148.163.128.0/19", "205.220.160.0/19", "185.132.180.0/22", "185.183.28.0/22", "91.209.104.0/24", "208.84.64.0/22", "208.86.200.0/22",
        // Symantec (MessageLabs)
        "67.219.240.0/20", "85.158.136.0/21", "95.131.104.0/21", "193.109.254.0/23", "194.106.220.0/23", "195.245.230.0/23", "216.82.240.0/20",
        // Cisco (IronPort)
        "68.232.128.0/19", "184.94.240.0/20", "207.54.64.0/19", "216.71.128.0/19",
    ];

    private readonly (UInt128 First, UInt128 Last)[] _ranges = Read(options.Value.MachineNetworks);

    public bool Contains(IPAddress? address)
    {
        if (address is null)
        {
            return false;
        }

        var number = Number(address);
        var (low, high) = (0, _ranges.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (number < _ranges[middle].First)
            {
                high = middle - 1;
            }
            else if (number > _ranges[middle].Last)
            {
                low = middle + 1;
            }
            else
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The built-in networks and those of a file, in order, none within another.</summary>
    /// <exception cref="FormatException">A line is no network.</exception>
    public static (UInt128 First, UInt128 Last)[] Read(string? file)
    {
        var ranges = new List<(UInt128 First, UInt128 Last)>(BuiltIn.Select(Range));
        var no = 0;
        foreach (var line in file is null ? [] : File.ReadLines(file))
        {
            no++;
            var text = line.Split('#')[0].Trim();
            if (text.Length > 0)
            {
                ranges.Add(TryRange(text) ?? throw new FormatException($"Line {no} of {file} is no network: {text}"));
            }
        }

        var merged = new List<(UInt128 First, UInt128 Last)>();
        foreach (var range in ranges.Order())
        {
            if (merged.Count > 0 && range.First <= merged[^1].Last)
            {
                merged[^1] = (merged[^1].First, UInt128.Max(merged[^1].Last, range.Last));
            }
            else
            {
                merged.Add(range);
            }
        }

        return [.. merged];
    }

    private static (UInt128, UInt128) Range(string text) => TryRange(text)!.Value;

    private static (UInt128, UInt128)? TryRange(string text)
    {
        if (IPAddress.TryParse(text, out var one))
        {
            return (Number(one), Number(one));
        }

        if (!IPNetwork.TryParse(text, out var network))
        {
            return null;
        }

        var bits = (network.BaseAddress.AddressFamily == AddressFamily.InterNetwork ? 32 : 128) - network.PrefixLength;
        var first = Number(network.BaseAddress);
        return (first, bits == 128 ? UInt128.MaxValue : first + (UInt128.One << bits) - 1);
    }

    /// <summary>IPv4 as IPv6 writes it, so that there is one order.</summary>
    private static UInt128 Number(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.MapToIPv6().TryWriteBytes(bytes, out _);
        return BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }
}
