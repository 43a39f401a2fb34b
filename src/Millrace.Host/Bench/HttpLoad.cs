using System.Net;
using System.Net.Sockets;

namespace Millrace.Host.Bench;

/// <summary>A lean HTTP/1.1 load: keep-alive connections that send ready-made requests and read each answer to its end before the next.</summary>
internal static class HttpLoad
{
    /// <param name="requests">Complete requests as bytes; connection n sends every n-th.</param>
    /// <returns>Seconds from the first request to the last answer.</returns>
    public static async Task<double> RunAsync(IPEndPoint server, IReadOnlyList<byte[]> requests, int connections, CancellationToken cancellationToken)
    {
        var sockets = new List<Socket>();
        try
        {
            for (var i = 0; i < connections; i++)
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await socket.ConnectAsync(server, cancellationToken);
                sockets.Add(socket);
            }

            var started = System.Diagnostics.Stopwatch.GetTimestamp();
            await Task.WhenAll(sockets.Select((socket, index) => Task.Run(() => SendAsync(socket, requests, index, connections, cancellationToken), cancellationToken)));
            return System.Diagnostics.Stopwatch.GetElapsedTime(started).TotalSeconds;
        }
        finally
        {
            sockets.ForEach(static s => s.Dispose());
        }
    }

    private static async Task SendAsync(Socket socket, IReadOnlyList<byte[]> requests, int first, int step, CancellationToken cancellationToken)
    {
        var buffer = new byte[16 * 1024];
        for (var i = first; i < requests.Count; i += step)
        {
            await socket.SendAsync(requests[i], cancellationToken);
            var (filled, end) = (0, -1);
            while (end < 0 || filled < end)
            {
                var read = await socket.ReceiveAsync(buffer.AsMemory(filled), cancellationToken);
                if (read == 0)
                {
                    throw new IOException("The server closed the connection in the middle of an answer.");
                }

                filled += read;
                end = end < 0 ? EndOf(buffer.AsSpan(0, filled)) : end;
            }

            if (buffer[9] is not ((byte)'2' or (byte)'3'))
            {
                throw new IOException("The server refused: " + System.Text.Encoding.ASCII.GetString(buffer, 0, Math.Min(filled, 400)));
            }
        }
    }

    // Length of the answer once its head is complete, else -1. Answers are short: either Content-Length or one small chunked body.
    private static int EndOf(ReadOnlySpan<byte> answer)
    {
        var head = answer.IndexOf("\r\n\r\n"u8);
        if (head < 0)
        {
            return -1;
        }

        var at = answer[..head].IndexOf("Content-Length: "u8);
        if (at >= 0)
        {
            var digits = answer[(at + 16)..];
            return head + 4 + int.Parse(digits[..digits.IndexOf((byte)'\r')], System.Globalization.CultureInfo.InvariantCulture);
        }

        var last = answer[head..].IndexOf("\r\n0\r\n\r\n"u8);
        return last < 0 ? -1 : head + last + 7;
    }
}
