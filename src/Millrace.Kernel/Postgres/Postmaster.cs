using System.Diagnostics;
using Millrace.Kernel.Errors;

namespace Millrace.Kernel.Postgres;

/// <summary>One life of the server's main process, from start to exit.</summary>
internal sealed class Postmaster
{
    private static readonly TimeSpan PatienceWithStart = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan PatienceWithFastShutdown = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PatienceWithImmediateShutdown = TimeSpan.FromSeconds(10);

    private readonly TaskCompletionSource _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<int> _processId = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Postmaster()
    {
    }

    public int ProcessId { get; private set; }

    public Task Exited => _exited.Task;

    /// <param name="logFile">Standard output and error are appended to it.</param>
    /// <exception cref="StartupException">The server ended before it was ready; the message carries the log's last lines.</exception>
    public static async Task<Postmaster> StartAsync(
        PostgresBinaries binaries, ServiceUser? user, string clusterPath, PostmasterPid pidFile, string logFile, TimeProvider clock, CancellationToken cancellationToken)
    {
        var logBegin = File.Exists(logFile) ? new FileInfo(logFile).Length : 0;
        var server = new Postmaster();

        // The kernel sends the parent's death signal when the *thread* that forked ends, so that thread must live as long as we do:
        // one of our own which waits for the server, never one of the pool.
        new Thread(() => server.Live(binaries, user, clusterPath, logFile)) { IsBackground = true, Name = "postgres" }.Start();
        server.ProcessId = await server._processId.Task;
        try
        {
            var ready = await Eventually.TrueAsync(
                () => server.Exited.IsCompleted || pidFile.SaysReady(server.ProcessId), PatienceWithStart, clock, cancellationToken);
            if (!ready || server.Exited.IsCompleted)
            {
                var happened = ready ? "ended at once" : $"is not ready after {PatienceWithStart.TotalMinutes:0} minutes";
                throw new StartupException($"The embedded PostgreSQL {happened}: {LastLines(logFile, logBegin)} (log: {logFile})");
            }
        }
        catch
        {
            await server.StopAsync(clock);
            throw;
        }

        return server;
    }

    /// <summary>Fast shutdown; immediate when that takes longer than half a minute.</summary>
    public async Task StopAsync(TimeProvider clock)
    {
        foreach (var (signal, patience) in new[]
        {
            (Signals.FastShutdown, PatienceWithFastShutdown),
            (Signals.ImmediateShutdown, PatienceWithImmediateShutdown),
            (Signals.Kill, PatienceWithImmediateShutdown),
        })
        {
            // Not cancellable: a server left running would outlive the caller who wanted it gone.
            if (Exited.IsCompleted || !Signals.Send(ProcessId, signal)
                || await Eventually.TrueAsync(() => Exited.IsCompleted, patience, clock, CancellationToken.None))
            {
                break;
            }
        }

        await Exited.WaitAsync(PatienceWithImmediateShutdown, clock, CancellationToken.None);
    }

    private void Live(PostgresBinaries binaries, ServiceUser? user, string clusterPath, string logFile)
    {
        // sh opens the log as us; setsid keeps a terminal's Ctrl-C from the server, which must outlive our own orderly stop;
        // setpriv asks the kernel for a fast shutdown should we die. Each replaces the one before, so the id stays the same.
        string[] arguments =
        [
            "-c", """log=$1; shift; exec "$@" >>"$log" 2>&1 </dev/null""", "sh", logFile,
            "setsid", "setpriv", .. user?.SetprivOptions ?? [], "--pdeathsig", "INT",
            binaries.Postgres, "-D", clusterPath,
        ];
        try
        {
            using var process = Process.Start(Tool.StartInfo("/bin/sh", arguments))!;
            _processId.SetResult(process.Id);
            process.WaitForExit();
        }
        catch (Exception e)
        {
            _processId.TrySetException(e);
        }
        finally
        {
            _exited.SetResult();
        }
    }

    private static string LastLines(string logFile, long from)
    {
        if (!File.Exists(logFile))
        {
            return "no log was written";
        }

        using var log = new FileStream(logFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        log.Position = Math.Max(from, log.Length - 4_096);
        using var reader = new StreamReader(log);
        var lines = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return lines.Length == 0 ? "nothing in its log" : string.Join(" | ", lines.TakeLast(4));
    }
}
