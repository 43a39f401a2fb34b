using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace Millrace.Mail.Dns;

/// <summary>Questions and answers on the wire (RFC 1035), as far as a stub resolver needs them. Everything read is foreign: bounds are checked, loops end.</summary>
internal static class DnsPacket
{
    /// <summary>What we take over UDP without fragments (the size agreed on in 2020).</summary>
    public const int UdpSize = 1_232;

    private const int HeaderLength = 12;
    private const int MaxRecords = 256;

    /// <summary>A recursive question with the size we take (EDNS). Null when the name cannot be asked for.</summary>
    public static byte[]? Question(ushort id, string name, DnsType type)
    {
        var labels = name.Split('.');
        if (name.Length is 0 or > 253 || labels.Any(l => l.Length is 0 or > 63 || !Ascii.IsValid(l)))
        {
            return null;
        }

        var packet = new byte[HeaderLength + name.Length + 2 + 4 + 11];
        BinaryPrimitives.WriteUInt16BigEndian(packet, id);
        packet[2] = 0x01; // recursion desired
        packet[5] = 1; // one question
        packet[11] = 1; // one additional: EDNS
        var at = HeaderLength;
        foreach (var label in labels)
        {
            packet[at++] = (byte)label.Length;
            at += Encoding.ASCII.GetBytes(label, packet.AsSpan(at));
        }

        packet[at++] = 0;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(at), (ushort)type);
        packet[at + 3] = 1; // class IN
        at += 4;
        packet[at + 2] = 41; // OPT, at the root
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(at + 3), UdpSize);
        return packet;
    }

    /// <summary>Whether the packet answers this question; anybody can send us packets.</summary>
    public static bool Answers(ReadOnlySpan<byte> packet, ReadOnlySpan<byte> question)
    {
        var asked = question[HeaderLength..^11];
        return packet.Length >= HeaderLength + asked.Length
            && packet[..2].SequenceEqual(question[..2])
            && (packet[2] & 0x80) != 0
            && packet[4] == 0 && packet[5] == 1
            && Ascii.EqualsIgnoreCase(packet.Slice(HeaderLength, asked.Length), asked);
    }

    public static bool IsTruncated(ReadOnlySpan<byte> packet) => (packet[2] & 0x02) != 0;

    /// <summary>Null when the packet is damaged or the server refused or failed: another may know.</summary>
    public static DnsAnswer? Read(ReadOnlySpan<byte> packet, ReadOnlySpan<byte> question, DnsType type)
    {
        var code = packet[3] & 0x0F;
        if (code is not (0 or 3))
        {
            return null;
        }

        var at = question.Length - 11;
        int count = BinaryPrimitives.ReadUInt16BigEndian(packet[6..]);
        var records = new List<(int Order, string Value)>();
        var aliases = new List<string>();
        for (var i = 0; i < Math.Min(count, MaxRecords); i++)
        {
            if (!SkipName(packet, ref at) || at + 10 > packet.Length)
            {
                return null;
            }

            var kind = (DnsType)BinaryPrimitives.ReadUInt16BigEndian(packet[at..]);
            var length = BinaryPrimitives.ReadUInt16BigEndian(packet[(at + 8)..]);
            at += 10;
            if (at + length > packet.Length)
            {
                return null;
            }

            if (kind == type && Value(packet, at, length, kind) is { } record)
            {
                records.Add(record);
            }
            else if (kind == DnsType.Cname && Name(packet, at) is { } alias)
            {
                aliases.Add(alias);
            }

            at += length;
        }

        var status = records.Count > 0 ? DnsStatus.Found : code == 3 ? DnsStatus.NameError : DnsStatus.NoData;
        return new(status, [.. records.OrderBy(r => r.Order).Select(r => r.Value)], aliases);
    }

    private static (int Order, string Value)? Value(ReadOnlySpan<byte> packet, int at, int length, DnsType type)
    {
        var data = packet.Slice(at, length);
        return type switch
        {
            DnsType.A when length == 4 => (0, new IPAddress(data).ToString()),
            DnsType.Aaaa when length == 16 => (0, new IPAddress(data).ToString()),
            DnsType.Cname when Name(packet, at) is { } name => (0, name),
            DnsType.Mx when length > 2 && Name(packet, at + 2) is { } host => (BinaryPrimitives.ReadUInt16BigEndian(data), host),
            DnsType.Txt => (0, Strings(data)),
            _ => null,
        };
    }

    private static string Strings(ReadOnlySpan<byte> data)
    {
        var text = new StringBuilder();
        for (var at = 0; at < data.Length;)
        {
            var length = Math.Min(data[at], data.Length - at - 1);
            text.Append(Encoding.Latin1.GetString(data.Slice(at + 1, length)));
            at += length + 1;
        }

        return text.ToString();
    }

    private static string? Name(ReadOnlySpan<byte> packet, int at)
    {
        var name = new StringBuilder();
        for (var jumps = 0; at < packet.Length && jumps < 16 && name.Length <= 255;)
        {
            int length = packet[at];
            if (length == 0)
            {
                return name.ToString().ToLowerInvariant();
            }

            if (length >= 0xC0)
            {
                if (at + 1 >= packet.Length)
                {
                    return null;
                }

                at = ((length & 0x3F) << 8) | packet[at + 1];
                jumps++;
                continue;
            }

            if (length > 63 || at + 1 + length > packet.Length)
            {
                return null;
            }

            name.Append(name.Length > 0 ? "." : "").Append(Encoding.Latin1.GetString(packet.Slice(at + 1, length)));
            at += length + 1;
        }

        return null;
    }

    private static bool SkipName(ReadOnlySpan<byte> packet, ref int at)
    {
        while (at < packet.Length)
        {
            int length = packet[at];
            if (length == 0)
            {
                at++;
                return true;
            }

            if (length >= 0xC0)
            {
                at += 2;
                return at <= packet.Length;
            }

            at += length + 1;
        }

        return false;
    }
}
