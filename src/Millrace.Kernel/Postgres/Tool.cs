using System.Diagnostics;
using Millrace.Kernel.Errors;

namespace Millrace.Kernel.Postgres;

/// <summary>Runs a short command to its end, in a clean environment: no <c>PG...</c> variable of the caller changes what it does.</summary>
internal static class Tool
{
    internal sealed record Result(string Command, int ExitCode, string Output)
    {
        public Result EnsureSuccess() => ExitCode == 0 ? this : throw new StartupException($"{Command} failed: {LastLine}");

        private string LastLine => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault() ?? $"exit code {ExitCode}";
    }

    public static async Task<Result> RunAsync(string command, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        using var process = Start(command, arguments);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var errors = process.StandardError.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return new Result(Path.GetFileName(command), process.ExitCode, await output + await errors);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    /// <summary>Becomes the given user first, when there is one.</summary>
    public static Task<Result> RunAsync(ServiceUser? user, string command, IEnumerable<string> arguments, CancellationToken cancellationToken) =>
        user is null
            ? RunAsync(command, arguments, cancellationToken)
            : RunAsync("setpriv", [.. user.SetprivOptions, command, .. arguments], cancellationToken);

    public static ProcessStartInfo StartInfo(string command, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(command, arguments) { UseShellExecute = false, WorkingDirectory = "/" };
        start.Environment.Clear();
        start.Environment["PATH"] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
        start.Environment["LC_ALL"] = "C.UTF-8";
        start.Environment["TZ"] = "UTC";
        return start;
    }

    private static Process Start(string command, IEnumerable<string> arguments)
    {
        var start = StartInfo(command, arguments);
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new StartupException($"Cannot run {command}: {e.Message}", e);
        }
    }
}
