using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Millrace.Mail.Spam;

/// <summary>Asks SpamAssassin's daemon about a mail: protocol SPAMC/1.5, one connection per question.</summary>
/// <param name="patience">For the whole question.</param>
public sealed class SpamdClient(string host, int port, TimeSpan patience)
{
    private const int MaxAnswer = 256 * 1024;
    private const int MaxMail = 1024 * 1024;

    /// <summary>What the rules say of a mail. Bytes beyond the first megabyte are not looked at.</summary>
    /// <exception cref="SpamdException">Not reached, too slow, or no answer of the protocol.</exception>
    public async Task<SpamReport> ReportAsync(ReadOnlyMemory<byte> mail, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(patience);
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(host, port, limit.Token);
            await using var stream = client.GetStream();
            mail = mail[..Math.Min(mail.Length, MaxMail)];
            var head = string.Create(CultureInfo.InvariantCulture, $"REPORT SPAMC/1.5\r\nContent-length: {mail.Length}\r\n\r\n");
            await stream.WriteAsync(Encoding.ASCII.GetBytes(head), limit.Token);
            await stream.WriteAsync(mail, limit.Token);
            client.Client.Shutdown(SocketShutdown.Send);
            var answer = new byte[MaxAnswer];
            var length = await stream.ReadAtLeastAsync(answer, answer.Length, throwOnEndOfStream: false, limit.Token);
            return Read(Encoding.UTF8.GetString(answer, 0, length));
        }
        catch (Exception e) when (e is SocketException or IOException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            throw new SpamdException(e is OperationCanceledException ? "The spam checker did not answer in time." : "The spam checker cannot be reached.", e);
        }
    }

    /// <exception cref="SpamdException">No answer of the protocol, or a refusal.</exception>
    public static SpamReport Read(string answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        var end = answer.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        var lines = (end < 0 ? answer : answer[..end]).Split("\r\n");
        var status = lines[0].Split(' ', 3);
        if (!lines[0].StartsWith("SPAMD/", StringComparison.Ordinal) || status.Length < 3)
        {
            throw new SpamdException("The spam checker's address answers with another protocol.");
        }

        if (status[1] != "0")
        {
            throw new SpamdException($"The spam checker refuses: {status[2][..Math.Min(status[2].Length, 100)]}.");
        }

        return SpamReport.Read(
            Array.Find(lines, l => l.StartsWith("Spam:", StringComparison.OrdinalIgnoreCase)) ?? "", end < 0 ? "" : answer[(end + 4)..]);
    }
}
