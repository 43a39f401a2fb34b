using System.Security.Cryptography;
using System.Text;

namespace Millrace.Kernel.Postgres;

/// <summary>The private folder (0700) of the server's Unix socket: <c>run</c> beside the database, or a short one when that path is too long.</summary>
internal static class SocketFolder
{
    /// <summary>Size of <c>sockaddr_un.sun_path</c> without its final zero.</summary>
    public const int LongestSocketPath = 107;

    public static async Task<string> PrepareAsync(ClusterDirectory cluster, ServiceUser? user, CancellationToken cancellationToken)
    {
        var folder = Choose(cluster.Path, user);
        FolderMode.CreatePrivate(folder);
        if (user is not null)
        {
            await user.TakeOverAsync(folder, cancellationToken);
        }

        // In a folder others may write, somebody else could have been first: then it is not ours and this throws.
        FolderMode.MakePrivate(folder);
        return folder;
    }

    internal static string Choose(string clusterPath, ServiceUser? user)
    {
        var beside = $"{clusterPath}.run";
        if (Fits(beside))
        {
            return beside;
        }

        var name = $"millrace-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(clusterPath)))[..12]}";
        var runtime = Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR");
        string[] roots = user is not null ? ["/run"] : [.. Directory.Exists(runtime) ? [runtime] : Array.Empty<string>(), "/tmp"];
        return roots.Select(root => Path.Combine(root, name)).First(Fits);
    }

    private static bool Fits(string folder) => Encoding.UTF8.GetByteCount($"{folder}/.s.PGSQL.{ServerSettings.Port}") <= LongestSocketPath;
}
