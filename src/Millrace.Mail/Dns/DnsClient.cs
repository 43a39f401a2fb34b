using System.Buffers.Binary;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Millrace.Mail.Dns;

/// <summary>
/// Asks name servers one after the other, twice each: over UDP, and over TCP what does not fit. Nothing is cached: who asks wants to know
/// whether a record is there now. Each question has a port and an id of its own, so that answers are hard to forge.
/// </summary>
/// <param name="servers">Empty: those of the system.</param>
/// <param name="patience">For one answer of one server.</param>
public sealed class DnsClient(IReadOnlyList<IPEndPoint> servers, TimeSpan patience) : IDnsLookup
{
    private const int Rounds = 2;

    public async Task<DnsAnswer> LookUpAsync(string name, DnsType type, CancellationToken cancellationToken)
    {
        if (DnsPacket.Question((ushort)RandomNumberGenerator.GetInt32(65_536), name.TrimEnd('.'), type) is not { } question)
        {
            return new(DnsStatus.NameError, [], []);
        }

        var known = servers.Count > 0 ? servers : System;
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var server in known)
            {
                if (await AskAsync(server, question, type, cancellationToken) is { } answer)
                {
                    return answer;
                }
            }
        }

        return DnsAnswer.Unanswered;
    }

    private static IReadOnlyList<IPEndPoint> System =>
    [
        .. NetworkInterface.GetAllNetworkInterfaces().SelectMany(n => n.GetIPProperties().DnsAddresses).Distinct().Take(3).Select(a => new IPEndPoint(a, 53)),
    ];

    private async Task<DnsAnswer?> AskAsync(IPEndPoint server, byte[] question, DnsType type, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(patience);
        try
        {
            var packet = await OverUdpAsync(server, question, limit.Token);
            if (DnsPacket.IsTruncated(packet.Span))
            {
                packet = await OverTcpAsync(server, question, limit.Token);
            }

            return DnsPacket.Answers(packet.Span, question) ? DnsPacket.Read(packet.Span, question, type) : null;
        }
        catch (Exception e) when (e is SocketException or IOException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return null;
        }
    }

    private static async Task<ReadOnlyMemory<byte>> OverUdpAsync(IPEndPoint server, byte[] question, CancellationToken cancellationToken)
    {
        using var socket = new Socket(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        await socket.ConnectAsync(server, cancellationToken);
        await socket.SendAsync(question, SocketFlags.None, cancellationToken);
        var buffer = new byte[4_096];
        while (true)
        {
            var length = await socket.ReceiveAsync(buffer, SocketFlags.None, cancellationToken);
            if (DnsPacket.Answers(buffer.AsSpan(0, length), question))
            {
                return buffer.AsMemory(0, length);
            }
        }
    }

    private static async Task<ReadOnlyMemory<byte>> OverTcpAsync(IPEndPoint server, byte[] question, CancellationToken cancellationToken)
    {
        using var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(server, cancellationToken);
        await using var stream = new NetworkStream(socket);
        var framed = new byte[question.Length + 2];
        BinaryPrimitives.WriteUInt16BigEndian(framed, (ushort)question.Length);
        question.CopyTo(framed, 2);
        await stream.WriteAsync(framed, cancellationToken);
        var size = new byte[2];
        await stream.ReadExactlyAsync(size, cancellationToken);
        var packet = new byte[BinaryPrimitives.ReadUInt16BigEndian(size)];
        await stream.ReadExactlyAsync(packet, cancellationToken);
        return packet;
    }
}
