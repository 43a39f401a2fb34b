using System.Runtime.InteropServices;

namespace Millrace.Kernel.Postgres;

/// <summary>POSIX signals; their names here are what PostgreSQL does on them.</summary>
internal static class Signals
{
    /// <summary>SIGINT: disconnects everyone, writes a checkpoint, ends.</summary>
    public const int FastShutdown = 2;

    /// <summary>SIGQUIT: ends at once; the next start replays the log.</summary>
    public const int ImmediateShutdown = 3;

    /// <summary>SIGKILL.</summary>
    public const int Kill = 9;

    private const int NoSuchProcess = 3;

    /// <returns>False when there is no such process.</returns>
    /// <exception cref="UnauthorizedAccessException">The process belongs to another user.</exception>
    public static bool Send(int processId, int signal)
    {
        if (SendSignal(processId, signal) == 0)
        {
            return true;
        }

        return Marshal.GetLastPInvokeError() == NoSuchProcess
            ? false
            : throw new UnauthorizedAccessException($"Process {processId} belongs to another user.");
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SendSignal(int processId, int signal);
}
