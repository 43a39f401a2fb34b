using System.Diagnostics;

namespace Millrace.Product.Tests.Commands;

/// <summary>The real binary in a process of its own, as an operator starts it, and what it said.</summary>
internal sealed record CommandRun(int ExitCode, string Output, string Errors)
{
    public static readonly string Binary = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "Millrace.Host", Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)), "millrace"));

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <param name="environment">Beside this process's own.</param>
    public static async Task<CommandRun> OfAsync(IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo(Binary, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var (key, value) in environment)
        {
            start.Environment[key] = value;
        }

        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }

        return new CommandRun(process.ExitCode, await output, await errors);
    }
}
