using System.Diagnostics;
using System.Globalization;
using Millrace.Product.Tests.Commands;

namespace Millrace.Product.Tests.Crash;

/// <summary>A worker of the real binary in a process of its own, to be killed at any moment.</summary>
internal sealed class WorkerProcess : IDisposable
{
    private static readonly string Binary = CommandRun.Binary;
    private readonly Process _process;

    private WorkerProcess(Process process) => _process = process;

    public bool HasExited => _process.HasExited;

    /// <summary>How often to kill: each start of a worker is seconds of computing, so many only in long runs.</summary>
    public static int Kills(int few) => int.TryParse(Environment.GetEnvironmentVariable("MILLRACE_KILLS"), CultureInfo.InvariantCulture, out var n) ? n : few;

    public static WorkerProcess Start(IReadOnlyDictionary<string, string> environment, string log)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", $"exec \"{Binary}\" serve --urls http://127.0.0.1:0 --roles worker >>\"{log}\" 2>&1"]);
        // It lives for seconds; and it is not alone on this machine, as its garbage collector would have it.
        start.Environment["DOTNET_TieredPGO"] = "0";
        start.Environment["DOTNET_gcServer"] = "0";
        foreach (var (key, value) in environment)
        {
            start.Environment[key] = value;
        }

        return new WorkerProcess(Process.Start(start)!);
    }

    /// <summary>SIGKILL: nothing of its own can run any more.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            Kill();
        }

        _process.Dispose();
    }
}
