using System.Globalization;
using Millrace.Kernel.Errors;

namespace Millrace.Kernel.Postgres;

/// <summary>
/// The running server's <c>postmaster.pid</c>: process id in line 1, state in line 8.
/// Whoever calls this holds the data directory's lock, so a server found here has lost the Millrace that started it.
/// </summary>
internal sealed class PostmasterPid(string clusterPath, string socketFolder)
{
    private static readonly TimeSpan PatienceWithFastShutdown = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan PatienceWithImmediateShutdown = TimeSpan.FromSeconds(5);

    private string File => Path.Combine(clusterPath, "postmaster.pid");

    public bool SaysReady(int processId)
    {
        var lines = Lines();
        return lines.Length >= 8 && ProcessId(lines) == processId && lines[7].Trim() is "ready";
    }

    /// <summary>
    /// Stops the server of a killed Millrace and removes what it left. Stopped, not adopted: an adopted server would keep old
    /// settings, could not be told by the kernel of our death, and might be shutting down already because of its parent's.
    /// </summary>
    /// <returns>The process id of the stopped server, null when none ran.</returns>
    public async Task<int?> ClearAsync(TimeProvider clock, CancellationToken cancellationToken)
    {
        var processId = ProcessId(Lines());
        var stopped = processId is { } running && ServesThisCluster(running);
        if (stopped)
        {
            await StopAsync(processId!.Value, clock, cancellationToken);
        }

        // PostgreSQL only asks whether the number is in use; in containers numbers repeat, and a stranger would block the start.
        System.IO.File.Delete(File);
        System.IO.File.Delete(Path.Combine(socketFolder, $".s.PGSQL.{ServerSettings.Port}.lock"));
        System.IO.File.Delete(Path.Combine(socketFolder, $".s.PGSQL.{ServerSettings.Port}"));
        return stopped ? processId : null;
    }

    private async Task StopAsync(int processId, TimeProvider clock, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var (signal, patience) in new[]
            {
                (Signals.FastShutdown, PatienceWithFastShutdown),
                (Signals.ImmediateShutdown, PatienceWithImmediateShutdown),
                (Signals.Kill, PatienceWithImmediateShutdown),
            })
            {
                Signals.Send(processId, signal);
                if (await Eventually.TrueAsync(() => !ServesThisCluster(processId), patience, clock, cancellationToken))
                {
                    return;
                }
            }
        }
        catch (UnauthorizedAccessException e)
        {
            throw new StartupException($"A PostgreSQL server (process {processId}) of another user still runs on {clusterPath}; stop it first.", e);
        }

        throw new StartupException($"The PostgreSQL server left on {clusterPath} (process {processId}) does not stop.");
    }

    /// <summary>A postmaster's working directory is its data directory; a process that only inherited the number has another.</summary>
    private bool ServesThisCluster(int processId)
    {
        try
        {
            var folder = Directory.ResolveLinkTarget($"/proc/{processId}/cwd", returnFinalTarget: false)?.FullName;
            return string.Equals(folder, clusterPath, StringComparison.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static int? ProcessId(string[] lines) =>
        lines.Length > 0 && int.TryParse(lines[0], NumberStyles.None, CultureInfo.InvariantCulture, out var processId) ? processId : null;

    private string[] Lines()
    {
        try
        {
            return System.IO.File.ReadAllLines(File);
        }
        catch (IOException)
        {
            return [];
        }
    }
}
