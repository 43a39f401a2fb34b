using System.Net;
using System.Net.Sockets;
using Millrace.Kernel.Errors;

namespace Millrace.Host.Commands;

/// <summary>Looks whether the address is free before anything else is started, so that the answer is one line and nothing has to be undone.</summary>
internal static class ListeningAddress
{
    /// <exception cref="StartupException">Another program listens there.</exception>
    public static void Check(string urls)
    {
        foreach (var url in urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var address = BindingAddress.Parse(url);
            if (address.Port == 0 || !IPAddress.TryParse(address.Host is "localhost" ? "127.0.0.1" : address.Host, out var host))
            {
                continue;
            }

            using var probe = new TcpListener(host, address.Port);
            try
            {
                probe.Start();
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                throw new StartupException($"{url} is in use by another program; stop that or choose another address with --urls http://127.0.0.1:PORT.", e);
            }
        }
    }
}
