using System.Diagnostics;
using Millrace.Product.Tests.Commands;

namespace Millrace.Product.Tests.Crash;

/// <summary>A worker of the real binary in a process of its own, to be killed at any moment.</summary>
internal sealed class WorkerProcess : IDisposable
{
    private static readonly string Binary = CommandRun.Binary;
    private readonly Process _process;

    private WorkerProcess(Process process) => _process = process;

    public bool HasExited => _process.HasExited;

    public static WorkerProcess Start(IReadOnlyDictionary<string, string> environment, string log)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", $"exec \"{Binary}\" serve --urls http://127.0.0.1:0 --roles worker >>\"{log}\" 2>&1"]);
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
