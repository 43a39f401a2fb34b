using System.Diagnostics;
using Millrace.Kernel.Postgres;

namespace Millrace.Kernel.Tests.Postgres;

/// <summary>A server on a data directory that no Millrace holds: what remains where the kernel did not pass on the host's death.</summary>
internal static class OrphanServer
{
    public static async Task<Process> StartAsync(string dataDirectory)
    {
        var user = ServiceUser.ForThisProcess();
        var cluster = Path.Combine(dataDirectory, "postgres");
        var binaries = await BinarySearch.FindAsync(new EmbeddedPostgresOptions { DataDirectory = dataDirectory }, major: null, CancellationToken.None);
        var process = Process.Start(Tool.StartInfo("setpriv", [.. user?.SetprivOptions ?? ["--nnp"], binaries.Postgres, "-D", cluster]))!;
        var pidFile = new PostmasterPid(cluster, $"{cluster}.run");
        (await Eventually.TrueAsync(() => pidFile.SaysReady(process.Id), TimeSpan.FromSeconds(30), TimeProvider.System, CancellationToken.None)).ShouldBeTrue();
        return process;
    }
}
