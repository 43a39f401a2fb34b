using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;
using Millrace.Kernel.Security.Http;
using Millrace.Mail.Imap;
using Millrace.Mail.Smtp;

namespace Millrace.PersonalMail.Mailboxes;

/// <summary>
/// The only road to mail servers that users name: every address of the name must be public (or allowed by the operator), only ports of mail, and the connection goes to
/// the very addresses that were checked.
/// </summary>
internal sealed class MailServerDoor(IOptions<MailboxOptions> options)
{
    private static readonly int[] Ports = [25, 143, 465, 587, 993, 2525];

    public ImapClientOptions Imap => new() { Connect = ConnectAsync };

    public SmtpClientOptions Smtp => new()
    {
        Connect = ConnectAsync,
        ConnectTimeout = TimeSpan.FromSeconds(20),
        CommandTimeout = TimeSpan.FromSeconds(30),
        DataTimeout = TimeSpan.FromSeconds(60),
        BlockTimeout = TimeSpan.FromSeconds(60),
        FinalDotTimeout = TimeSpan.FromSeconds(120),
    };

    public bool MayBePlain => options.Value.AllowPlainText;

    /// <summary>Why this port is not called; null when it is.</summary>
    public string? PortProblem(int port) => Ports.Contains(port) || options.Value.Allowed.Any(r => r.EndsWith($":{port}", StringComparison.Ordinal))
        ? null : "Only the usual ports of mail servers are called: 25, 143, 465, 587, 993 and 2525.";

    private async ValueTask<Socket> ConnectAsync(string host, int port, CancellationToken cancellationToken)
    {
        if (PortProblem(port) is { } problem)
        {
            throw new IOException(problem);
        }

        var addresses = await Dns.GetHostAddressesAsync(host, cancellationToken);
        if (addresses.Length == 0 || !Array.TrueForAll(addresses, a => AddressRules.IsPublic(a) || options.Value.Allowed.Any(r => AddressRules.Allows(r, a, port))))
        {
            throw new IOException("This name does not lead to a public address.");
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, port, cancellationToken);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
