using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Millrace.TestKit;

/// <summary>A little name server on loopback, over UDP and TCP, that knows what a test tells it. It can lie, be silent or cut answers short.</summary>
public sealed class DnsServer : IAsyncDisposable
{
    private readonly ConcurrentDictionary<(string Name, int Type), string[]> _records = new();
    private readonly ConcurrentDictionary<string, bool> _silent = new(StringComparer.OrdinalIgnoreCase);
    private readonly CancellationTokenSource _stop = new();
    private readonly Socket _udp = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly TcpListener _tcp;
    private readonly Task[] _loops;

    private DnsServer()
    {
        _udp.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _tcp = new TcpListener(IPAddress.Loopback, Port);
        _tcp.Start();
        _loops = [Task.Run(UdpAsync), Task.Run(TcpAsync)];
    }

    public int Port => ((IPEndPoint)_udp.LocalEndPoint!).Port;

    public IPEndPoint EndPoint => new(IPAddress.Loopback, Port);

    /// <summary>Questions that came over TCP.</summary>
    public int OverTcp { get; private set; }

    /// <summary>Sends an answer under a wrong id before each right one, as a forger would.</summary>
    public bool Forges { get; set; }

    public static DnsServer Start() => new();

    /// <summary>TXT as its text, MX as <c>10 host</c>, CNAME as the host, A as the address.</summary>
    public DnsServer With(string name, string type, params string[] values)
    {
        _records[(name.ToLowerInvariant(), Number(type))] = values;
        return this;
    }

    public DnsServer Without(string name, string type)
    {
        _records.TryRemove((name.ToLowerInvariant(), Number(type)), out _);
        return this;
    }

    /// <summary>Never answers for the name, or does again.</summary>
    public DnsServer Silent(string name, bool silent = true)
    {
        _silent[name] = silent;
        return this;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _udp.Dispose();
        _tcp.Stop();
        await Task.WhenAll(_loops);
        _stop.Dispose();
    }

    private async Task UdpAsync()
    {
        var buffer = new byte[4_096];
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var from = await _udp.ReceiveFromAsync(buffer, SocketFlags.None, new IPEndPoint(IPAddress.Any, 0), _stop.Token);
                if (Answer(buffer.AsSpan(0, from.ReceivedBytes)) is not { } answer)
                {
                    continue;
                }

                if (Forges)
                {
                    var forged = (byte[])answer.Clone();
                    forged[0] ^= 0xFF;
                    await _udp.SendToAsync(forged, SocketFlags.None, from.RemoteEndPoint, _stop.Token);
                }

                await _udp.SendToAsync(answer.Length > 1_232 ? Truncated(answer) : answer, SocketFlags.None, from.RemoteEndPoint, _stop.Token);
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // The other side is gone, or we are.
            }
        }
    }

    private async Task TcpAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                using var client = await _tcp.AcceptTcpClientAsync(_stop.Token);
                var stream = client.GetStream();
                var size = new byte[2];
                await stream.ReadExactlyAsync(size, _stop.Token);
                var question = new byte[BinaryPrimitives.ReadUInt16BigEndian(size)];
                await stream.ReadExactlyAsync(question, _stop.Token);
                OverTcp++;
                var answer = Answer(question) ?? [];
                BinaryPrimitives.WriteUInt16BigEndian(size, (ushort)answer.Length);
                await stream.WriteAsync(size, _stop.Token);
                await stream.WriteAsync(answer, _stop.Token);
            }
            catch (Exception e) when (e is SocketException or IOException or OperationCanceledException or ObjectDisposedException)
            {
                // As above.
            }
        }
    }

    private byte[]? Answer(ReadOnlySpan<byte> question)
    {
        var name = new StringBuilder();
        var at = 12;
        while (question[at] != 0)
        {
            name.Append(name.Length > 0 ? "." : "").Append(Encoding.ASCII.GetString(question.Slice(at + 1, question[at])));
            at += question[at] + 1;
        }

        var asked = name.ToString().ToLowerInvariant();
        if (_silent.GetValueOrDefault(asked))
        {
            return null;
        }

        int type = BinaryPrimitives.ReadUInt16BigEndian(question[(at + 1)..]);
        var records = new List<(string Name, int Type, string Value)>();
        var target = asked;
        for (var hops = 0; hops < 5 && _records.TryGetValue((target, Number("CNAME")), out var alias); hops++)
        {
            records.Add((target, Number("CNAME"), alias[0]));
            target = alias[0].ToLowerInvariant();
        }

        records.AddRange(_records.GetValueOrDefault((target, type), []).Select(v => (target, type, v)));
        var exists = _records.Keys.Any(k => k.Name == target || k.Name.EndsWith("." + target, StringComparison.Ordinal));
        using var packet = new MemoryStream();
        packet.Write(question[..2]);
        packet.Write([0x81, (byte)(exists ? 0x80 : 0x83), 0, 1, 0, (byte)records.Count, 0, 0, 0, 0]);
        packet.Write(question[12..(at + 5)]);
        foreach (var record in records)
        {
            Write(packet, record.Name, record.Type, Data(record.Type, record.Value));
        }

        return packet.ToArray();
    }

    private static void Write(MemoryStream packet, string name, int type, byte[] data)
    {
        packet.Write(NameBytes(name));
        packet.Write([0, (byte)type, 0, 1, 0, 0, 0, 60, (byte)(data.Length >> 8), (byte)data.Length]);
        packet.Write(data);
    }

    private static byte[] Data(int type, string value) => type switch
    {
        1 => IPAddress.Parse(value).GetAddressBytes(),
        5 => NameBytes(value),
        15 => [0, byte.Parse(value.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture), .. NameBytes(value.Split(' ')[1])],
        _ => [.. Encoding.Latin1.GetBytes(value).Chunk(255).SelectMany(c => c.Prepend((byte)c.Length))],
    };

    private static byte[] NameBytes(string name) =>
        [.. name.Split('.').SelectMany(l => Encoding.ASCII.GetBytes(l).Prepend((byte)l.Length)), 0];

    private static byte[] Truncated(byte[] answer)
    {
        var at = 12;
        while (answer[at] != 0)
        {
            at += answer[at] + 1;
        }

        var cut = answer[..(at + 5)];
        cut[2] |= 0x02;
        (cut[6], cut[7]) = (0, 0);
        return cut;
    }

    private static int Number(string type) => type switch { "A" => 1, "CNAME" => 5, "MX" => 15, _ => 16 };
}
