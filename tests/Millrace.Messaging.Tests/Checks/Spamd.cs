using System.Diagnostics;
using System.Net.Sockets;

namespace Millrace.Messaging.Tests.Checks;

/// <summary>SpamAssassin's real daemon with its local rules; Debian's package <c>spamd</c>, which <c>bin/test</c> installs.</summary>
public sealed class Spamd : IDisposable
{
    private readonly Process _process;
    private readonly string _home;

    private Spamd(Process process, int port, string home) => (_process, Port, _home) = (process, port, home);

    public int Port { get; }

    /// <summary>Starts it without waiting: the product starts meanwhile.</summary>
    public static Spamd Start()
    {
        var (port, home) = (PersonalProduct.FreePort(), Directory.CreateTempSubdirectory("millrace-spamd-").FullName);
        var start = new ProcessStartInfo("/usr/sbin/spamd") { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var argument in new[]
        {
            "--local", "--nouser-config", "--listen", FormattableString.Invariant($"127.0.0.1:{port}"), "--max-children", "1", "--min-children", "1", "--max-spare", "1",
            "--min-spare", "1", "--syslog", "null", "--pidfile", Path.Combine(home, "pid"), "--helper-home-dir=" + home,
        })
        {
            start.ArgumentList.Add(argument);
        }

        var process = Process.Start(start)!;
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return new(process, port, home);
    }

    /// <summary>Returns when it takes connections.</summary>
    public Task ReadyAsync() => TestKit.Product.EventuallyAsync(
        async () =>
        {
            if (_process.HasExited)
            {
                throw new InvalidOperationException($"spamd ended with {_process.ExitCode}.");
            }

            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync("127.0.0.1", Port);
                return true;
            }
            catch (SocketException)
            {
                return false;
            }
        },
        "spamd listens",
        60);

    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit(5_000);
        _process.Dispose();
        Directory.Delete(_home, recursive: true);
    }
}
