using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace Millrace.TestKit;

/// <summary>Writes small MaxMind DB files: a tree without sharing, every record after the other.</summary>
/// <param name="recordSize">24, 28 or 32 bits.</param>
/// <param name="ipVersion">4, or 6 for both (IPv4 below <c>::/96</c>).</param>
public sealed class MmdbWriter(int recordSize = 28, int ipVersion = 6, string type = "Test-City")
{
    private const int Separator = 16;
    private readonly List<int[]> _nodes = [[-1, -1]];
    private readonly MemoryStream _data = new();

    /// <summary>Longer networks must come after shorter ones that contain them.</summary>
    /// <param name="record">A dictionary; strings, doubles, whole numbers, lists and dictionaries inside.</param>
    public MmdbWriter Add(string network, object record)
    {
        var offset = (int)_data.Length;
        Write(_data, record);
        return AddAt(network, offset);
    }

    /// <summary>A network whose record stands at any offset of the data, for broken files.</summary>
    public MmdbWriter AddAt(string network, int offset)
    {
        var parsed = IPNetwork.Parse(network);
        var bytes = parsed.BaseAddress.GetAddressBytes();
        var length = parsed.PrefixLength;
        if (ipVersion == 6 && bytes.Length == 4)
        {
            (bytes, length) = ([.. new byte[12], .. bytes], length + 96);
        }

        var node = 0;
        for (var bit = 0; bit < length; bit++)
        {
            var side = (bytes[bit / 8] >> (7 - (bit % 8))) & 1;
            if (bit == length - 1)
            {
                _nodes[node][side] = -2 - offset;
                break;
            }

            var next = _nodes[node][side];
            if (next < 0)
            {
                // What the wider network said goes on to hold in both halves.
                _nodes.Add([next, next]);
                _nodes[node][side] = next = _nodes.Count - 1;
            }

            node = next;
        }

        return this;
    }

    /// <summary>Appends bytes to the data as they are; returns where they begin.</summary>
    public int AddRaw(params byte[] bytes)
    {
        var offset = (int)_data.Length;
        _data.Write(bytes);
        return offset;
    }

    public byte[] ToBytes()
    {
        using var file = new MemoryStream();
        foreach (var node in _nodes)
        {
            var (left, right) = (Record(node[0]), Record(node[1]));
            switch (recordSize)
            {
                case 24:
                    file.Write([(byte)(left >> 16), (byte)(left >> 8), (byte)left, (byte)(right >> 16), (byte)(right >> 8), (byte)right]);
                    break;
                case 28:
                    file.Write(
                    [
                        (byte)(left >> 16), (byte)(left >> 8), (byte)left, (byte)(((left >> 24) << 4) | ((right >> 24) & 0x0F)),
                        (byte)(right >> 16), (byte)(right >> 8), (byte)right,
                    ]);
                    break;
                default:
                    file.Write([.. BigEndian(left), .. BigEndian(right)]);
                    break;
            }
        }

        file.Write(new byte[Separator]);
        _data.WriteTo(file);
        file.Write([0xAB, 0xCD, 0xEF, .. "MaxMind.com"u8]);
        Write(file, new Dictionary<string, object>
        {
            ["binary_format_major_version"] = 2ul,
            ["binary_format_minor_version"] = 0ul,
            ["build_epoch"] = 1_700_000_000ul,
            ["database_type"] = type,
            ["ip_version"] = (ulong)ipVersion,
            ["node_count"] = (ulong)_nodes.Count,
            ["record_size"] = (ulong)recordSize,
            ["languages"] = new List<object> { "en" },
        });
        return file.ToArray();
    }

    /// <summary>A record as GeoLite2-City has it.</summary>
    public static Dictionary<string, object> City(
        string country, string region, string city, string postal, double latitude, double longitude, string zone) => new()
        {
            ["city"] = new Dictionary<string, object> { ["geoname_id"] = 1ul, ["names"] = new Dictionary<string, object> { ["de"] = "anders", ["en"] = city } },
            ["country"] = new Dictionary<string, object> { ["iso_code"] = country, ["names"] = new Dictionary<string, object> { ["en"] = "whatever" } },
            ["location"] = new Dictionary<string, object>
            {
                ["accuracy_radius"] = 20ul,
                ["latitude"] = latitude,
                ["longitude"] = longitude,
                ["time_zone"] = zone,
            },
            ["postal"] = new Dictionary<string, object> { ["code"] = postal },
            ["subdivisions"] = new List<object> { new Dictionary<string, object> { ["iso_code"] = "XX", ["names"] = new Dictionary<string, object> { ["en"] = region } } },
        };

    private int Record(int node) => node switch { -1 => _nodes.Count, < -1 => _nodes.Count + Separator + (-2 - node), _ => node };

    private static byte[] BigEndian(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }

    private static void Write(Stream to, object value)
    {
        switch (value)
        {
            case string text:
                var utf8 = Encoding.UTF8.GetBytes(text);
                Head(to, 2, utf8.Length);
                to.Write(utf8);
                break;
            case double number:
                Head(to, 3, 8);
                to.Write(BitConverter.GetBytes(number).Reverse().ToArray());
                break;
            case ulong whole:
                var bytes = BitConverter.GetBytes(whole).Reverse().SkipWhile(b => b == 0).ToArray();
                Head(to, bytes.Length > 4 ? 9 : 6, bytes.Length);
                to.Write(bytes);
                break;
            case Dictionary<string, object> map:
                Head(to, 7, map.Count);
                foreach (var (key, inner) in map)
                {
                    Write(to, key);
                    Write(to, inner);
                }

                break;
            case List<object> list:
                Head(to, 11, list.Count);
                list.ForEach(inner => Write(to, inner));
                break;
            default:
                throw new ArgumentException($"{value.GetType()} cannot be written.", nameof(value));
        }
    }

    private static void Head(Stream to, int kind, int size)
    {
        var (low, more) = size < 29 ? (size, Array.Empty<byte>()) : size < 285 ? (29, [(byte)(size - 29)]) : (30, [(byte)((size - 285) >> 8), (byte)(size - 285)]);
        to.WriteByte((byte)((kind <= 7 ? kind << 5 : 0) | low));
        if (kind > 7)
        {
            to.WriteByte((byte)(kind - 7));
        }

        to.Write(more);
    }
}
