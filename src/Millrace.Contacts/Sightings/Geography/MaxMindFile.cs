using System.Collections.Concurrent;
using Millrace.Contacts.Contracts;

namespace Millrace.Contacts.Sightings.Geography;

/// <summary>
/// A MaxMind DB (.mmdb) of countries or cities: GeoLite2, GeoIP2, DB-IP and others of the same shape. First a binary tree over the bits of the address, then the
/// data, at the end what the file says of itself. Places are read once and kept: many addresses share one.
/// </summary>
internal sealed class MaxMindFile : PlaceFile
{
    private const int MaxKept = 50_000;
    private const int SeparatorSize = 16;
    private const int MetadataAtMost = 128 * 1024;
    private static readonly string[] CityTypes = ["City", "Enterprise", "Insights"];
    private static readonly byte[] Marker = [0xAB, 0xCD, 0xEF, .. "MaxMind.com"u8];

    private readonly byte[] _bytes;
    private readonly long _nodes;
    private readonly int _nodeSize;
    private readonly bool _isFor6;
    private readonly long _first4;
    private readonly MaxMindData _data;
    private readonly ConcurrentDictionary<long, Place?> _places = new();

    private MaxMindFile(byte[] bytes, Dictionary<string, object?> about, int dataEnd)
    {
        _bytes = bytes;
        _nodes = Number(about, "node_count") is { } n and > 0 and < uint.MaxValue ? (long)n : throw new InvalidDataException("it does not say how large its tree is");
        _nodeSize = Number(about, "record_size") switch
        {
            24 => 6,
            28 => 7,
            32 => 8,
            _ => throw new InvalidDataException("its records are neither 24, 28 nor 32 bits long"),
        };
        _isFor6 = Number(about, "ip_version") == 6;
        var treeSize = _nodes * _nodeSize;
        if (treeSize + SeparatorSize > dataEnd)
        {
            throw new InvalidDataException("it is cut short: its tree is longer than the file");
        }

        _data = new MaxMindData(bytes, (int)treeSize + SeparatorSize, dataEnd);
        var type = about.GetValueOrDefault("database_type") as string ?? string.Empty;
        HasCities = CityTypes.Any(t => type.Contains(t, StringComparison.OrdinalIgnoreCase));
        if (!HasCities && !type.Contains("Country", StringComparison.OrdinalIgnoreCase))
        {
            throw new InvalidDataException($"it holds neither countries nor cities but {(type.Length is 0 or > 60 || type.Any(char.IsControl) ? "something else" : type)}");
        }

        // IPv4 lies below ::/96 in trees for both.
        for (var bit = 0; _isFor6 && bit < 96 && _first4 < _nodes; bit++)
        {
            _first4 = Next(_first4, right: false);
        }
    }

    public override string Holds => $"{(HasCities ? "cities" : "countries")}, {(_isFor6 ? "IPv4 and IPv6" : "IPv4")}";

    public override bool HasCities { get; }

    /// <returns>Null when it is no such file.</returns>
    /// <exception cref="InvalidDataException">It is one, but broken or not of places.</exception>
    public static MaxMindFile? TryOpen(byte[] bytes)
    {
        var searched = Math.Max(0, bytes.Length - MetadataAtMost);
        var found = bytes.AsSpan(searched).LastIndexOf(Marker);
        if (found < 0)
        {
            return null;
        }

        var at = searched + found + Marker.Length;
        var about = new MaxMindData(bytes, at, bytes.Length).Read(0) as Dictionary<string, object?> ?? throw new InvalidDataException("its description is broken");
        return Number(about, "binary_format_major_version") == 2
            ? new MaxMindFile(bytes, about, searched + found)
            : throw new InvalidDataException("it is not of version 2 of the MaxMind DB format");
    }

    public override Place? Find(ReadOnlySpan<byte> address)
    {
        var is4 = address.Length == 4;
        if (!is4 && !_isFor6)
        {
            return null;
        }

        var node = is4 ? _first4 : 0;
        for (var bit = 0; bit < address.Length * 8 && node < _nodes; bit++)
        {
            node = Next(node, BitAt(address, bit));
        }

        // The number of nodes itself means "nothing known"; a node after the last bit is a fault of the file.
        return node > _nodes ? PlaceAt(node - _nodes - SeparatorSize) : null;
    }

    private Place? PlaceAt(long offset)
    {
        if (_places.TryGetValue(offset, out var known))
        {
            return known;
        }

        if (_places.Count >= MaxKept)
        {
            _places.Clear();
        }

        return _places[offset] = Read(offset);
    }

    private Place? Read(long offset)
    {
        try
        {
            return MaxMindPlace.Of(_data.Read(offset));
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    private long Next(long node, bool right)
    {
        var record = _bytes.AsSpan((int)(node * _nodeSize), _nodeSize);
        return _nodeSize switch
        {
            6 => BigEndian(record.Slice(right ? 3 : 0, 3)),
            // The four bits in the middle are the highest of both: the upper half of the left one.
            7 => right ? ((uint)(record[3] & 0x0F) << 24) | BigEndian(record[4..]) : ((uint)(record[3] >> 4) << 24) | BigEndian(record[..3]),
            _ => BigEndian(record.Slice(right ? 4 : 0, 4)),
        };
    }

    private static ulong? Number(Dictionary<string, object?> map, string key) => map.GetValueOrDefault(key) as ulong?;
}
